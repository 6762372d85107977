package io.millrace.harness;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How a JVM is started.
 *
 * @param main the class whose {@code main} runs
 * @param heap its largest heap, such as {@code 512m}
 * @param host where it runs
 * @param ahead folders and jars that come before this JVM's class path
 * @param options further options of the JVM
 */
public record JavaCommand(
        String main, String heap, Host host, List<Path> ahead, List<String> options, List<String> arguments) {
    /** Copies the lists. */
    public JavaCommand {
        ahead = List.copyOf(ahead);
        options = List.copyOf(options);
        arguments = List.copyOf(arguments);
    }

    /** On this machine's loopback address, without arguments. */
    public static JavaCommand of(Class<?> main, String heap) {
        return new JavaCommand(main.getName(), heap, Host.LOOPBACK, List.of(), List.of(), List.of());
    }

    /** The same with these arguments. */
    public JavaCommand with(List<String> given) {
        return new JavaCommand(main, heap, host, ahead, options, given);
    }

    /** The same with these options of the JVM. */
    public JavaCommand options(List<String> given) {
        return new JavaCommand(main, heap, host, ahead, given, arguments);
    }

    /** The same at another place. */
    public JavaCommand at(Host place) {
        return new JavaCommand(main, heap, place, ahead, options, arguments);
    }

    /** The same with other classes instead of those of the same name. */
    public JavaCommand ahead(List<Path> given) {
        return new JavaCommand(main, heap, host, given, options, arguments);
    }

    /** Most live for seconds, in which quick compilation pays; {@code -Dprocesses.optimised=true} is for those measured. */
    List<String> words() {
        List<String> words = new ArrayList<>(host.entering());
        words.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:+UseCompactObjectHeaders",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=" + (Boolean.getBoolean("processes.optimised") ? 4 : 1),
                "-Xmx" + heap));
        words.addAll(options);
        words.addAll(List.of("-cp", classPath(), main));
        words.addAll(arguments);
        return words;
    }

    private String classPath() {
        StringBuilder path = new StringBuilder();
        ahead.forEach(place -> path.append(place).append(File.pathSeparator));
        return path.append(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")))
                .toString();
    }
}
