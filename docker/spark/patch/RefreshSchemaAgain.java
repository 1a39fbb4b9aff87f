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
 * Cassandra's Java driver, to 4.19.4 at least, refreshes a session's schema never again after a refresh has failed
 * because no node answered: each later refresh waits for the failed one. The Spark connector refreshes the schema
 * before each write, so that every batch after an outage would wait for ever.
 *
 * <p>In the given jar a refresh that fails makes room for the next one, and the one that waits begins.
 *
 * <p>The same fault in a fork: https://github.com/scylladb/java-driver/issues/841
 */
final class RefreshSchemaAgain {
    private static final String CLASS = "com/datastax/oss/driver/internal/core/metadata/MetadataManager$SingleThreaded";
    private static final String METHOD = "lambda$startSchemaRequest$2";
    private static final String FUTURE = "java/util/concurrent/CompletableFuture";
    private static final String FUTURE_TYPE = "L" + FUTURE + ";";
    private static final String FAIL = "failSchemaRequest";
    private static final String FAIL_TYPE = "(" + FUTURE_TYPE + "Ljava/lang/Throwable;L" + CLASS + ";)Z";
    private static final int FAILURES = 2;

    public static void main(String[] arguments) throws IOException {
        try (FileSystem jar = FileSystems.newFileSystem(Path.of(arguments[0]))) {
            Path file = jar.getPath(CLASS + ".class");
            ClassReader original = new ClassReader(Files.readAllBytes(file));
            ClassWriter changed = new ClassWriter(original, 0);
            Change change = new Change(changed);
            original.accept(change, 0);
            if (change.count != FAILURES) {
                throw new IllegalStateException(CLASS + " differs from that of 4.18.1: " + change.count);
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
            return name.equals(METHOD) ? new Failures(method) : method;
        }

        /** Calls the method that visitEnd() adds, in the place of CompletableFuture.completeExceptionally(). */
        private final class Failures extends MethodVisitor {
            Failures(MethodVisitor next) {
                super(Opcodes.ASM8, next);
            }

            @Override
            public void visitMethodInsn(int opcode, String owner, String name, String type, boolean isInterface) {
                if (owner.equals(FUTURE) && name.equals("completeExceptionally")) {
                    count++;
                    super.visitVarInsn(Opcodes.ALOAD, 0);
                    super.visitMethodInsn(Opcodes.INVOKESTATIC, CLASS, FAIL, FAIL_TYPE, false);
                } else {
                    super.visitMethodInsn(opcode, owner, name, type, isInterface);
                }
            }

            @Override
            public void visitMaxs(int stack, int locals) {
                super.visitMaxs(stack + 1, locals);
            }
        }

        /**
         * Adds: boolean failSchemaRequest(failed, error, self) {
         *     self.currentSchemaRefresh = null;
         *     queued = self.queuedSchemaRefresh; self.queuedSchemaRefresh = null;
         *     if (queued != null) self.startSchemaRequest(queued);
         *     return failed.completeExceptionally(error);
         * }
         */
        @Override
        public void visitEnd() {
            int access = Opcodes.ACC_PRIVATE | Opcodes.ACC_STATIC;
            MethodVisitor method = super.visitMethod(access, FAIL, FAIL_TYPE, null, null);
            Label none = new Label();
            method.visitCode();
            method.visitVarInsn(Opcodes.ALOAD, 2);
            method.visitInsn(Opcodes.ACONST_NULL);
            method.visitFieldInsn(Opcodes.PUTFIELD, CLASS, "currentSchemaRefresh", FUTURE_TYPE);
            method.visitVarInsn(Opcodes.ALOAD, 2);
            method.visitFieldInsn(Opcodes.GETFIELD, CLASS, "queuedSchemaRefresh", FUTURE_TYPE);
            method.visitVarInsn(Opcodes.ASTORE, 3);
            method.visitVarInsn(Opcodes.ALOAD, 2);
            method.visitInsn(Opcodes.ACONST_NULL);
            method.visitFieldInsn(Opcodes.PUTFIELD, CLASS, "queuedSchemaRefresh", FUTURE_TYPE);
            method.visitVarInsn(Opcodes.ALOAD, 3);
            method.visitJumpInsn(Opcodes.IFNULL, none);
            method.visitVarInsn(Opcodes.ALOAD, 2);
            method.visitVarInsn(Opcodes.ALOAD, 3);
            method.visitMethodInsn(
                    Opcodes.INVOKESPECIAL, CLASS, "startSchemaRequest", "(" + FUTURE_TYPE + ")V", false);
            method.visitLabel(none);
            method.visitFrame(Opcodes.F_APPEND, 1, new Object[] {FUTURE}, 0, null);
            method.visitVarInsn(Opcodes.ALOAD, 0);
            method.visitVarInsn(Opcodes.ALOAD, 1);
            method.visitMethodInsn(
                    Opcodes.INVOKEVIRTUAL, FUTURE, "completeExceptionally", "(Ljava/lang/Throwable;)Z", false);
            method.visitInsn(Opcodes.IRETURN);
            method.visitMaxs(2, 4);
            method.visitEnd();
            super.visitEnd();
        }
    }
}
