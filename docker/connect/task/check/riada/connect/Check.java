package riada.connect;

import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** Checks of the task's decisions; the image's build runs them with assertions enabled. */
final class Check {
    private static final Continuity EPOCH = new Continuity(3, "7001", "00000001");
    private static final Source SOURCE = new Source("7001", "00000001", 9_000, 4_000L, "reserved");

    public static void main(String[] arguments) throws ReflectiveOperationException {
        boolean on = false;
        assert on = true;
        if (!on) {
            throw new IllegalStateException("run with -ea");
        }
        positionsRise();
        aTransactionThatIsSentAgainHasTheSamePositions();
        versionsOrderEpochs();
        rowsThatAreRequestedStandAtTheirRequest();
        rowsOfSnapshotsAreTold();
        aChunkWaitsForTheOneBefore();
        readingRestsWhileChangesStream();
        aScanThatDidNotReadEveryRowIsNotComplete();
        aRestartResumesAtTheLastCommit();
        onlyWhatContinuesMayStart();
        onlyOutagesAreWaitedOut();
        debeziumReadsNamesAsUtf8();
    }

    /** By the method that patch/ReadNamesAsUtf8.java replaced. */
    private static void debeziumReadsNamesAsUtf8() throws ReflectiveOperationException {
        Method method = Class.forName(
                        "io.debezium.connector.postgresql.connection.pgoutput.PgOutputMessageDecoder")
                .getDeclaredMethod("readString", ByteBuffer.class);
        method.setAccessible(true);
        ByteBuffer names = ByteBuffer.wrap("größe\0😀\0\0".getBytes(StandardCharsets.UTF_8));
        for (String name : new String[] {"größe", "😀", ""}) {
            Object read = method.invoke(null, names);
            assert read.equals(name) : read;
        }
    }

    /** SQLSTATEs of https://www.postgresql.org/docs/current/errcodes-appendix.html */
    private static void onlyOutagesAreWaitedOut() {
        for (String outage : new String[] {null, "08001", "08006", "53300", "57P01", "57P03"}) {
            assert Source.passes(outage) : outage;
        }
        for (String refusal : new String[] {"28000", "28P01", "3D000", "42501", "42P01"}) {
            assert !Source.passes(refusal) : refusal;
        }
    }

    /** Rows of a COPY share an LSN; a transaction that began earlier has smaller ones. */
    private static void positionsRise() {
        Positions positions = new Positions(0, 0, 0);
        long before = -1;
        for (long lsn : new long[] {100, 100, 100, 40, 41, 500, 100}) {
            long position = positions.next(lsn);
            assert position > before && position >= lsn : position + " after " + before + " for " + lsn;
            before = position;
        }
    }

    private static void aTransactionThatIsSentAgainHasTheSamePositions() {
        Positions first = new Positions(0, 0, 0);
        first.afterCommit(0);
        first.next(900);
        long[] transaction = {70, 70, 71, 72};
        List<Long> sent = read(first, 950, transaction);
        List<Long> again = read(new Positions(first.beforeTransaction(), 950, 0), 950, transaction);
        assert sent.equals(again) : sent + " and then " + again;
    }

    private static List<Long> read(Positions positions, long commit, long[] lsns) {
        List<Long> found = new ArrayList<>();
        for (long lsn : lsns) {
            positions.afterCommit(commit);
            found.add(positions.next(lsn));
        }
        return found;
    }

    /** A chunk may lack a change that was committed just before it was read: that change stays above the row. */
    private static void rowsThatAreRequestedStandAtTheirRequest() {
        Positions positions = new Positions(0, 0, 0);
        long before = positions.next(100);
        long request = positions.next(110);
        positions.request(request);
        positions.afterCommit(130);
        long change = positions.next(120);
        long row = positions.requested();
        assert before < row && row < change : row;
        Map<String, Object> offset = new HashMap<>();
        StoredOffset.add(offset, 3, positions);
        Positions restarted = new StoredOffset(offset).positions();
        assert restarted.requested() == row : restarted.requested();
        assert restarted.next(120) == change : "a transaction that is sent again has other positions";
    }

    private static void rowsOfSnapshotsAreTold() {
        assert Row.of("r", "incremental") == Row.INCREMENTAL;
        for (String snapshot : new String[] {"true", "first", "last", "first_in_data_collection"}) {
            assert Row.of("r", snapshot) == Row.SNAPSHOT : snapshot;
        }
        for (String operation : new String[] {"c", "u", "d"}) {
            assert Row.of(operation, "false") == Row.CHANGE : operation;
        }
    }

    private static void aChunkWaitsForTheOneBefore() {
        SnapshotPace pace = SnapshotPace.begin();
        Thread reader = new Thread(SnapshotPace::await);
        reader.start();
        while (reader.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        pace.emptied();
        SnapshotPace other = SnapshotPace.begin();
        other.emptied();
        assert alive(reader, 200) : "does not wait for the newest records of its connector";
        pace.emptied();
        assert !alive(reader, 5_000) : "waits for ever";
    }

    private static void readingRestsWhileChangesStream() {
        assert ofNextChunk(0) < CHUNK_MS : "rests although no changes stream";
        assert ofNextChunk(1) >= CHUNK_MS : "does not rest";
    }

    private static final long CHUNK_MS = 500;

    /** Milliseconds that the next chunk waits after a chunk that took CHUNK_MS. */
    private static long ofNextChunk(int changes) {
        SnapshotPace pace = SnapshotPace.begin();
        letGo(pace);
        LockSupport.parkNanos(CHUNK_MS * 1_000_000);
        pace.streamed(changes);
        long began = System.nanoTime();
        letGo(pace);
        return (System.nanoTime() - began) / 1_000_000;
    }

    /** Reads the next chunk while Kafka gets everything at once. */
    private static void letGo(SnapshotPace pace) {
        Thread reader = new Thread(SnapshotPace::await);
        reader.start();
        while (reader.isAlive()) {
            pace.emptied();
            alive(reader, 10);
        }
    }

    /** Is the thread alive after this time? */
    private static boolean alive(Thread thread, long milliseconds) {
        try {
            thread.join(milliseconds);
        } catch (InterruptedException error) {
            throw new IllegalStateException(error);
        }
        return thread.isAlive();
    }

    private static void aScanThatDidNotReadEveryRowIsNotComplete() {
        for (var status : io.debezium.pipeline.notification.IncrementalSnapshotNotificationService
                .TableScanCompletionStatus.values()) {
            boolean complete = status.name().equals("SUCCEEDED") || status.name().equals("EMPTY");
            assert new TableScans.Scan("public.orders", status.name()).complete() == complete : status;
        }
    }

    private static void versionsOrderEpochs() {
        assert Version.of(2, 0) > Version.of(1, (1L << Version.POSITION_BITS) - 1);
        assert Version.of(Version.LAST_EPOCH, 0) > 0;
        assert fails(() -> Version.of(Version.LAST_EPOCH + 1, 0));
        assert fails(() -> Version.of(0, 1));
        assert fails(() -> Version.of(1, 1L << Version.POSITION_BITS));
    }

    private static void aRestartResumesAtTheLastCommit() {
        Map<String, Object> inside = offset();
        inside.putAll(Map.of("lsn", 700L, "lsn_proc", 700L, "lsn_commit", 650L, "messageType", "INSERT"));
        Map<String, Object> resumed = new StoredOffset(inside).atCommit();
        assert resumed.get("lsn").equals(650L) && !resumed.containsKey("lsn_proc") : resumed;

        Map<String, Object> afterSnapshot = offset();
        afterSnapshot.putAll(Map.of("lsn", 400L, "snapshot", "INITIAL", "last_snapshot_record", true));
        assert new StoredOffset(afterSnapshot).atCommit().get("lsn").equals(400L);

        Map<String, Object> added = offset();
        StoredOffset.add(added, 4, new Positions(17, 0, 0));
        assert new StoredOffset(added).epoch() == 4 : added;
        assert new StoredOffset(added).positions().next(0) == 18 : added;
    }

    private static void onlyWhatContinuesMayStart() {
        StoredOffset stored = streamed(5_000);
        EPOCH.require(SOURCE, stored);
        EPOCH.require(new Source("7001", "00000001", 9_000, null, null), null);
        Map<String, Object> requested = offset();
        requested.putAll(Map.of("lsn_commit", 5_000L, "snapshot", "INCREMENTAL", "last_snapshot_record", false));
        EPOCH.require(SOURCE, new StoredOffset(requested));
        refuses("another cluster", new Source("7002", "00000001", 9_000, 4_000L, "reserved"), stored);
        refuses("promoted or restored", new Source("7001", "00000002", 9_000, 4_000L, "reserved"), stored);
        refuses("restored", new Source("7001", "00000001", 4_999, 4_000L, "reserved"), stored);
        refuses("slot is gone", new Source("7001", "00000001", 9_000, null, null), stored);
        refuses("removed changes", new Source("7001", "00000001", 9_000, 4_000L, "lost"), stored);
        refuses("beyond", new Source("7001", "00000001", 9_000, 5_001L, "reserved"), stored);
        refuses("no offset", SOURCE, null);
        Map<String, Object> older = offset();
        StoredOffset.add(older, 2, new Positions(0, 0, 0));
        refuses("of epoch 2", SOURCE, new StoredOffset(older));
        Map<String, Object> interrupted = offset();
        interrupted.putAll(Map.of("snapshot", "INITIAL", "last_snapshot_record", false));
        refuses("interrupted", SOURCE, new StoredOffset(interrupted));
    }

    private static void refuses(String cause, Source source, StoredOffset offset) {
        try {
            EPOCH.require(source, offset);
        } catch (NewEpochRequired error) {
            assert error.getMessage().contains(cause) : error.getMessage();
            return;
        }
        throw new AssertionError("starts though " + cause);
    }

    private static boolean fails(Runnable call) {
        try {
            call.run();
        } catch (IllegalArgumentException error) {
            return true;
        }
        return false;
    }

    private static StoredOffset streamed(long commit) {
        Map<String, Object> values = offset();
        values.put("lsn_commit", commit);
        return new StoredOffset(values);
    }

    private static Map<String, Object> offset() {
        Map<String, Object> values = new HashMap<>();
        StoredOffset.add(values, 3, new Positions(0, 0, 0));
        return values;
    }
}
