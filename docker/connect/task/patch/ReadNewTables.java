import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import jdk.internal.org.objectweb.asm.ClassReader;
import jdk.internal.org.objectweb.asm.ClassVisitor;
import jdk.internal.org.objectweb.asm.ClassWriter;
import jdk.internal.org.objectweb.asm.MethodVisitor;
import jdk.internal.org.objectweb.asm.Opcodes;

/**
 * Three changes of Debezium 3.1.3, in the jars of its connector for PostgreSQL and of its core.
 *
 * <p>It cannot read the rows of a table that was made after the connector had started, until the table changes: it
 * makes an event of the new schema, which needs the name of a database, and PostgreSQL's tables have none there. The
 * event goes nowhere, so it is not made.
 *
 * <p>The offset names the tables whose rows are being read without quotes, so that a name with a space stops the task
 * when it reads the offset.
 *
 * <p>It reads rows as fast as it can, and changes wait behind them: riada.connect.SnapshotPace waits for Kafka.
 */
final class ReadNewTables {
    private static final String SOURCE =
            "io/debezium/connector/postgresql/PostgresSignalBasedIncrementalSnapshotChangeEventSource.class";
    private static final String METHOD = "createAndDispatchSchemaChangeEvent";
    private static final String TYPE = "(Lio/debezium/relational/Table;Lio/debezium/pipeline/spi/Partition;"
            + "Lio/debezium/pipeline/spi/OffsetContext;Lio/debezium/relational/TableId;)V";
    private static final String SUPER =
            "io/debezium/pipeline/source/snapshot/incremental/SignalBasedIncrementalSnapshotChangeEventSource";
    private static final String BEFORE = "preReadChunk";
    private static final String CONTEXT =
            "(Lio/debezium/pipeline/source/snapshot/incremental/IncrementalSnapshotContext;)V";
    private static final String BASE =
            "io/debezium/pipeline/source/snapshot/incremental/AbstractIncrementalSnapshotChangeEventSource.class";
    private static final String OFFSET =
            "io/debezium/pipeline/source/snapshot/incremental/AbstractIncrementalSnapshotContext$SnapshotDataCollection.class";
    private static final String TABLE = "io/debezium/relational/TableId";

    public static void main(String[] arguments) throws IOException {
        Path connector = Path.of(arguments[0]);
        Path core = Path.of(arguments[1]);
        change(core, BASE, Search::new);
        change(connector, SOURCE, Overrides::new);
        change(core, OFFSET, QuotedNames::new);
    }

    private static void change(Path jar, String name, Function<ClassVisitor, Change> making) throws IOException {
        try (FileSystem files = FileSystems.newFileSystem(jar)) {
            Path file = files.getPath(name);
            ClassReader original = new ClassReader(Files.readAllBytes(file));
            ClassWriter changed = new ClassWriter(original, 0);
            Change change = making.apply(changed);
            original.accept(change, 0);
            if (change.count != change.expected) {
                throw new IllegalStateException(name + " differs from Debezium 3.1.3: " + change.count);
            }
            Files.write(file, changed.toByteArray());
        }
    }

    private abstract static class Change extends ClassVisitor {
        int count;
        int expected = 1;

        Change(ClassVisitor next) {
            super(Opcodes.ASM8, next);
        }
    }

    /** Are there the methods to override? */
    private static final class Search extends Change {
        Search(ClassVisitor next) {
            super(next);
            expected = 2;
        }

        @Override
        public MethodVisitor visitMethod(int access, String name, String type, String signature, String[] thrown) {
            boolean known = name.equals(METHOD) && type.equals(TYPE) || name.equals(BEFORE) && type.equals(CONTEXT);
            if (known && (access & Opcodes.ACC_PROTECTED) != 0) {
                count++;
            }
            return super.visitMethod(access, name, type, signature, thrown);
        }
    }

    /** Adds a method that makes no event, and one that waits before a chunk is read. */
    private static final class Overrides extends Change {
        Overrides(ClassVisitor next) {
            super(next);
        }

        @Override
        public void visitEnd() {
            MethodVisitor method = super.visitMethod(Opcodes.ACC_PROTECTED, METHOD, TYPE, null, null);
            method.visitCode();
            method.visitInsn(Opcodes.RETURN);
            method.visitMaxs(0, 5);
            method.visitEnd();
            MethodVisitor before = super.visitMethod(Opcodes.ACC_PROTECTED, BEFORE, CONTEXT, null, null);
            before.visitCode();
            before.visitMethodInsn(Opcodes.INVOKESTATIC, "riada/connect/SnapshotPace", "await", "()V", false);
            before.visitVarInsn(Opcodes.ALOAD, 0);
            before.visitVarInsn(Opcodes.ALOAD, 1);
            before.visitMethodInsn(Opcodes.INVOKESPECIAL, SUPER, BEFORE, CONTEXT, false);
            before.visitInsn(Opcodes.RETURN);
            before.visitMaxs(2, 2);
            before.visitEnd();
            count++;
            super.visitEnd();
        }
    }

    /** Puts TableId.toDoubleQuotedString() in the place of TableId.toString(). */
    private static final class QuotedNames extends Change {
        QuotedNames(ClassVisitor next) {
            super(next);
        }

        @Override
        public MethodVisitor visitMethod(int access, String name, String type, String signature, String[] thrown) {
            MethodVisitor method = super.visitMethod(access, name, type, signature, thrown);
            return !name.contains("computeJsonString") ? method : new MethodVisitor(Opcodes.ASM8, method) {
                @Override
                public void visitMethodInsn(int code, String owner, String called, String form, boolean isInterface) {
                    if (owner.equals("java/lang/Object") && called.equals("toString")) {
                        count++;
                        super.visitTypeInsn(Opcodes.CHECKCAST, TABLE);
                        super.visitMethodInsn(code, TABLE, "toDoubleQuotedString", form, false);
                    } else {
                        super.visitMethodInsn(code, owner, called, form, isInterface);
                    }
                }
            };
        }
    }
}
