package io.millrace.web.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples of what clients send, read by the code that reads clients. */
class ClientMessageTest {
    private static final Path EXAMPLES = Path.of("../../schemas/examples/gateway");
    /** What fits but for its terms: all other invalid examples are ignored. */
    private static final Set<String> MISFITS =
            Set.of("other-mode.json", "interval-of-every.json", "negative-interval.json", "cursors-as-text.json");

    private final ClientMessage.Reader reader = new ClientMessage.Reader(1 << 10);

    static List<Path> joins() {
        return files("client.join");
    }

    static List<Path> leaves() {
        return files("client.leave");
    }

    static List<Path> invalid() {
        return Stream.concat(files("client.join/invalid").stream(), files("client.leave/invalid").stream())
                .toList();
    }

    private static List<Path> files(String folder) {
        try (Stream<Path> files = Files.list(EXAMPLES.resolve(folder))) {
            return files.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("joins")
    void aJoinIsRead(Path example) throws IOException {
        assertThat(reader.read(Files.readAllBytes(example))).isInstanceOf(ClientMessage.Join.class);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("leaves")
    void aLeaveIsRead(Path example) throws IOException {
        assertThat(reader.read(Files.readAllBytes(example))).isInstanceOf(ClientMessage.Leave.class);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("invalid")
    void whatIsNoneIsIgnoredUnlessOnlyItsTermsDoNotFit(Path example) throws IOException {
        ClientMessage message = reader.read(Files.readAllBytes(example));
        if (MISFITS.contains(String.valueOf(example.getFileName()))) {
            assertThat(message).isInstanceOf(ClientMessage.Misfit.class);
        } else {
            assertThat(message).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1_025, 60_000})
    void aNameThatIsTooLongIsIgnored(int length) {
        String name = "x".repeat(length);
        assertThat(reader.read(OpenGateway.join(name, OpenGateway.TODOS, "").getBytes(StandardCharsets.UTF_8)))
                .isNull();
    }
}
