package riada.connect;

/**
 * Invariant 3: a row's version is (epoch, position); the larger one is the newer one.
 * contract/table/version.py is the other side of this definition; docs/architecture.md has the reasons.
 */
final class Version {
    static final int POSITION_BITS = 52;
    static final long LAST_EPOCH = (1L << 63 - POSITION_BITS) - 1;

    private Version() {}

    /** A snapshot's rows have position 0: every change of the epoch is newer. */
    static long of(long epoch, long position) {
        if (epoch < 1 || epoch > LAST_EPOCH || position < 0 || position >>> POSITION_BITS != 0) {
            throw new IllegalArgumentException("epoch " + epoch + ", position " + position + " is out of range");
        }
        return epoch << POSITION_BITS | position;
    }
}
