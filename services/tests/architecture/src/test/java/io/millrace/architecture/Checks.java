package io.millrace.architecture;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** What is true of every file of the repository. Each check gives the breaches. */
record Checks(Repository repository) {
    private static final int MAX_LINES = 400;
    private static final Pattern SOURCE = Pattern.compile("\\.(java|sh|ts|js|mjs)$");
    private static final Pattern TEST_NAME = Pattern.compile("`([A-Z]\\w*Test)\\.(\\w+)`");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]+)(?:#[^)]*)?\\)");
    private static final Pattern ADR_FILE = Pattern.compile("docs/adr/0*([0-9]+)-[a-z0-9-]+\\.md");
    private static final Pattern ADR_TITLE = Pattern.compile("\\A# ([0-9]+)\\. .+");

    /** Written in pieces, or this file would be the first to be found. */
    private static final Pattern ELSEWHERE = Pattern.compile(String.join(
            "|",
            "/wor" + "k/",
            "/tm" + "p/(wt|brief)",
            "/roo" + "t/",
            "/hom" + "e/[a-z]+/",
            "temu" + "rin-[0-9]+-jdk",
            "regis" + "try\\.[a-z]+\\.(org|com)",
            "rep" + "o1?\\.maven\\.",
            "[a-z0-9-]+\\.exa" + "mple\\.internal"));

    List<String> longFiles() {
        List<String> breaches = new ArrayList<>();
        for (Path file : repository.files(name -> SOURCE.matcher(name).find())) {
            long lines = repository.text(file).lines().count();
            if (lines > MAX_LINES) {
                breaches.add(file + ": " + lines + " lines (expected: at most " + MAX_LINES + ")");
            }
        }
        return breaches;
    }

    List<String> testsThatAreNamedAndNotThere(String document) {
        List<String> breaches = new ArrayList<>();
        for (MatchResult named :
                TEST_NAME.matcher(repository.text(document)).results().toList()) {
            String file = "/" + named.group(1) + ".java";
            boolean there = repository.files(name -> name.endsWith(file)).stream()
                    .anyMatch(test -> Pattern.compile("void " + named.group(2) + "\\(")
                            .matcher(repository.text(test))
                            .find());
            if (!there) {
                breaches.add(document + ": " + named.group() + " is no test");
            }
        }
        return breaches;
    }

    List<String> brokenLinks() {
        List<String> breaches = new ArrayList<>();
        for (Path page : repository.files(name -> name.endsWith(".md"))) {
            Path folder = page.getParent() == null ? Path.of("") : page.getParent();
            for (MatchResult link :
                    LINK.matcher(repository.text(page)).results().toList()) {
                String target = link.group(1);
                if (!target.contains("://")
                        && !repository.has(folder.resolve(target).normalize().toString())) {
                    breaches.add(page + ": " + target + " is not there");
                }
            }
        }
        return breaches;
    }

    List<String> misnumberedDecisions() {
        List<String> breaches = new ArrayList<>();
        List<String> seen = new ArrayList<>();
        for (Path file : repository.files(name -> name.startsWith("docs/adr/"))) {
            var name = ADR_FILE.matcher(file.toString());
            var title = ADR_TITLE.matcher(repository.text(file));
            if (!name.matches()
                    || !title.find()
                    || !name.group(1).equals(title.group(1))
                    || seen.contains(name.group(1))) {
                breaches.add(file + ": its name and its title must give the same number, which no other has");
            } else {
                seen.add(name.group(1));
            }
        }
        return breaches;
    }

    List<String> namesOfThisMachine() {
        List<String> breaches = new ArrayList<>();
        for (Path file : repository.files(name -> true)) {
            ELSEWHERE
                    .matcher(repository.text(file))
                    .results()
                    .forEach(found -> breaches.add(file + ": " + found.group() + " means nothing elsewhere"));
        }
        return breaches;
    }
}
