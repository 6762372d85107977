package io.millrace.node.command;

import io.millrace.node.config.NodeConfig;
import io.millrace.node.run.Node;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Runs a node until it is told to stop. */
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description = "Runs a node, with a Kafka broker inside unless there is one already, until Ctrl-C.")
final class Up implements Callable<Integer> {
    @Mixin
    private final ConfigOptions options = new ConfigOptions();

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        return Node.run(NodeConfig.of(options.sources()), spec.commandLine().getOut());
    }
}
