package riada.connect;

import java.util.HashMap;
import java.util.Map;

/** Debezium's offset as Connect stores it, with the fields of this task. LSNs are bytes. */
record StoredOffset(Map<String, Object> values) {
    static final String EPOCH = "epoch";
    static final String POSITION = "position";
    static final String REQUESTED = "requested";

    /** Adds epoch and positions to the offset of a record. Debezium makes a map for each record. */
    @SuppressWarnings("unchecked")
    static void add(Map<String, ?> offset, long epoch, Positions positions) {
        Map<String, Object> values = (Map<String, Object>) offset;
        values.put(EPOCH, epoch);
        values.put(POSITION, positions.beforeTransaction());
        values.put(REQUESTED, positions.requested());
    }

    /** The LSN of the last commit that a record's offset knows of; 0 before the first one. */
    static long commit(Map<String, ?> offset) {
        return offset.get("lsn_commit") instanceof Number lsn ? lsn.longValue() : 0;
    }

    long epoch() {
        return number(EPOCH);
    }

    /** Where the stream continues. */
    Positions positions() {
        return new Positions(number(POSITION), commit(), number(REQUESTED));
    }

    long commit() {
        return commit(values);
    }

    /** All changes before this LSN are in Kafka: the LSN of the last commit or of the snapshot. */
    long lsn() {
        return values.containsKey("lsn_commit") ? commit() : number("lsn");
    }

    /** Of the snapshot that begins an epoch; an incremental one continues after a restart. */
    boolean snapshotUnfinished() {
        return values.containsKey("snapshot") && !"INCREMENTAL".equals(values.get("snapshot"))
                && !Boolean.TRUE.equals(values.get("last_snapshot_record"));
    }

    /**
     * The offset that Debezium resumes from: the end of the last commit, without the place inside the
     * transaction that was being read. PostgreSQL sends that transaction again from its beginning, and
     * Debezium does not search for the place, which it misses where changes share an LSN
     * (https://github.com/debezium/dbz/issues/1554, /76, /2549).
     */
    Map<String, Object> atCommit() {
        Map<String, Object> resumed = new HashMap<>(values);
        if (!snapshotUnfinished()) {
            resumed.remove("lsn_proc");
            resumed.put("lsn", lsn());
        }
        return resumed;
    }

    private long number(String name) {
        return values.get(name) instanceof Number number ? number.longValue() : 0;
    }
}
