package riada.connect;

import io.debezium.connector.postgresql.PostgresConnector;
import org.apache.kafka.connect.connector.Task;

/** Debezium's connector, with a task that versions its events and loses none over a restart. */
public final class UsersConnector extends PostgresConnector {
    @Override
    public Class<? extends Task> taskClass() {
        return UsersTask.class;
    }
}
