package io.millrace.node.command;

import io.millrace.node.config.ConfigTable;
import io.millrace.node.config.NodeConfig;
import io.millrace.node.config.Sources;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lists all settings, and says what is wrong with them. */
@Command(
        name = "config",
        mixinStandardHelpOptions = true,
        description = "Lists every setting: its value and where that comes from, variable, default, bounds, meaning.")
final class ShowConfig implements Runnable {
    @Mixin
    private final ConfigOptions options = new ConfigOptions();

    @Option(names = "--markdown", hidden = true, description = "Prints the table of docs/configuration.md.")
    private boolean markdown;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        if (markdown) {
            out.print(ConfigTable.markdown());
            out.flush();
            return;
        }
        Sources sources = options.sources();
        for (ConfigTable.Row row : ConfigTable.rows(sources)) {
            out.println(row.name() + " = " + row.value() + "   (" + row.origin() + ")");
            out.println("    " + row.doc());
            out.println("    " + (row.variable().isEmpty() ? "takes " : row.variable() + ", takes ") + row.expected()
                    + (row.fallback().isEmpty() ? "" : ", default " + row.fallback()));
        }
        out.flush();
        NodeConfig.of(sources);
    }
}
