package riada.connect;

import io.debezium.connector.postgresql.PostgresConnector;
import org.apache.kafka.connect.connector.Task;

/** Debezium's connector, with a task that versions its events and loses none over a restart. */
public final class VersionedPostgresConnector extends PostgresConnector {
    @Override
    public Class<? extends Task> taskClass() {
        return VersionedPostgresTask.class;
    }
}
