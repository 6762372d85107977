package io.millrace.node.command;

import io.millrace.kafka.RefusedStartException;
import io.millrace.node.config.InvalidConfigException;
import io.millrace.node.observe.Logging;
import io.millrace.node.run.StartException;
import io.millrace.web.listen.PortTakenException;
import java.io.PrintWriter;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line: the module's one door. */
@Command(
        name = "millrace",
        mixinStandardHelpOptions = true,
        versionProvider = Millrace.Version.class,
        description = "JSON state and durable streams, every change one Kafka record.",
        subcommands = {
            Up.class,
            ShowConfig.class,
            Tail.class,
            Call.class,
            KafkaTool.class,
            Millrace.ShowVersion.class,
            HelpCommand.class
        })
public final class Millrace implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Millrace.class);

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it calls anything
    private CommandSpec spec;

    private Millrace() {}

    /** Runs one command. Returns the exit code: 0 done, 1 failed, 2 not asked for properly, 128 + n ended by signal n. */
    public static int run(String... args) {
        Logging.quiet();
        return commandLine().execute(args);
    }

    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Millrace());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        Objects.requireNonNull(line.getSubcommands().get("kafka")).setStopAtPositional(true);
        line.setParameterExceptionHandler(Millrace::refuse);
        line.setExecutionExceptionHandler((failure, failed, ignored) -> fail(failure, failed.getErr()));
        return line;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command given");
    }

    private static int refuse(ParameterException e, String[] args) {
        CommandLine asked = e.getCommandLine();
        PrintWriter err = asked.getErr();
        err.println("millrace: " + e.getMessage());
        CommandLine.UnmatchedArgumentException.printSuggestions(e, err);
        asked.usage(err);
        return CommandLine.ExitCode.USAGE;
    }

    private static int fail(Exception failure, PrintWriter err) {
        return switch (failure) {
            case InvalidConfigException invalid -> {
                invalid.problems().forEach(problem -> err.println("millrace: " + problem));
                yield CommandLine.ExitCode.USAGE;
            }
            case StartException expected -> refused(expected, err);
            case RefusedStartException expected -> refused(expected, err);
            case PortTakenException expected -> refused(expected, err);
            default -> {
                err.println("millrace: " + Objects.requireNonNullElse(failure.getMessage(), failure.toString()));
                LOG.atError().setCause(failure).log("command failed unexpectedly");
                yield CommandLine.ExitCode.SOFTWARE;
            }
        };
    }

    private static int refused(Exception expected, PrintWriter err) {
        err.println("millrace: " + expected.getMessage());
        LOG.atDebug().setCause(expected).log("command refused");
        return CommandLine.ExitCode.SOFTWARE;
    }

    /** Prints the version. */
    @Command(name = "version", description = "Prints the version.")
    static final class ShowVersion implements Runnable {
        @Spec
        @SuppressWarnings("NullAway.Init")
        private CommandSpec spec;

        @Override
        public void run() {
            spec.commandLine().getOut().println(new Version().getVersion()[0]);
        }
    }

    /** Reads the version from the jar's manifest. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Millrace.class.getPackage().getImplementationVersion();
            return new String[] {
                "millrace " + Objects.requireNonNullElse(version, "(not from its jar)") + " on Java "
                        + Runtime.version()
            };
        }
    }
}
