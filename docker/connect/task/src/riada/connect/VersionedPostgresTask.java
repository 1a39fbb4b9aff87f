package riada.connect;

import io.debezium.config.Configuration;
import io.debezium.connector.postgresql.PostgresConnectorTask;
import io.debezium.connector.postgresql.PostgresOffsetContext;
import io.debezium.connector.postgresql.PostgresPartition;
import io.debezium.pipeline.ChangeEventSourceCoordinator;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTaskContext;

/**
 * Debezium's task with four additions: each event carries its version (in source.sequence), a
 * restart resumes at the end of a transaction, a start that would not continue the capture is
 * refused, and the end of a table's incremental snapshot is recorded in PostgreSQL.
 */
public final class VersionedPostgresTask extends PostgresConnectorTask {
    private Map<String, String> partition;
    private SourceTaskContext stored;
    private long epoch;
    private Positions positions;
    private String signals;
    private String notifications;
    private TableScans scans;
    private SnapshotPace pace;
    private int batch;
    private int polled;

    @Override
    public void initialize(SourceTaskContext context) {
        stored = context;
        super.initialize(new ResumeAtCommit(context));
    }

    @Override
    public ChangeEventSourceCoordinator<PostgresPartition, PostgresOffsetContext> start(Configuration config) {
        String prefix = config.getString("topic.prefix");
        partition = Map.of("server", prefix);
        epoch = config.getLong("riada.epoch");
        signals = prefix + "." + config.getString("signal.data.collection");
        notifications = config.getString("notification.sink.topic.name");
        if (scans == null) { // Debezium starts the task again after an outage: the ends of scans still wait
            scans = new TableScans(config);
        }
        pace = SnapshotPace.begin();
        batch = config.getInteger("max.batch.size");
        StoredOffset offset = storedOffset();
        new Continuity(epoch, config.getString("riada.system.identifier"), config.getString("riada.timeline"))
            .require(Source.ask(config), offset);
        positions = offset == null ? new Positions(0, 0, 0) : offset.positions();
        return super.start(config);
    }

    /** Signals and notifications are for this task only; Kafka does not get them. */
    @Override
    public List<SourceRecord> doPoll() throws InterruptedException {
        if (polled < batch) { // Connect has sent what the last poll found, and it found everything.
            pace.emptied();
        }
        scans.store();
        List<SourceRecord> records = super.doPoll();
        polled = records == null ? 0 : records.size();
        if (records == null) {
            return null;
        }
        List<SourceRecord> delivered = new ArrayList<>(records.size());
        int changes = 0;
        for (SourceRecord record : records) {
            if (record.topic().equals(notifications)) {
                scans.add(record);
                continue;
            }
            changes += version(record) == Row.CHANGE ? 1 : 0;
            if (!record.topic().equals(signals)) {
                delivered.add(record);
            }
        }
        pace.streamed(changes);
        scans.store(); // before Connect can store an offset that is behind the ends
        return delivered;
    }

    /** Returns where the record's row comes from; null for a record without a row, and for a signal. */
    private Row version(SourceRecord record) {
        positions.afterCommit(StoredOffset.commit(record.sourceOffset()));
        Row row = null;
        if (record.value() instanceof Struct event && event.schema().field("source") != null) {
            Struct source = event.getStruct("source");
            row = Row.of(event.getString("op"), source.getString("snapshot"));
            long position = row.position(positions, source);
            source.put("sequence", Long.toString(Version.of(epoch, position)));
            if (record.topic().equals(signals)) {
                row = null;
                if (isRequest(event)) {
                    positions.request(position);
                }
            }
        }
        StoredOffset.add(record.sourceOffset(), epoch, positions);
        return row;
    }

    /** Does a change of the table with the signals ask for the rows of a table? */
    static boolean isRequest(Struct event) {
        return "c".equals(event.getString("op")) && "execute-snapshot".equals(event.getStruct("after").getString("type"));
    }

    private StoredOffset storedOffset() {
        Map<String, Object> values = stored.offsetStorageReader().offset(partition);
        return values == null || values.isEmpty() ? null : new StoredOffset(new HashMap<>(values));
    }
}
