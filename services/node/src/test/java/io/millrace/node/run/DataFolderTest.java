package io.millrace.node.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {
    @TempDir
    Path parent;

    @Test
    void aFolderIsMadeAndMayBeTakenAgainAfterItWasLetGo() {
        Path path = parent.resolve("a/b");
        DataFolder.open(path).close();
        DataFolder.open(path).close();
        assertThat(path.resolve("lock")).exists();
    }

    @Test
    void aFolderInUseIsRefusedWithTheProcessThatHasIt() {
        try (DataFolder held = DataFolder.open(parent)) {
            assertThat(held.resolve("x")).isEqualTo(parent.resolve("x"));
            assertThatThrownBy(() -> DataFolder.open(parent))
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining("in use by another millrace (process "
                            + ProcessHandle.current().pid() + ")");
        }
    }

    @Test
    void aFileInItsPlaceIsRefusedInOneSentence() throws IOException {
        Path file = Files.writeString(parent.resolve("file"), "");
        assertThatThrownBy(() -> DataFolder.open(file))
                .isInstanceOf(StartException.class)
                .hasMessageStartingWith("the data folder " + file + " cannot be used")
                .hasMessageEndingWith(".");
    }

    @Test
    void aMadeUpNodeIdIsKept() {
        try (DataFolder folder = DataFolder.open(parent)) {
            assertThat(folder.nodeId(Optional.empty(), () -> "node-1")).isEqualTo("node-1");
            assertThat(folder.nodeId(Optional.empty(), () -> "node-2")).isEqualTo("node-1");
        }
    }

    @Test
    void aConfiguredNodeIdWins() {
        try (DataFolder folder = DataFolder.open(parent)) {
            assertThat(folder.nodeId(Optional.of("mine"), () -> "node-1")).isEqualTo("mine");
        }
    }
}
