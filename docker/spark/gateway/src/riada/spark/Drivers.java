package riada.spark;

import java.util.List;
import org.apache.spark.deploy.Command;
import org.apache.spark.deploy.DeployMessages;
import org.apache.spark.deploy.DriverDescription;
import org.apache.spark.rpc.RpcEndpointRef;
import scala.collection.JavaConverters;
import scala.collection.immutable.Map$;
import scala.collection.immutable.Seq;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * Submits and kills drivers of the streaming job, and of nothing else: main file, class and options are constants,
 * so a caller chooses between the jobs on the artifacts volume only.
 */
final class Drivers {
    private static final String APPLICATION = "stream-";
    private static final String JOBS = "/artifacts/jobs/";
    private static final int CORES = 1;

    private final RpcEndpointRef master;
    private final int memoryMib;

    Drivers(RpcEndpointRef master, int memoryMib) {
        this.master = master;
        this.memoryMib = memoryMib;
    }

    /** Release and job are hashes in hexadecimal digits. */
    Answer submit(String release, String job) {
        DeployMessages.SubmitDriverResponse answer =
                ask(new DeployMessages.RequestSubmitDriver(description(release, job)));
        String id = answer.driverId().isEmpty() ? "" : answer.driverId().get();
        return new Answer(answer.success(), id, answer.message());
    }

    Answer kill(String driver) {
        DeployMessages.KillDriverResponse answer = ask(new DeployMessages.RequestKillDriver(driver));
        return new Answer(answer.success(), answer.driverId(), answer.message());
    }

    /**
     * What `spark-submit --deploy-mode cluster` would send, which refuses Python on a standalone cluster: SparkSubmit
     * itself is the driver's main class. The worker's image and environment set paths, class path and endpoints.
     */
    private DriverDescription description(String release, String job) {
        String url = "spark://" + master.address().hostPort();
        String name = APPLICATION + job;
        String main = JOBS + job + "/spark/main.py";
        Seq<String> arguments = seq(List.of(
                "{{WORKER_URL}}", "{{USER_JAR}}", "org.apache.spark.deploy.SparkSubmit",
                "--master", url, "--deploy-mode", "client", "--name", name,
                main, "--release", release, "--job", job));
        Seq<String> options = seq(List.of(
                "-Dspark.master=" + url,
                "-Dspark.app.name=" + name,
                "-Dspark.submit.deployMode=cluster",
                "-Dspark.driver.supervise=true",
                "-Dspark.driver.memory=" + memoryMib + "m",
                "-Dspark.driver.cores=" + CORES,
                "-Dspark.jars="));
        Command command = new Command(
                "org.apache.spark.deploy.worker.DriverWrapper",
                arguments, Map$.MODULE$.empty(), seq(List.of()), seq(List.of()), options);
        return new DriverDescription("", memoryMib, CORES, true, command, seq(List.of()));
    }

    private static <T> Seq<T> seq(List<T> items) {
        return JavaConverters.asScalaBuffer(items).toList();
    }

    @SuppressWarnings("unchecked")
    private <T> T ask(Object request) {
        return (T) master.askSync(request, (ClassTag<Object>) (ClassTag<?>) ClassTag$.MODULE$.Any());
    }

    /** The master's answer: the id of the driver, or why there is none. */
    record Answer(boolean success, String driver, String message) {}
}
