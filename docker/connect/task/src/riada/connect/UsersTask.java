package riada.connect;

import io.debezium.config.Configuration;
import io.debezium.connector.postgresql.PostgresConnectorTask;
import io.debezium.connector.postgresql.PostgresOffsetContext;
import io.debezium.connector.postgresql.PostgresPartition;
import io.debezium.pipeline.ChangeEventSourceCoordinator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTaskContext;

/**
 * Debezium's task with three additions: each event carries its version (in source.sequence), a
 * restart resumes at the end of a transaction, and a start that would not continue the capture is
 * refused.
 */
public final class UsersTask extends PostgresConnectorTask {
    private Map<String, String> partition;
    private SourceTaskContext stored;
    private long epoch;
    private Positions positions;

    @Override
    public void initialize(SourceTaskContext context) {
        stored = context;
        super.initialize(new ResumeAtCommit(context));
    }

    @Override
    public ChangeEventSourceCoordinator<PostgresPartition, PostgresOffsetContext> start(Configuration config) {
        partition = Map.of("server", config.getString("topic.prefix"));
        epoch = config.getLong("riada.epoch");
        StoredOffset offset = storedOffset();
        new Continuity(epoch, config.getString("riada.system.identifier"), config.getString("riada.timeline"))
            .require(Source.ask(config), offset);
        positions = offset == null ? new Positions(0, 0) : new Positions(offset.position(), offset.commit());
        return super.start(config);
    }

    @Override
    public List<SourceRecord> doPoll() throws InterruptedException {
        List<SourceRecord> records = super.doPoll();
        if (records != null) {
            records.forEach(this::version);
        }
        return records;
    }

    private void version(SourceRecord record) {
        positions.afterCommit(StoredOffset.commit(record.sourceOffset()));
        StoredOffset.add(record.sourceOffset(), epoch, positions.beforeTransaction());
        if (record.value() instanceof Struct event && event.schema().field("source") != null) {
            Struct source = event.getStruct("source");
            boolean snapshot = "r".equals(event.getString("op"));
            long position = snapshot ? 0 : positions.next(source.getInt64("lsn"));
            source.put("sequence", Long.toString(Version.of(epoch, position)));
        }
    }

    private StoredOffset storedOffset() {
        Map<String, Object> values = stored.offsetStorageReader().offset(partition);
        return values == null || values.isEmpty() ? null : new StoredOffset(new HashMap<>(values));
    }
}
