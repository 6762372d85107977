package io.millrace.engine.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.address.Group;
import io.millrace.core.address.RecordKey;
import io.millrace.core.address.StateAddress;
import io.millrace.core.address.StreamAddress;
import io.millrace.core.value.Json;
import io.millrace.engine.port.Received;
import io.millrace.engine.port.TopicPartition;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class FilterTest {
    private static Received record(String topic, RecordKey key, String frame) {
        return new Received(
                new TopicPartition(topic, 0), 0, Instant.EPOCH, key, Json.ofText(frame), Received.Headers.NONE);
    }

    private static Received state(String scope, String key) {
        return record("state.changes", new StateAddress(scope, key).recordKey(), "{}");
    }

    private static Received item(String stream, String group, String id) {
        return record("stream.changes", new StreamAddress(stream, group, id).recordKey(), "{}");
    }

    private static Received event(String stream, String group, String id) {
        return record("stream.events", new Group(stream, group).eventKey(), "{\"id\":" + id + "}");
    }

    @Test
    void aStateTriggerMatchesItsScopeAndKeyExactly() {
        assertThat(Filter.state("todos", "1").matches(state("todos", "1"))).isTrue();
        assertThat(Filter.state("todos", "1").matches(state("todos", "2"))).isFalse();
        assertThat(Filter.state("todos", null).matches(state("todos", "2"))).isTrue();
        assertThat(Filter.state("todos", null).matches(state("todos2", "2"))).isFalse();
        assertThat(Filter.state("", null).matches(state("", "k"))).isTrue();
        assertThat(Filter.state("", null).matches(state("x", "k"))).isFalse();
        assertThat(Filter.state(null, null).matches(state("x", "k"))).isTrue();
        assertThat(Filter.state(null, null).matches(item("x", "k", "i"))).isFalse();
    }

    @Test
    void aKeyInAnyScopeIsNotTakenForTheEndOfAnother() {
        Filter filter = Filter.state(null, "k");

        assertThat(filter.matches(state("any", "k"))).isTrue();
        assertThat(filter.matches(state("any", "kk"))).isFalse();
        assertThat(filter.matches(state("any", "\",\"key\":\"k"))).isFalse();
        assertThat(filter.matches(state("\",\"key\":\"k", "other"))).isFalse();
    }

    @Test
    void aStreamTriggerMatchesItsStreamAndWhatElseIsGiven() {
        assertThat(Filter.stream("s", null, null).matches(item("s", "g", "i"))).isTrue();
        assertThat(Filter.stream("s", null, null).matches(item("s2", "g", "i"))).isFalse();
        assertThat(Filter.stream("s", "g", null).matches(item("s", "g", "i"))).isTrue();
        assertThat(Filter.stream("s", "g", null).matches(item("s", "g2", "i"))).isFalse();
        assertThat(Filter.stream("s", "g", "i").matches(item("s", "g", "i"))).isTrue();
        assertThat(Filter.stream("s", "g", "i").matches(item("s", "g", "j"))).isFalse();
        assertThat(Filter.stream("s", null, "i").matches(item("s", "any", "i"))).isTrue();
        assertThat(Filter.stream("s", null, "i").matches(item("s", "any", "j"))).isFalse();
    }

    @Test
    void anEventMatchesByItsGroupAndTheIdItWasSentWith() {
        assertThat(Filter.stream("s", null, null).matches(event("s", "g", "null")))
                .isTrue();
        assertThat(Filter.stream("s", "g", null).matches(event("s", "g", "null")))
                .isTrue();
        assertThat(Filter.stream("s", "g2", null).matches(event("s", "g", "null")))
                .isFalse();
        assertThat(Filter.stream("s", "g", "i").matches(event("s", "g", "\"i\"")))
                .isTrue();
        assertThat(Filter.stream("s", null, "i").matches(event("s", "g", "null")))
                .isFalse();
    }
}
