package io.millrace.fleet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * A class of ours with a bug in it: its source, of which one place is replaced. Nodes that have it ahead of their own have
 * that bug, without any switch in what is shipped.
 *
 * @param module where its source is, such as {@code engine}
 * @param type its name
 * @param right what stands in the source, exactly once
 * @param wrong what stands there instead
 */
record Mutant(String name, String module, String type, String right, String wrong) {
    /** Compiles it. Returns the folder with its classes. */
    Path compiled(Path folder) throws IOException {
        String file = type.replace('.', '/') + ".java";
        String source = Files.readString(Path.of("../..", module, "src/main/java", file));
        if (source.indexOf(right) < 0 || source.indexOf(right) != source.lastIndexOf(right)) {
            throw new IllegalStateException("mutant " + name + ": " + type + " does not have exactly one \"" + right
                    + "\" (expected: the place where to plant the bug)");
        }
        Path mutated = folder.resolve("source").resolve(file);
        Files.createDirectories(mutated.getParent());
        Files.writeString(mutated, source.replace(right, wrong));
        Path classes = Files.createDirectories(folder.resolve("classes"));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<String> options = List.of(
                "-proc:none",
                "-nowarn",
                "-d",
                classes.toString(),
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                mutated.toString());
        if (compiler.run(null, null, null, options.toArray(String[]::new)) != 0) {
            throw new IllegalStateException("mutant " + name + ": does not compile");
        }
        return classes;
    }

    @Override
    public String toString() {
        return name;
    }
}
