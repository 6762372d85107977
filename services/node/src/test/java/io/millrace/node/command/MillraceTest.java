package io.millrace.node.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class MillraceTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @ValueSource(
            strings = {"nope", "up --nope", "tail onlyastream", "kafka no.such.Tool", "call f {} --url ftp://x", ""})
    void whatIsNotAskedForProperlyGetsTheUsageAndExitCode2(String args) {
        assertThat(run(args.isEmpty() ? new String[0] : args.split(" "))).isEqualTo(2);
        assertThat(err.toString()).startsWith("millrace: ").contains("Usage: millrace");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void aWrongSettingIsOneSentenceAndExitCode2() {
        assertThat(run("up", "--set", "gateway.prot=1", "--admin-port", "x")).isEqualTo(2);
        assertThat(err.toString().lines())
                .containsExactly(
                        "millrace: gateway.prot: no such setting (from command line; did you mean gateway.port?)",
                        "millrace: admin.port: \"x\" (expected: a port from 0 (any free one) to 65535; from command line)");
    }

    @Test
    void helpNamesEveryCommand() {
        assertThat(run("help")).isZero();
        assertThat(out.toString()).contains("up", "config", "tail", "call", "kafka", "version");
    }

    @Test
    void theConfigurationIsListedWithOrigins() {
        assertThat(run("config", "--set", "admin.port=4000")).isZero();
        assertThat(out.toString())
                .contains("admin.port = 4000   (command line)")
                .contains("gateway.port = 3112   (default)")
                .contains("MILLRACE_GATEWAY_PORT, takes a port from 0 (any free one) to 65535, default 3112");
    }

    @Test
    void aNodeThatIsNotThereIsOneSentenceAndExitCode1() {
        assertThat(run("call", "state::get", "{}", "--url", "http://127.0.0.1:1"))
                .isEqualTo(1);
        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .startsWith("millrace: http://127.0.0.1:1 cannot be");
    }

    @Test
    void kafkasToolsAreGivenWhatAFirstTryLeavesOut() {
        assertThat(KafkaTool.withDefaults("console-consumer", List.of("--topic", "t")))
                .containsExactly(
                        "--topic", "t", "--bootstrap-server", "localhost:9092", "--isolation-level", "read_committed");
        assertThat(KafkaTool.withDefaults("topics", List.of("--list", "--bootstrap-server=a:1")))
                .containsExactly("--list", "--bootstrap-server=a:1");
        assertThat(KafkaTool.withDefaults("dump-log", List.of("--files", "f"))).containsExactly("--files", "f");
        assertThat(KafkaTool.withDefaults("topics", List.of())).isEmpty();
    }

    @Test
    void aPathStepIsEscapedOnceAndFunctionIdsStayReadable() {
        assertThat(Urls.segment("state::set")).isEqualTo("state::set");
        assertThat(Urls.segment("a b/ü?")).isEqualTo("a%20b%2F%C3%BC%3F");
    }

    private int run(String... args) {
        CommandLine line = Millrace.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return line.execute(args);
    }
}
