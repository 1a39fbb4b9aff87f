package riada.connect;

/**
 * Lets the rows of a table that is read while changes stream wait for Kafka, chunk by chunk. Without it they fill
 * Debezium's queue, and every change waits behind tens of thousands of rows.
 *
 * <p>While changes stream, reading rests after each chunk as long as the chunk took. Everything behind Kafka then has
 * half of its time for the changes.
 *
 * <p>docker/connect/task/patch/ReadNewTables.java has Debezium call `await` before it reads a chunk, in a thread that
 * the task's start made: each connector has a pace of its own.
 */
public final class SnapshotPace {
    private static final long LIMIT_MS = 10_000;
    private static final long REST_LIMIT_MS = 2_000;
    private static final InheritableThreadLocal<SnapshotPace> CURRENT = new InheritableThreadLocal<>();
    private long emptied;
    private long changes;
    private long chunkBeganMs;

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

    /** Call this with the number of changes, as against rows that were read, that a poll found. */
    synchronized void streamed(int found) {
        changes += found;
    }

    /** Waits until everything that is in the queue now has been sent, and rests while changes stream. */
    public static void await() {
        SnapshotPace pace = CURRENT.get();
        if (pace != null) {
            pace.pause();
        }
    }

    private synchronized void pause() {
        try {
            // The next time may be of records from before the newest ones were in the queue.
            long enough = emptied + 2;
            long until = now() + LIMIT_MS;
            while (emptied < enough && now() < until) {
                wait(100);
            }
            boolean streams = changes > 0;
            changes = 0;
            if (streams && chunkBeganMs > 0) {
                long rested = now() + Math.min(REST_LIMIT_MS, now() - chunkBeganMs);
                while (now() < rested) {
                    wait(Math.max(1, rested - now()));
                }
            }
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
        chunkBeganMs = now();
    }

    private static long now() {
        return System.nanoTime() / 1_000_000;
    }
}
