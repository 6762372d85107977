package io.millrace.node.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

class ReadmeTest {
    private static final Path ROOT = Path.of("../..");
    private static final Pattern BLOCK = Pattern.compile("(?s)```sh\n(.*?)```");
    private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

    static Stream<String> commands() throws IOException {
        return Stream.of("README.md", "CONTRIBUTING.md")
                .map(page -> BLOCK.matcher(read(page)))
                .flatMap(Matcher::results)
                .flatMap(block -> block.group(1).lines());
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandOfTheReadmeIsThere(String command) {
        List<String> words = WORD.matcher(command)
                .results()
                .map(word -> word.group(1) == null ? word.group(2) : word.group(1))
                .toList();
        words.stream()
                .filter(word -> word.startsWith("{"))
                .forEach(json -> JsonMapper.shared().readTree(json));
        switch (words.getFirst()) {
            case "./millrace" -> {
                assertThat(ROOT.resolve("millrace")).isExecutable();
                Millrace.commandLine().parseArgs(words.subList(1, words.size()).toArray(String[]::new));
            }
            case "curl" ->
                assertThat(words)
                        .anyMatch(word -> word.startsWith("http://localhost:3113/v1/functions/")
                                || word.startsWith("http://localhost:3112/stream/"));
            case "mvn" -> assertThat(words).containsExactly("mvn", "verify");
            default -> assertThat(ROOT.resolve(words.getFirst())).isExecutable();
        }
    }

    private static String read(String page) {
        try {
            return Files.readString(ROOT.resolve(page));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
