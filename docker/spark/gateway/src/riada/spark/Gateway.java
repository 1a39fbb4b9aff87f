package riada.spark;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * HTTPS with a bearer token:
 *
 * <pre>
 * POST   /drivers/RELEASE/JOB   submits the driver of a job with the tables of a release
 * DELETE /drivers/ID            kills a driver for good; supervision does not restart it
 * </pre>
 *
 * Answers have the fields `success`, `driver` and `message`.
 */
final class Gateway {
    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
    private static final Pattern JOB = Pattern.compile("/drivers/([0-9a-f]{12})/([0-9a-f]{12})");
    private static final Pattern DRIVER = Pattern.compile("/drivers/(driver-[0-9]{14}-[0-9]{4,9})");
    private static final int THREADS = 8;
    private static final String REQUEST_LIMIT_S = "10";

    private final byte[] expected;
    private final Drivers drivers;
    private final ObjectMapper json = new ObjectMapper();

    Gateway(String token, Drivers drivers) {
        if (token.isEmpty()) {
            throw new IllegalArgumentException("the token for submissions is empty");
        }
        this.expected = ("Bearer " + token).getBytes(StandardCharsets.UTF_8);
        this.drivers = drivers;
    }

    void start(String host, int port, SSLContext context) throws IOException {
        // Who sends nothing does not keep a thread.
        System.setProperty("sun.net.httpserver.maxReqTime", REQUEST_LIMIT_S);
        HttpsServer server = HttpsServer.create(new InetSocketAddress(host, port), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters tls = getSSLContext().getDefaultSSLParameters();
                tls.setProtocols(new String[] {"TLSv1.3"});
                parameters.setSSLParameters(tls);
            }
        });
        server.setExecutor(Executors.newFixedThreadPool(THREADS));
        server.createContext("/", this::handle);
        server.start();
        LOG.info("Submissions at https://{}:{}", host, port);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String authorization = exchange.getRequestHeaders().getFirst("Authorization");
            if (authorization == null
                    || !MessageDigest.isEqual(authorization.getBytes(StandardCharsets.UTF_8), expected)) {
                refuse(exchange, 401, "a bearer token is needed");
                return;
            }
            String method = exchange.getRequestMethod();
            String path = exchange.getRequestURI().getPath();
            Matcher job = JOB.matcher(path);
            Matcher driver = DRIVER.matcher(path);
            if (method.equals("POST") && job.matches()) {
                accept(exchange, drivers.submit(job.group(1), job.group(2)));
            } else if (method.equals("DELETE") && driver.matches()) {
                accept(exchange, drivers.kill(driver.group(1)));
            } else {
                refuse(exchange, 404, "only POST /drivers/RELEASE/JOB and DELETE /drivers/ID exist");
            }
        } catch (RuntimeException error) {
            LOG.error("{} failed", exchange.getRequestMethod(), error);
            throw error;
        }
    }

    private void accept(HttpExchange exchange, Drivers.Answer answer) throws IOException {
        log(exchange, answer.message());
        send(exchange, 200, answer);
    }

    private void refuse(HttpExchange exchange, int status, String reason) throws IOException {
        log(exchange, "refused: " + reason);
        send(exchange, status, new Drivers.Answer(false, "", reason));
    }

    private void log(HttpExchange exchange, String result) {
        // The path is encoded: it cannot begin another line.
        String path = exchange.getRequestURI().getRawPath();
        String client = exchange.getRemoteAddress().getAddress().getHostAddress();
        LOG.info("{} {} from {}: {}", exchange.getRequestMethod(), path, client, result);
    }

    private void send(HttpExchange exchange, int status, Drivers.Answer answer) throws IOException {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("success", answer.success());
        fields.put("driver", answer.driver());
        fields.put("message", answer.message());
        byte[] body = json.writeValueAsBytes(fields);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }
}
