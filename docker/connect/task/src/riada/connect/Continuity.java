package riada.connect;

/**
 * Do the changes that PostgreSQL would send continue the captured ones? The task asks this at every
 * start, because it would otherwise skip changes without an error.
 */
record Continuity(long epoch, String systemIdentifier, String timeline) {

    /** `offset` is null before a connector's first offset. */
    void require(Source source, StoredOffset offset) {
        String cause = broken(source, offset);
        if (cause != null) {
            throw new NewEpochRequired(cause);
        }
    }

    private String broken(Source source, StoredOffset offset) {
        if (!systemIdentifier.equals(source.systemIdentifier())) {
            return "PostgreSQL is another cluster (system identifier " + source.systemIdentifier() + ", epoch "
                + epoch + " captured " + systemIdentifier + ")";
        }
        if (!timeline.equals(source.timeline())) {
            return "PostgreSQL was promoted or restored (timeline " + source.timeline() + ", epoch " + epoch
                + " captured " + timeline + ")";
        }
        if (offset == null) {
            return source.hasSlot() ? "the replication slot exists, but Kafka Connect holds no offset" : null;
        }
        if (offset.epoch() != epoch) {
            return "the stored offset is of epoch " + offset.epoch() + ", not " + epoch;
        }
        if (offset.snapshotUnfinished()) {
            return "the snapshot was interrupted";
        }
        if (!source.hasSlot()) {
            return "the replication slot is gone";
        }
        if (source.walStatus().equals("lost")) {
            return "PostgreSQL removed changes that were not captured (max_slot_wal_keep_size)";
        }
        if (source.lsn() < offset.lsn()) {
            return "PostgreSQL was restored: its LSN " + source.lsn() + " is below the captured " + offset.lsn();
        }
        if (source.confirmedLsn() > offset.lsn()) {
            return "the slot was advanced to LSN " + source.confirmedLsn() + ", beyond the captured " + offset.lsn();
        }
        return null;
    }
}
