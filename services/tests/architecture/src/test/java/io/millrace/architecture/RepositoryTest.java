package io.millrace.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RepositoryTest {
    private final Checks ours = new Checks(Repository.here());

    @TempDir
    Path folder;

    @Test
    void noFileIsTooLongToBeRead() throws IOException {
        assertThat(ours.longFiles()).isEmpty();
        plant("A.java", "//\n".repeat(401));
        assertThat(planted().longFiles()).hasSize(1);
    }

    @Test
    void everyTestThatTheLawsNameExists() throws IOException {
        assertThat(ours.testsThatAreNamedAndNotThere("docs/invariants.md")).isEmpty();
        plant("src/SomeTest.java", "class SomeTest { void isThere() {} }");
        plant("docs/invariants.md", "`SomeTest.isThere`, `SomeTest.isGone`, `OtherTest.isThere`");
        assertThat(planted().testsThatAreNamedAndNotThere("docs/invariants.md")).hasSize(2);
    }

    @Test
    void everyLinkBetweenDocumentsLeadsSomewhere() throws IOException {
        assertThat(ours.brokenLinks()).isEmpty();
        plant("docs/a.md", "[b](b.md#part) [up](../README.md) [web](https://example.org/x) [gone](c.md)");
        plant("docs/b.md", "");
        plant("README.md", "[a](docs/a.md) [gone](docs/d.md)");
        assertThat(planted().brokenLinks())
                .containsExactly("README.md: docs/d.md is not there", "docs/a.md: c.md is not there");
    }

    @Test
    void aDecisionsNumberAndFileNameAgree() throws IOException {
        assertThat(ours.misnumberedDecisions()).isEmpty();
        plant("docs/adr/0001-good.md", "# 1. Good\n");
        plant("docs/adr/0002-other.md", "# 3. Other\n");
        plant("docs/adr/0001-again.md", "# 1. Again\n");
        assertThat(planted().misnumberedDecisions()).hasSize(2);
    }

    @Test
    void nothingNamesAMachineOfOurs() throws IOException {
        assertThat(ours.namesOfThisMachine()).isEmpty();
        plant("a.txt", "see /wor" + "k/shared and regis" + "try.npmjs.org");
        assertThat(planted().namesOfThisMachine()).hasSize(2);
    }

    private void plant(String file, String text) throws IOException {
        Path path = folder.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private Checks planted() {
        return new Checks(Repository.at(folder));
    }
}
