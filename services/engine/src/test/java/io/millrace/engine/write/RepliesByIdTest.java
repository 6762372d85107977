package io.millrace.engine.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.change.MutationId;
import io.millrace.core.change.Reply;
import io.millrace.core.change.Version;
import io.millrace.core.update.OpError;
import io.millrace.core.value.Json;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RepliesByIdTest {
    private final RepliesById replies = new RepliesById();

    @Test
    void aReplyComesBackAsItWas() {
        Reply.Done reply = new Reply.Done(
                Json.ofText("{\"ä\":null}"),
                null,
                List.of(new OpError(3, "set.target_not_object", "Not an öbject"), new OpError(4, "b", "")),
                new Version(1_700_000_000_000_000L));

        replies.put(new MutationId("grün"), reply, 5);

        assertThat(replies.find(new MutationId("grün"))).isEqualTo(reply);
        assertThat(replies.find(new MutationId("grun"))).isNull();
        assertThat(replies.oldestMs()).isEqualTo(5);
    }

    @Test
    void idsOfOneHashAreToldApart() {
        MutationId one = new MutationId("Aa");
        MutationId other = new MutationId("BB");
        assertThat(one).hasSameHashCodeAs(other);

        replies.put(one, reply("1"), 1);
        replies.put(other, reply("2"), 2);
        assertThat(replies.find(one)).isEqualTo(reply("1"));

        replies.removeOldest();
        assertThat(replies.find(one)).isNull();
        assertThat(replies.find(other)).isEqualTo(reply("2"));
    }

    @Test
    void theLastReplyUnderAnIdCounts() {
        MutationId id = new MutationId("again");
        replies.put(id, reply("1"), 1);
        replies.put(id, reply("2"), 2);
        assertThat(replies.find(id)).isEqualTo(reply("2"));

        replies.removeOldest();
        assertThat(replies.find(id)).isEqualTo(reply("2"));
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4})
    void whatIsNotRemovedIsFoundWhateverComesAndGoes(long seed) {
        Random random = new Random(seed);
        ArrayDeque<MutationId> expected = new ArrayDeque<>();
        int added = 0;
        for (int step = 0; step < 20_000; step++) {
            // Waves: it grows to thousands and shrinks to nothing, with a large value now and then.
            boolean growing = step / 4_000 % 2 == 0;
            if (expected.isEmpty() || random.nextInt(10) < (growing ? 8 : 2)) {
                MutationId id = new MutationId("m" + added);
                replies.put(id, sized(id, random.nextInt(200) == 0 ? 100_000 : random.nextInt(300)), added);
                expected.add(id);
                added++;
            } else {
                assertThat(replies.oldestMs()).isEqualTo(added - expected.size());
                replies.removeOldest();
                assertThat(replies.find(expected.remove())).isNull();
            }
            assertThat(replies.size()).isEqualTo(expected.size());
            if (!expected.isEmpty()) {
                assertFound(random.nextBoolean() ? expected.getFirst() : expected.getLast());
            }
        }
        expected.forEach(this::assertFound);

        replies.clear();
        assertThat(replies.sizeBytes()).isZero();
    }

    private void assertFound(MutationId id) {
        Reply.Done found = replies.find(id);
        assertThat(found).isNotNull();
        assertThat(found).extracting(Reply.Done::newValue).isEqualTo(Json.ofText('"' + id.text() + '"'));
    }

    private static Reply.Done sized(MutationId id, int bytes) {
        Json old = Json.ofText('"' + "x".repeat(bytes) + '"');
        return new Reply.Done(old, Json.ofText('"' + id.text() + '"'), List.of(), new Version(1));
    }

    private static Reply.Done reply(String json) {
        return new Reply.Done(null, Json.ofText(json), List.of(), new Version(1));
    }
}
