package riada.connect;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.apache.kafka.connect.source.TransactionContext;
import org.apache.kafka.connect.storage.OffsetStorageReader;

/**
 * The task's context, in which each stored offset is the end of a transaction.
 *
 * <p>Invariant 1: a restart in the middle of a transaction would skip rows that share an LSN.
 */
record ResumeAtCommit(SourceTaskContext context) implements SourceTaskContext, OffsetStorageReader {
    @Override
    public Map<String, String> configs() {
        return context.configs();
    }

    @Override
    public TransactionContext transactionContext() {
        return context.transactionContext();
    }

    @Override
    public OffsetStorageReader offsetStorageReader() {
        return this;
    }

    @Override
    public <T> Map<String, Object> offset(Map<String, T> partition) {
        return atCommit(context.offsetStorageReader().offset(partition));
    }

    @Override
    public <T> Map<Map<String, T>, Map<String, Object>> offsets(Collection<Map<String, T>> partitions) {
        Map<Map<String, T>, Map<String, Object>> found = new HashMap<>(context.offsetStorageReader().offsets(partitions));
        found.replaceAll((partition, offset) -> atCommit(offset));
        return found;
    }

    private static Map<String, Object> atCommit(Map<String, Object> offset) {
        return offset == null || offset.isEmpty() ? offset : new StoredOffset(offset).atCommit();
    }
}
