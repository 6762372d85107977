package io.millrace.node.command;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs Kafka's own tools, so that nobody needs another download to look at the topics. */
@Command(
        name = "kafka",
        mixinStandardHelpOptions = true,
        description = {
            "Runs one of Kafka's own tools against localhost:9092, or what --bootstrap-server says.",
            "Tools: console-consumer, console-producer, topics, consumer-groups, configs, get-offsets, transactions,",
            "dump-log, or the name of any class. Without arguments, a tool says what it takes."
        })
final class KafkaTool implements Runnable {
    private static final String TOOLS = "org.apache.kafka.tools.";
    private static final Map<String, String> CLASSES = new TreeMap<>(Map.of(
            "console-consumer", TOOLS + "consumer.ConsoleConsumer",
            "console-producer", TOOLS + "ConsoleProducer",
            "topics", TOOLS + "TopicCommand",
            "consumer-groups", TOOLS + "consumer.group.ConsumerGroupCommand",
            "configs", "kafka.admin.ConfigCommand",
            "get-offsets", TOOLS + "GetOffsetShell",
            "transactions", TOOLS + "TransactionsCommand",
            "dump-log", "kafka.tools.DumpLogSegments"));

    @Parameters(index = "0", paramLabel = "tool", description = "For instance console-consumer.")
    private String tool = "";

    @Parameters(index = "1..*", paramLabel = "args", arity = "0..*", description = "What the tool takes.")
    private List<String> args = new ArrayList<>();

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public void run() {
        Method main = main(CLASSES.getOrDefault(tool, tool));
        try {
            main.invoke(null, (Object) withDefaults(tool, args).toArray(String[]::new));
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("kafka " + tool + ": " + e.getCause(), e);
        }
    }

    /** What a first try leaves out: where Kafka is, and that what was aborted is not wanted. */
    static List<String> withDefaults(String tool, List<String> args) {
        List<String> all = new ArrayList<>(args);
        boolean client = CLASSES.containsKey(tool) && !tool.equals("dump-log");
        if (client && !args.isEmpty() && lacks(args, "--bootstrap-server") && lacks(args, "--bootstrap-controller")) {
            all.addAll(List.of("--bootstrap-server", "localhost:9092"));
        }
        if (tool.equals("console-consumer") && !args.isEmpty() && lacks(args, "--isolation-level")) {
            all.addAll(List.of("--isolation-level", "read_committed"));
        }
        return all;
    }

    private static boolean lacks(List<String> args, String option) {
        return args.stream().noneMatch(arg -> arg.equals(option) || arg.startsWith(option + "="));
    }

    private Method main(String name) {
        try {
            return Class.forName(name).getMethod("main", String[].class);
        } catch (ReflectiveOperationException | LinkageError e) {
            throw new ParameterException(
                    spec.commandLine(),
                    tool + ": no such tool (expected: one of " + String.join(", ", CLASSES.keySet())
                            + ", or the name of a class with a main method)",
                    e);
        }
    }
}
