package riada.connect;

import io.debezium.config.Configuration;
import io.debezium.connector.postgresql.PostgresConnectorConfig;
import io.debezium.connector.postgresql.connection.PostgresConnection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends of scans of tables' existing rows. Debezium skips a table that it cannot read and only logs that;
 * riada.scans has the result, so that the connector manager asks for those rows again. It counts the ends,
 * so that the end of a repair is not taken for the end of a scan of all rows.
 */
final class TableScans {
    private static final Logger LOG = LoggerFactory.getLogger(TableScans.class);
    private static final String ARRIVED = """
        UPDATE riada.scans SET ended = ended + 1, arrived_at = CASE
            WHEN ended + 1 >= expected AND scan_failure IS NULL THEN now() ELSE arrived_at END
        WHERE relation = ?
        """;
    private static final String FAILED =
        "UPDATE riada.scans SET ended = ended + 1, scan_failure = ? WHERE relation = ?";
    private static final long RETRY_MS = 5_000;

    /** `status` is a TableScanCompletionStatus of Debezium. */
    record Scan(String table, String status) {
        boolean complete() {
            return status.equals("SUCCEEDED") || status.equals("EMPTY");
        }

        /** null for a notification of another kind. */
        static Scan of(Struct notification) {
            Map<String, String> data = notification.getMap("additional_data");
            boolean end = "TABLE_SCAN_COMPLETED".equals(notification.getString("type"));
            return end ? new Scan(data.get("scanned_collection"), data.get("status")) : null;
        }
    }

    private final Configuration config;
    private final Deque<Scan> waiting = new ArrayDeque<>();
    private long retryAt;

    TableScans(Configuration config) {
        this.config = config;
    }

    void add(SourceRecord notification) {
        Scan scan = Scan.of((Struct) notification.value());
        if (scan != null) {
            waiting.add(scan);
        }
    }

    /** Writes to PostgreSQL what was added; tries again later if PostgreSQL does not answer. */
    void store() {
        if (waiting.isEmpty() || System.currentTimeMillis() < retryAt) {
            return;
        }
        PostgresConnectorConfig postgres = new PostgresConnectorConfig(config);
        try (PostgresConnection connection =
                new PostgresConnection(postgres.getJdbcConfig(), PostgresConnection.CONNECTION_GENERAL)) {
            while (!waiting.isEmpty()) {
                Scan scan = waiting.peek();
                connection.prepareUpdate(scan.complete() ? ARRIVED : FAILED, statement -> {
                    int place = 1;
                    if (!scan.complete()) {
                        statement.setString(place++, scan.status());
                    }
                    statement.setString(place, scan.table());
                });
                connection.commit();
                LOG.info("The scan of table {} ended: {}", scan.table(), scan.status());
                waiting.remove();
            }
        } catch (SQLException error) {
            LOG.warn("Cannot record in riada.scans that scans have ended: {}", error.getMessage());
            retryAt = System.currentTimeMillis() + RETRY_MS;
        }
    }
}
