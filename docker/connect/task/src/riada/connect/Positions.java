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
    private long requested;

    /**
     * Continues after position `last`, the last position of the commit at LSN `commit`. `requested` is the position
     * of the newest request for rows, 0 before the first.
     */
    Positions(long last, long commit, long requested) {
        this.last = last;
        this.beforeTransaction = last;
        this.commit = commit;
        this.requested = requested;
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

    /** Call this with the position of a request for the rows of a table. */
    void request(long position) {
        requested = position;
    }

    /**
     * The position of rows that are read because of a request: that of the request. So they are above every change
     * before it, and every change after it is above them, as it has the complete row. Their place in the stream would
     * not do: PostgreSQL writes a commit to its log before other sessions see it, so a chunk may hold a row as it was
     * before a change that the stream already had.
     */
    long requested() {
        return requested;
    }

    long last() {
        return last;
    }

    /** The last position before the transaction that is being read: a restart continues there. */
    long beforeTransaction() {
        return beforeTransaction;
    }
}
