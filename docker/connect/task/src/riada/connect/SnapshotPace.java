package riada.connect;

/**
 * Lets the rows of a table that is read while changes stream wait for Kafka, chunk by chunk. Without it they fill
 * Debezium's queue, and every change waits behind tens of thousands of rows.
 *
 * <p>docker/connect/task/patch/ReadNewTables.java has Debezium call `await` before it reads a chunk.
 */
public final class SnapshotPace {
    private static final long LIMIT_MS = 10_000;
    private static final Object LOCK = new Object();
    private static long emptied;

    private SnapshotPace() {}

    /** Call this when the records that were in the queue have been sent, and it was empty then. */
    static void emptied() {
        synchronized (LOCK) {
            emptied++;
            LOCK.notifyAll();
        }
    }

    /** Waits until everything that is in the queue now has been sent. */
    public static void await() {
        synchronized (LOCK) {
            // The next time may be of records from before the newest ones were in the queue.
            long enough = emptied + 2;
            long until = System.currentTimeMillis() + LIMIT_MS;
            try {
                while (emptied < enough && System.currentTimeMillis() < until) {
                    LOCK.wait(100);
                }
            } catch (InterruptedException end) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
