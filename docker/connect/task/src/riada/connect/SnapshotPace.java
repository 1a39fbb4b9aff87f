package riada.connect;

/**
 * Lets the rows of a table that is read while changes stream wait for Kafka, chunk by chunk. Without it they fill
 * Debezium's queue, and every change waits behind tens of thousands of rows.
 *
 * <p>docker/connect/task/patch/ReadNewTables.java has Debezium call `await` before it reads a chunk, in a thread that
 * the task's start made: each connector has a pace of its own.
 */
public final class SnapshotPace {
    private static final long LIMIT_MS = 10_000;
    private static final InheritableThreadLocal<SnapshotPace> CURRENT = new InheritableThreadLocal<>();
    private long emptied;

    private SnapshotPace() {}

    /** The pace of this thread and of those that it starts from now on. */
    static SnapshotPace begin() {
        SnapshotPace pace = new SnapshotPace();
        CURRENT.set(pace);
        return pace;
    }

    /** Call this when the records that were in the queue have been sent, and it was empty then. */
    synchronized void emptied() {
        emptied++;
        notifyAll();
    }

    /** Waits until everything that is in the queue now has been sent. */
    public static void await() {
        SnapshotPace pace = CURRENT.get();
        if (pace != null) {
            pace.pause();
        }
    }

    private synchronized void pause() {
        // The next time may be of records from before the newest ones were in the queue.
        long enough = emptied + 2;
        long until = System.currentTimeMillis() + LIMIT_MS;
        try {
            while (emptied < enough && System.currentTimeMillis() < until) {
                wait(100);
            }
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }
}
