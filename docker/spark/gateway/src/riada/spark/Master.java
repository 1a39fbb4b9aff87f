package riada.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.master.MasterArguments;
import org.apache.spark.rpc.RpcEndpointRef;
import org.apache.spark.rpc.RpcEnv;
import org.apache.spark.util.SparkUncaughtExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Spark's master, and in the same process the gateway for submissions. Spark's own REST server cannot ask for a
 * password, and the master refuses to start it together with spark.authenticate.secret.
 *
 * <p>Arguments: those of org.apache.spark.deploy.master.Master. Environment: SPARK_DRIVER_MEMORY_MIB, heap of the
 * streaming job's driver.
 */
public final class Master {
    private static final Logger LOG = LoggerFactory.getLogger(Master.class);
    private static final Path TOKEN = Path.of("/run/secrets/spark-submit");
    private static final Path CERTIFICATE = Path.of("/run/secrets/tls-spark-master");
    private static final int PORT = 6066;

    private Master() {}

    public static void main(String[] arguments) {
        Thread.setDefaultUncaughtExceptionHandler(new SparkUncaughtExceptionHandler(false));
        try {
            run(arguments);
        } catch (Exception error) {
            // Threads of the master would keep the process alive, without its gateway.
            LOG.error("The master or its gateway cannot start", error);
            System.exit(1);
        }
    }

    private static void run(String[] arguments) throws IOException, GeneralSecurityException {
        String token = Files.readString(TOKEN).strip();
        SSLContext tls = new Certificate(CERTIFICATE).context();
        int memoryMib = Integer.parseInt(System.getenv("SPARK_DRIVER_MEMORY_MIB"));
        SparkConf conf = new SparkConf();
        MasterArguments parsed = new MasterArguments(arguments, conf);
        RpcEnv rpc = org.apache.spark.deploy.master.Master.startRpcEnvAndEndpoint(
                        parsed.host(), parsed.port(), parsed.webUiPort(), conf)
                ._1();
        RpcEndpointRef master =
                rpc.setupEndpointRef(rpc.address(), org.apache.spark.deploy.master.Master.ENDPOINT_NAME());
        Drivers drivers = new Drivers(master, memoryMib);
        new Gateway(token, drivers).start(parsed.host(), PORT, tls);
        rpc.awaitTermination();
    }
}
