package io.millrace.engine.subscription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** In what order, and on what, tasks are run that must not run beside each other. */
class SerialTest {
    private final Queue<Runnable> threads = new ArrayDeque<>();
    private final List<String> ran = new ArrayList<>();
    private final Serial serial = new Serial(threads::add);

    @Test
    void nothingIsRunByTheCallerAndWhatCameFirstIsRunFirst() {
        serial.execute(() -> ran.add("one"));
        serial.execute(() -> ran.add("two"));
        assertThat(ran).isEmpty();
        threads.remove().run();
        assertThat(ran).containsExactly("one", "two");
    }

    @Test
    void whatATaskAddsIsRunAfterItEvenIfNoFurtherThreadIsToBeHad() {
        serial.execute(() -> {
            serial.execute(() -> ran.add("inner"));
            ran.add("outer");
        });
        threads.remove().run();
        assertThat(ran).containsExactly("outer", "inner");
        assertThat(threads).isEmpty();
    }

    @Test
    void aTaskThatFailsTakesNoOtherWithIt() {
        serial.execute(() -> {
            throw new IllegalStateException("a bug");
        });
        serial.execute(() -> ran.add("next"));
        assertThatThrownBy(() -> threads.remove().run()).hasMessage("a bug");
        threads.remove().run();
        assertThat(ran).containsExactly("next");
    }
}
