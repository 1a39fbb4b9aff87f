package riada.connect;

import io.debezium.config.Configuration;
import io.debezium.connector.postgresql.PostgresConnectorConfig;
import io.debezium.connector.postgresql.connection.PostgresConnection;
import java.sql.SQLException;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;

/**
 * The state of PostgreSQL: its history, its position in it, and the replication slot. The slot's
 * fields are null if there is no slot.
 */
record Source(String systemIdentifier, String timeline, long lsn, Long confirmedLsn, String walStatus) {
    private static final String QUERY = """
        SELECT (SELECT system_identifier FROM pg_control_system())::text,
               left(pg_walfile_name(pg_current_wal_lsn()), 8),
               pg_current_wal_flush_lsn() - '0/0'::pg_lsn,
               confirmed_flush_lsn - '0/0'::pg_lsn,
               wal_status
        FROM (VALUES ('%s')) AS wanted (name) LEFT JOIN pg_replication_slots ON slot_name = name
        """;

    static Source ask(Configuration config) {
        PostgresConnectorConfig postgres = new PostgresConnectorConfig(config);
        try (PostgresConnection connection =
                new PostgresConnection(postgres.getJdbcConfig(), PostgresConnection.CONNECTION_GENERAL)) {
            return connection.queryAndMap(QUERY.formatted(postgres.slotName()), rows -> {
                rows.next();
                String status = rows.getString(5);
                return new Source(rows.getString(1), rows.getString(2), rows.getLong(3),
                    status == null ? null : rows.getLong(4), status);
            });
        } catch (SQLException error) {
            String message = "PostgreSQL: " + error.getMessage();
            throw passes(error.getSQLState())
                ? new RetriableException(message, error)
                : new ConnectException(message, error);
        }
    }

    /**
     * The task waits after a lost connection, or while the server starts, stops or lacks resources.
     * It fails, and the manager reports the cause, when an operator must act.
     */
    static boolean passes(String sqlState) {
        return sqlState == null || sqlState.matches("(08|53|57P0).*");
    }

    boolean hasSlot() {
        return walStatus != null;
    }
}
