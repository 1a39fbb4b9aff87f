package riada.spark;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/** A file of infra/certificates.sh: key and certificate. Each handshake reads it, so a renewal needs no restart. */
final class Certificate extends X509ExtendedKeyManager {
    private static final String ALIAS = "server";
    private static final Pattern PEM = Pattern.compile("-----BEGIN ([A-Z ]+)-----([^-]+)-----END \\1-----");

    private final Path file;

    Certificate(Path file) {
        this.file = file;
    }

    /** Throws an exception if the file is not usable. */
    SSLContext context() throws GeneralSecurityException {
        getPrivateKey(ALIAS);
        getCertificateChain(ALIAS);
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(new KeyManager[] {this}, null, null);
        return context;
    }

    private byte[] part(String wanted) {
        try {
            Matcher parts = PEM.matcher(Files.readString(file));
            while (parts.find()) {
                if (parts.group(1).equals(wanted)) {
                    return Base64.getMimeDecoder().decode(parts.group(2));
                }
            }
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
        throw new IllegalStateException(file + " has no " + wanted);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        try {
            return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(part("PRIVATE KEY")));
        } catch (GeneralSecurityException error) {
            throw new IllegalStateException(file + " has no usable key", error);
        }
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        try {
            return new X509Certificate[] {
                (X509Certificate) CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(part("CERTIFICATE")))
            };
        } catch (GeneralSecurityException error) {
            throw new IllegalStateException(file + " has no usable certificate", error);
        }
    }

    @Override
    public String chooseEngineServerAlias(String type, Principal[] issuers, SSLEngine engine) {
        return type.equals("EC") ? ALIAS : null;
    }

    @Override
    public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
        return type.equals("EC") ? ALIAS : null;
    }

    @Override
    public String[] getServerAliases(String type, Principal[] issuers) {
        return new String[] {ALIAS};
    }

    @Override
    public String[] getClientAliases(String type, Principal[] issuers) {
        return new String[0];
    }

    @Override
    public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
        return null;
    }
}
