package riada.connect;

import org.apache.kafka.connect.data.Struct;

/** Where an event's row comes from. */
enum Row {
    /** The snapshot that begins an epoch: every change of the epoch is newer. */
    SNAPSHOT {
        @Override
        long position(Positions positions, Struct source) {
            return 0;
        }
    },
    /** A row that was read because of a request, while changes stream. */
    INCREMENTAL {
        @Override
        long position(Positions positions, Struct source) {
            if (source.getInt64("lsn") == null) {
                source.put("lsn", positions.last());
            }
            return positions.requested();
        }
    },
    CHANGE {
        @Override
        long position(Positions positions, Struct source) {
            return positions.next(source.getInt64("lsn"));
        }
    };

    /** Of Debezium's fields op and source.snapshot. */
    static Row of(String operation, String snapshot) {
        if (!"r".equals(operation)) {
            return CHANGE;
        }
        return "incremental".equals(snapshot) ? INCREMENTAL : SNAPSHOT;
    }

    abstract long position(Positions positions, Struct source);
}
