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
 * Two corrections of Debezium 3.1.3, in the jars of its connector for PostgreSQL and of its core.
 *
 * <p>It cannot read the rows of a table that was made after the connector had started, until the table changes: it
 * makes an event of the new schema, which needs the name of a database, and PostgreSQL's tables have none there. The
 * event goes nowhere, so it is not made.
 *
 * <p>The offset names the tables whose rows are being read without quotes, so that a name with a space stops the task
 * when it reads the offset.
 */
final class ReadNewTables {
    private static final String SOURCE =
            "io/debezium/connector/postgresql/PostgresSignalBasedIncrementalSnapshotChangeEventSource.class";
    private static final String METHOD = "createAndDispatchSchemaChangeEvent";
    private static final String TYPE = "(Lio/debezium/relational/Table;Lio/debezium/pipeline/spi/Partition;"
            + "Lio/debezium/pipeline/spi/OffsetContext;Lio/debezium/relational/TableId;)V";
    private static final String BASE =
            "io/debezium/pipeline/source/snapshot/incremental/AbstractIncrementalSnapshotChangeEventSource.class";
    private static final String OFFSET =
            "io/debezium/pipeline/source/snapshot/incremental/AbstractIncrementalSnapshotContext$SnapshotDataCollection.class";
    private static final String TABLE = "io/debezium/relational/TableId";

    public static void main(String[] arguments) throws IOException {
        Path connector = Path.of(arguments[0]);
        Path core = Path.of(arguments[1]);
        change(core, BASE, Search::new);
        change(connector, SOURCE, NoEvent::new);
        change(core, OFFSET, QuotedNames::new);
    }

    private static void change(Path jar, String name, Function<ClassVisitor, Change> making) throws IOException {
        try (FileSystem files = FileSystems.newFileSystem(jar)) {
            Path file = files.getPath(name);
            ClassReader original = new ClassReader(Files.readAllBytes(file));
            ClassWriter changed = new ClassWriter(original, 0);
            Change change = making.apply(changed);
            original.accept(change, 0);
            if (change.count != 1) {
                throw new IllegalStateException(name + " differs from Debezium 3.1.3: " + change.count);
            }
            Files.write(file, changed.toByteArray());
        }
    }

    private abstract static class Change extends ClassVisitor {
        int count;

        Change(ClassVisitor next) {
            super(Opcodes.ASM8, next);
        }
    }

    /** Is there a method to override? */
    private static final class Search extends Change {
        Search(ClassVisitor next) {
            super(next);
        }

        @Override
        public MethodVisitor visitMethod(int access, String name, String type, String signature, String[] thrown) {
            if (name.equals(METHOD) && type.equals(TYPE) && (access & Opcodes.ACC_PROTECTED) != 0) {
                count++;
            }
            return super.visitMethod(access, name, type, signature, thrown);
        }
    }

    /** Adds a method that does nothing. */
    private static final class NoEvent extends Change {
        NoEvent(ClassVisitor next) {
            super(next);
        }

        @Override
        public void visitEnd() {
            MethodVisitor method = super.visitMethod(Opcodes.ACC_PROTECTED, METHOD, TYPE, null, null);
            method.visitCode();
            method.visitInsn(Opcodes.RETURN);
            method.visitMaxs(0, 5);
            method.visitEnd();
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
