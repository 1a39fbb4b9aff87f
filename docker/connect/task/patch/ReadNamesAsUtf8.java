import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import jdk.internal.org.objectweb.asm.ClassReader;
import jdk.internal.org.objectweb.asm.ClassVisitor;
import jdk.internal.org.objectweb.asm.ClassWriter;
import jdk.internal.org.objectweb.asm.MethodVisitor;
import jdk.internal.org.objectweb.asm.Opcodes;

/**
 * Debezium before 3.4.3 reads each byte of a name in pgoutput's messages as a letter: a table größe
 * is unknown to it, and a column größe gets another field than in a snapshot. In the given jar the
 * method that reads a name calls riada.connect.Names instead.
 */
final class ReadNamesAsUtf8 {
    private static final String CLASS =
            "io/debezium/connector/postgresql/connection/pgoutput/PgOutputMessageDecoder.class";
    private static final String METHOD = "readString";
    private static final String TYPE = "(Ljava/nio/ByteBuffer;)Ljava/lang/String;";

    public static void main(String[] arguments) throws IOException {
        try (FileSystem jar = FileSystems.newFileSystem(Path.of(arguments[0]))) {
            Path file = jar.getPath(CLASS);
            ClassReader original = new ClassReader(Files.readAllBytes(file));
            ClassWriter changed = new ClassWriter(original, 0);
            Replacement replacement = new Replacement(changed);
            original.accept(replacement, 0);
            if (replacement.count != 1) {
                throw new IllegalStateException(CLASS + " has no method " + METHOD + TYPE);
            }
            Files.write(file, changed.toByteArray());
        }
    }

    private static final class Replacement extends ClassVisitor {
        int count;

        Replacement(ClassVisitor next) {
            super(Opcodes.ASM8, next);
        }

        @Override
        public MethodVisitor visitMethod(int access, String name, String type, String signature, String[] thrown) {
            MethodVisitor method = super.visitMethod(access, name, type, signature, thrown);
            if (!name.equals(METHOD) || !type.equals(TYPE)) {
                return method;
            }
            count++;
            method.visitCode();
            method.visitVarInsn(Opcodes.ALOAD, 0);
            method.visitMethodInsn(Opcodes.INVOKESTATIC, "riada/connect/Names", "read", TYPE, false);
            method.visitInsn(Opcodes.ARETURN);
            method.visitMaxs(1, 1);
            method.visitEnd();
            return null; // the method's own code is left out
        }
    }
}
