package io.millrace.node.config;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Reads a file of settings: YAML, whose nested names are joined by dots, or Java properties. Values stay text, so both
 * mean the same whatever YAML would have made of {@code 0x10} or {@code no}.
 */
final class ConfigFile {
    private static final List<String> NAMES = List.of("millrace.yaml", "millrace.yml", "millrace.properties");

    private final String shown;
    private final List<String> problems;
    private final List<Given> given = new ArrayList<>();

    private ConfigFile(String shown, List<String> problems) {
        this.shown = shown;
        this.problems = problems;
    }

    /** The file's settings in its order. What is wrong with it is added to {@code problems}. */
    static List<Given> read(Optional<Path> asked, Path folder, List<String> problems) {
        Optional<Path> file = asked.map(folder::resolve)
                .or(() -> NAMES.stream()
                        .map(folder::resolve)
                        .filter(Files::exists)
                        .findFirst());
        if (file.isEmpty()) {
            return List.of();
        }
        String shown = asked.orElseGet(() -> file.get().getFileName()).toString();
        ConfigFile reading = new ConfigFile(shown, problems);
        try {
            String text = Files.readString(file.get());
            if (shown.endsWith(".properties")) {
                reading.properties(text);
            } else {
                reading.yaml(text);
            }
        } catch (NoSuchFileException e) {
            problems.add(shown + ": no such file");
        } catch (IOException e) {
            problems.add(shown + ": cannot be read (" + e.getClass().getSimpleName() + ": " + e.getMessage() + ")");
        }
        return reading.given;
    }

    private void properties(String text) throws IOException {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(text));
        } catch (IllegalArgumentException e) {
            problems.add(shown + ": " + e.getMessage());
        }
        properties.stringPropertyNames().stream()
                .sorted()
                .forEach(name -> given.add(new Given(name, properties.getProperty(name), shown)));
    }

    private void yaml(String text) {
        try {
            new Compose(LoadSettings.builder().setLabel(shown).build())
                    .composeString(text)
                    .filter(node -> !isEmpty(node))
                    .ifPresent(node -> visit("", node));
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(0);
            problems.add(shown + " line " + line + ": " + e.getProblem());
        } catch (YamlEngineException e) {
            problems.add(shown + ": " + e.getMessage());
        }
    }

    private void visit(String name, Node node) {
        if (node instanceof MappingNode mapping) {
            for (NodeTuple entry : mapping.getValue()) {
                if (entry.getKeyNode() instanceof ScalarNode key) {
                    visit(name.isEmpty() ? key.getValue() : name + "." + key.getValue(), entry.getValueNode());
                } else {
                    problems.add(at(entry.getKeyNode()) + ": a name must be text");
                }
            }
        } else if (name.isEmpty()) {
            problems.add(at(node) + ": settings must be written as name: value");
        } else if (node instanceof ScalarNode scalar) {
            given.add(new Given(name, isEmpty(node) ? "" : scalar.getValue(), at(node)));
        } else if (node instanceof SequenceNode sequence
                && sequence.getValue().stream().allMatch(ScalarNode.class::isInstance)) {
            List<String> parts = sequence.getValue().stream()
                    .map(part -> ((ScalarNode) part).getValue())
                    .toList();
            given.add(new Given(name, String.join(",", parts), at(node)));
        } else {
            problems.add(at(node) + ": " + name + " takes one value or a list of them");
        }
    }

    private static boolean isEmpty(Node node) {
        return node.getTag().equals(Tag.NULL);
    }

    private String at(Node node) {
        return shown
                + node.getStartMark()
                        .map(mark -> " line " + (mark.getLine() + 1))
                        .orElse("");
    }
}
