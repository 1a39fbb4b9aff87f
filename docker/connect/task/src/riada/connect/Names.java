package riada.connect;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Names of tables and columns in pgoutput's messages; docker/connect/task/patch calls it. */
public final class Names {
    private Names() {}

    /** The text before the next 0, after which the buffer's position is. */
    public static String read(ByteBuffer buffer) {
        int start = buffer.position();
        while (buffer.get() != 0) {}
        byte[] bytes = new byte[buffer.position() - 1 - start];
        buffer.get(start, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
