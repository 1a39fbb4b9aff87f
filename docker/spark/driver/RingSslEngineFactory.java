package riada;

import com.datastax.oss.driver.api.core.context.DriverContext;
import com.datastax.oss.driver.api.core.metadata.EndPoint;
import com.datastax.oss.driver.api.core.ssl.SslEngineFactory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;

/**
 * Cassandra's Java driver connects by TLS 1.3 to nodes whose certificate has the ring's name, of the installation's
 * CA (contract/stores/cassandra/tls.py). The driver's own factory verifies the name of each node's address, and the
 * Spark connector switches that off. application.conf, beside this class in the jar, names it.
 */
public final class RingSslEngineFactory implements SslEngineFactory {
    private static final String NAME = "cassandra";
    private static final Path CA = Path.of("/run/secrets/ca");
    private static final String PROTOCOL = "TLSv1.3";
    /**
     * Spark's JVMs have the first compiler only (conf/java-opts), which lacks the processor's instructions for AES:
     * a core encrypts 38 MB/s by AES-GCM, and 143 by this one. Cassandra has BoringSSL.
     */
    private static final String CIPHER_SUITE = "TLS_CHACHA20_POLY1305_SHA256";

    private final SSLContext context;

    public RingSslEngineFactory(DriverContext driver) throws GeneralSecurityException, IOException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        try (InputStream certificate = Files.newInputStream(CA)) {
            trusted.setCertificateEntry("ca", CertificateFactory.getInstance("X.509").generateCertificate(certificate));
        }
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        context = SSLContext.getInstance(PROTOCOL);
        context.init(null, managers.getTrustManagers(), null);
    }

    @Override
    public SSLEngine newSslEngine(EndPoint node) {
        // The port only tells the sessions of the nodes apart.
        SSLEngine engine = context.createSSLEngine(NAME, node.asMetricPrefix().hashCode());
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(new String[] {PROTOCOL});
        parameters.setCipherSuites(new String[] {CIPHER_SUITE});
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        engine.setSSLParameters(parameters);
        return engine;
    }

    @Override
    public void close() {}
}
