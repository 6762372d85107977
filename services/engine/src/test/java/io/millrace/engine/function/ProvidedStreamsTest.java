package io.millrace.engine.function;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.address.Group;
import io.millrace.core.change.MutationId;
import io.millrace.core.value.Json;
import io.millrace.engine.write.UnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProvidedStreamsTest {
    private static final String ITEM = "'stream_name':'todo','group_id':'all','item_id':'1'";
    private static final String SET = "{" + ITEM + ",'data':{'a':1},'more':[]}";
    private static final String UPDATE = "{" + ITEM + ",'ops':[{'type':'set','path':'a','value':1}]}";
    private static final Group TODOS = new Group("todo", "all");
    private static final Instant NOW = Instant.ofEpochMilli(1_700_000_000_123L);
    private static final Instant DEADLINE = NOW.plusSeconds(30);

    private final InMemoryStore store = new InMemoryStore(1_000);
    private final Invoker functions = new Invoker();
    private final List<Throwable> untold = new ArrayList<>();
    private final ProvidedStreams provided = new ProvidedStreams(functions, InstantSource.fixed(NOW), untold::add);
    private final List<Invocation> asked = new ArrayList<>();

    ProvidedStreamsTest() {
        functions.add(BuiltIns.functions(
                        store,
                        store,
                        store,
                        provided,
                        Caller.LIMITS,
                        () -> new MutationId("generated"),
                        InstantSource.fixed(NOW),
                        Runnable::run)
                .locals());
    }

    private void provide(String id, Outcome outcome) {
        functions.add(List.of(new LocalFunction(FunctionDescription.of(id, "provided"), invocation -> {
            asked.add(invocation);
            return CompletableFuture.completedStage(outcome);
        })));
    }

    private void provide(String id, String result) {
        provide(id, new Outcome.Result(json(result)));
    }

    private static Json json(String text) {
        return Json.ofText(text.replace('\'', '"'));
    }

    private Outcome call(String id, String payload) {
        CompletionStage<Outcome> stage =
                functions.invoke(new Invocation(id, json(payload), DEADLINE, Invocation.Context.traced(Caller.TRACE)));
        assertThat(stage).isCompleted();
        return stage.toCompletableFuture().join();
    }

    private static Outcome result(String json) {
        return new Outcome.Result(json(json));
    }

    private List<String> told() {
        return store.sent.stream().map(InMemoryStore.Sent::frame).toList();
    }

    @Test
    void aProviderGetsTheRequestAsItCame() {
        provide("stream::set(todo)", "{'old_value':null,'new_value':2}");
        call("stream::set", SET);
        assertThat(asked).singleElement().satisfies(invocation -> {
            assertThat(invocation.payload()).isEqualTo(json(SET));
            assertThat(invocation.deadline()).isEqualTo(DEADLINE);
            assertThat(invocation.context().traceParent()).isEqualTo(Caller.TRACE);
        });
        assertThat(store.submitted).isEmpty();
    }

    @Test
    void otherStreamsAndOtherOperationsAreOurs() {
        provide("stream::set(todo)", "{'new_value':2}");
        call("stream::set", SET.replace("todo", "todos"));
        call("stream::update", UPDATE);
        assertThat(asked).isEmpty();
        assertThat(store.submitted).hasSize(2);
        assertThat(store.sent).isEmpty();
    }

    @Test
    void aWriteTellsOldAndNewValueAndNoVersion() {
        provide("stream::set(todo)", "{'old_value':{'a':0},'new_value':{'a':1},'extra':1,'errors':[]}");
        provide("stream::update(todo)", "{'new_value':null,'errors':[{'code':'x'}]}");
        assertThat(call("stream::set", SET)).isEqualTo(result("{'old_value':{'a':0},'new_value':{'a':1}}"));
        assertThat(call("stream::update", UPDATE))
                .isEqualTo(result("{'old_value':null,'new_value':null,'errors':[{'code':'x'}]}"));
    }

    @Test
    void aWriteIsToldAsCreateOrUpdateWithRisingTimestamps() {
        provide("stream::set(todo)", "{'new_value':1}");
        provide("stream::update(todo)", "{'old_value':1,'new_value':2}");
        provide("stream::delete(todo)", "{'old_value':2}");
        call("stream::set", SET);
        call("stream::update", UPDATE);
        call("stream::delete", "{" + ITEM + "}");
        String head = "{\"type\":\"stream\",\"timestamp\":170000000012%d,\"streamName\":\"todo\",\"groupId\":\"all\","
                + "\"id\":\"1\",\"event\":{\"type\":\"%s\",\"data\":%d}}";
        assertThat(told())
                .containsExactly(
                        head.formatted(3, "create", 1), head.formatted(4, "update", 2), head.formatted(5, "delete", 2));
        assertThat(store.sent).allSatisfy(sent -> {
            assertThat(sent.group()).isEqualTo(TODOS);
            assertThat(sent.traceParent()).isEqualTo(Caller.TRACE);
        });
    }

    @ParameterizedTest
    @CsvSource(
            value = {"{}", "{'old_value':null}"},
            quoteCharacter = '"')
    void deletingWhatWasNotThereIsNotTold(String reply) {
        provide("stream::delete(todo)", reply);
        assertThat(call("stream::delete", "{" + ITEM + "}")).isEqualTo(result("{'old_value':null}"));
        assertThat(store.sent).isEmpty();
    }

    @Test
    void aWriteThatCouldNotBeToldHasHappenedAllTheSame() {
        provide("stream::set(todo)", "{'new_value':1}");
        store.failWith(new UnavailableException("no broker"));
        assertThat(call("stream::set", SET)).isEqualTo(result("{'old_value':null,'new_value':1}"));
        assertThat(untold).hasSize(1);
    }

    @Test
    void readsArePassedOnAsTheyAre() {
        String group = "{'stream_name':'todo','group_id':'all'}";
        provide("stream::get(todo)", "{'b':1,'a':2.0}");
        provide("stream::list(todo)", "{'anything':true}");
        provide("stream::list_groups(todo)", "['z','a']");
        assertThat(call("stream::get", "{" + ITEM + "}")).isEqualTo(result("{'b':1,'a':2.0}"));
        assertThat(call("stream::list", group)).isEqualTo(result("{'anything':true}"));
        assertThat(call("stream::list_groups", "{'stream_name':'todo'}")).isEqualTo(result("['z','a']"));
        assertThat(call("stream::list_all", "{}")).isEqualTo(result("{'stream':[],'count':0}"));
    }

    @Test
    void nullIsNoResultOfARead() {
        provide("stream::get(todo)", "null");
        assertThat(call("stream::get", "{" + ITEM + "}")).isEqualTo(new Outcome.NoResult());
        provide("stream::get(todo)", new Outcome.NoResult());
        assertThat(call("stream::get", "{" + ITEM + "}")).isEqualTo(new Outcome.NoResult());
    }

    @Test
    void aReadThatFailsFailsAsItDid() {
        Outcome.Failure failure = new Outcome.Failure("oops", "no luck", true, null, "line 1");
        provide("stream::get(todo)", failure);
        assertThat(call("stream::get", "{" + ITEM + "}")).isEqualTo(failure);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "stream::set    | STREAM_SET_ERROR    | Failed to set value",
                "stream::update | STREAM_UPDATE_ERROR | Failed to update value",
                "stream::delete | STREAM_DELETE_ERROR | Failed to delete value"
            })
    void aWriteThatFailsIsNamedAfterTheOperation(String operation, String code, String phrase) {
        String payload = "{" + ITEM + ",'data':1,'ops':[]}";
        provide(operation + "(todo)", new Outcome.Failure("oops", "no luck"));
        assertThat(call(operation, payload))
                .isEqualTo(new Outcome.Failure(code, phrase + ": Failed to invoke function: oops: no luck"));
        provide(operation + "(todo)", "null");
        assertThat(call(operation, payload)).isEqualTo(new Outcome.Failure(code, "Function returned no result"));
        provide(operation + "(todo)", new Outcome.NoResult());
        assertThat(call(operation, payload)).isEqualTo(new Outcome.Failure(code, "Function returned no result"));
        provide(operation + "(todo)", "7");
        assertThat(call(operation, payload))
                .isEqualTo(new Outcome.Failure(
                        "JSON_ERROR", "Failed to convert result to value: invalid type: integer `7`, expected a map"));
        assertThat(store.sent).isEmpty();
    }

    @Test
    void aWriteWithoutItsNewValueIsMisshapen() {
        provide("stream::set(todo)", "{'old_value':1}");
        assertThat(call("stream::set", SET))
                .isEqualTo(new Outcome.Failure(
                        "JSON_ERROR", "Failed to convert result to value: missing field `new_value`"));
        provide("stream::set(todo)", "{'new_value':1,'errors':{}}");
        assertThat(call("stream::set", SET)).isInstanceOf(Outcome.Failure.class);
        assertThat(store.sent).isEmpty();
    }

    @Test
    void aRequestThatIsNoneAndAValueTooLargeReachNobody() {
        provide("stream::set(todo)", "{'new_value':1}");
        provide("stream::update(todo)", "{'new_value':1}");
        assertThat(call("stream::set", "{" + ITEM + "}")).isInstanceOf(Outcome.Failure.class);
        assertThat(call("stream::update", "{" + ITEM + ",'ops':[{}]}")).isInstanceOf(Outcome.Failure.class);
        assertThat(call("stream::set", "{" + ITEM + ",'data':'" + "x".repeat(1_000) + "'}"))
                .isInstanceOf(Outcome.Failure.class);
        assertThat(asked).isEmpty();
    }

    @Test
    void snapshotsComeFromTheProvider() {
        assertThat(provided.sync(TODOS, null, DEADLINE)).isNull();
        provide("stream::list(todo)", "[{'id':'1'}]");
        provide("stream::get(todo)", "null");
        assertThat(provided.sync(TODOS, null, DEADLINE))
                .isCompletedWithValue(Json.ofText("{\"type\":\"stream\",\"timestamp\":1700000000123,"
                        + "\"streamName\":\"todo\",\"groupId\":\"all\",\"id\":null,"
                        + "\"event\":{\"type\":\"sync\",\"data\":[{\"id\":\"1\"}]}}"));
        assertThat(provided.sync(TODOS, "1", DEADLINE))
                .isCompletedWithValue(Json.ofText("{\"type\":\"stream\",\"timestamp\":1700000000124,"
                        + "\"streamName\":\"todo\",\"groupId\":\"all\",\"id\":\"1\","
                        + "\"event\":{\"type\":\"sync\",\"data\":null}}"));
        assertThat(asked)
                .extracting(Invocation::payload)
                .containsExactly(json("{'stream_name':'todo','group_id':'all'}"), json("{" + ITEM + "}"));
    }

    @Test
    void aSnapshotThatIsNotGivenIsUnavailable() {
        provide("stream::list(todo)", new Outcome.Failure("oops", "no luck"));
        assertThat(provided.sync(TODOS, null, DEADLINE))
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withCauseInstanceOf(UnavailableException.class)
                .withMessageContaining("oops: no luck");
    }
}
