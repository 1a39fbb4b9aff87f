import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import jdk.internal.org.objectweb.asm.ClassReader;
import jdk.internal.org.objectweb.asm.ClassVisitor;
import jdk.internal.org.objectweb.asm.ClassWriter;
import jdk.internal.org.objectweb.asm.Label;
import jdk.internal.org.objectweb.asm.MethodVisitor;
import jdk.internal.org.objectweb.asm.Opcodes;

/**
 * Cassandra 5.0.9, with direct I/O, syncs its commit log by one call of FileChannel.write(), and ignores how many
 * bytes it wrote. On a disk that becomes full in the middle of that call, Linux writes a part and reports no error:
 * the write is acknowledged, and lost when the node starts again. Only the next sync fails.
 *
 * <p>In the given jar the sync writes until nothing is left, so that it fails itself.
 */
final class WriteSegmentsCompletely {
    private static final String CLASS = "org/apache/cassandra/db/commitlog/DirectIOSegment";
    private static final String METHOD = "flush";
    private static final String CHANNEL = "java/nio/channels/FileChannel";
    private static final String BUFFER = "java/nio/ByteBuffer";
    private static final String WRITE_TYPE = "(L" + BUFFER + ";)I";
    private static final String ALL = "writeCompletely";
    private static final String ALL_TYPE = "(L" + CHANNEL + ";L" + BUFFER + ";)I";

    public static void main(String[] arguments) throws IOException {
        try (FileSystem jar = FileSystems.newFileSystem(Path.of(arguments[0]))) {
            Path file = jar.getPath(CLASS + ".class");
            ClassReader original = new ClassReader(Files.readAllBytes(file));
            ClassWriter changed = new ClassWriter(original, 0);
            Change change = new Change(changed);
            original.accept(change, 0);
            if (change.count != 1) {
                throw new IllegalStateException(CLASS + " differs from that of 5.0.9: " + change.count);
            }
            Files.write(file, changed.toByteArray());
        }
    }

    private static final class Change extends ClassVisitor {
        int count;

        Change(ClassVisitor next) {
            super(Opcodes.ASM8, next);
        }

        @Override
        public MethodVisitor visitMethod(int access, String name, String type, String signature, String[] thrown) {
            MethodVisitor method = super.visitMethod(access, name, type, signature, thrown);
            return name.equals(METHOD) ? new Writes(method) : method;
        }

        /** Calls the method that visitEnd() adds, in the place of FileChannel.write(). */
        private final class Writes extends MethodVisitor {
            Writes(MethodVisitor next) {
                super(Opcodes.ASM8, next);
            }

            @Override
            public void visitMethodInsn(int opcode, String owner, String name, String type, boolean isInterface) {
                if (owner.equals(CHANNEL) && name.equals("write") && type.equals(WRITE_TYPE)) {
                    count++;
                    super.visitMethodInsn(Opcodes.INVOKESTATIC, CLASS, ALL, ALL_TYPE, false);
                } else {
                    super.visitMethodInsn(opcode, owner, name, type, isInterface);
                }
            }
        }

        /**
         * Adds: int writeCompletely(channel, buffer) {
         *     do channel.write(buffer); while (buffer.hasRemaining());
         *     return 0;
         * }
         */
        @Override
        public void visitEnd() {
            int access = Opcodes.ACC_PRIVATE | Opcodes.ACC_STATIC;
            MethodVisitor method = super.visitMethod(access, ALL, ALL_TYPE, null, new String[] {"java/io/IOException"});
            Label next = new Label();
            method.visitCode();
            method.visitLabel(next);
            method.visitFrame(Opcodes.F_SAME, 0, null, 0, null);
            method.visitVarInsn(Opcodes.ALOAD, 0);
            method.visitVarInsn(Opcodes.ALOAD, 1);
            method.visitMethodInsn(Opcodes.INVOKEVIRTUAL, CHANNEL, "write", WRITE_TYPE, false);
            method.visitInsn(Opcodes.POP);
            method.visitVarInsn(Opcodes.ALOAD, 1);
            method.visitMethodInsn(Opcodes.INVOKEVIRTUAL, BUFFER, "hasRemaining", "()Z", false);
            method.visitJumpInsn(Opcodes.IFNE, next);
            method.visitInsn(Opcodes.ICONST_0);
            method.visitInsn(Opcodes.IRETURN);
            method.visitMaxs(2, 2);
            method.visitEnd();
            super.visitEnd();
        }
    }
}
