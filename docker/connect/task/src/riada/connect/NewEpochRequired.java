package riada.connect;

import org.apache.kafka.connect.errors.ConnectException;

/**
 * The capture cannot continue: it needs a new epoch, with a new slot and a new snapshot. The
 * connector manager (package capture) knows this class by its name in the task's trace.
 */
public final class NewEpochRequired extends ConnectException {
    public NewEpochRequired(String cause) {
        super(cause);
    }
}
