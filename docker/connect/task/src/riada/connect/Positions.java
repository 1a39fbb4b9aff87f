package riada.connect;

/**
 * The position of each change within an epoch: a hybrid logical clock over LSNs.
 *
 * Changes arrive in commit order, but their LSNs rise only within a transaction, and the rows of one COPY
 * share an LSN. Each position is larger than the one before, and never below the change's LSN. It is a
 * function of the stream from the last commit on, so that a transaction which is sent again gets the same
 * positions.
 */
final class Positions {
    private long last;
    private long beforeTransaction;
    private long commit;

    /** Continues after position `last`, the last position of the commit at LSN `commit`. */
    Positions(long last, long commit) {
        this.last = last;
        this.beforeTransaction = last;
        this.commit = commit;
    }

    /** Call this with the newest commit's LSN before `next` for a change. */
    void afterCommit(long lsn) {
        if (lsn != commit) {
            commit = lsn;
            beforeTransaction = last;
        }
    }

    /** The position of a change with this LSN. */
    long next(long lsn) {
        last = Math.max(last + 1, lsn);
        return last;
    }

    /**
     * The position of rows that are read again at this place of the stream: above every change before it, and
     * below those after it. For the next change is Debezium's own, of the table with its signals, and takes at
     * least this position. It is not counted, because a restart reads other rows again at other places, and
     * changes that are sent again must get the same positions.
     */
    long between() {
        return last + 1;
    }

    long last() {
        return last;
    }

    /** The last position before the transaction that is being read: a restart continues there. */
    long beforeTransaction() {
        return beforeTransaction;
    }
}
