package riada.spark;

import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.master.MasterArguments;
import org.apache.spark.rpc.RpcEndpointRef;
import org.apache.spark.rpc.RpcEnv;
import org.apache.spark.util.SparkUncaughtExceptionHandler;

/**
 * Spark's master, and in the same process the gateway for submissions. Spark's own REST server cannot ask for a
 * password, and the master refuses to start it together with spark.authenticate.secret.
 *
 * <p>Arguments: those of org.apache.spark.deploy.master.Master. Environment: SPARK_DRIVER_MEMORY_MIB, heap of the
 * streaming job's driver.
 */
public final class Master {
    private static final Path TOKEN = Path.of("/run/secrets/spark-submit");
    private static final Path CERTIFICATE = Path.of("/run/secrets/tls-spark-master");
    private static final int PORT = 6066;

    private Master() {}

    public static void main(String[] arguments) throws Exception {
        Thread.setDefaultUncaughtExceptionHandler(new SparkUncaughtExceptionHandler(true));
        String token = Files.readString(TOKEN).strip();
        int memoryMib = Integer.parseInt(System.getenv("SPARK_DRIVER_MEMORY_MIB"));
        SparkConf conf = new SparkConf();
        MasterArguments parsed = new MasterArguments(arguments, conf);
        RpcEnv rpc = org.apache.spark.deploy.master.Master.startRpcEnvAndEndpoint(
                        parsed.host(), parsed.port(), parsed.webUiPort(), conf)
                ._1();
        RpcEndpointRef master =
                rpc.setupEndpointRef(rpc.address(), org.apache.spark.deploy.master.Master.ENDPOINT_NAME());
        Drivers drivers = new Drivers(master, memoryMib);
        new Gateway(token, drivers).start(parsed.host(), PORT, new Certificate(CERTIFICATE));
        rpc.awaitTermination();
    }
}
