package io.millrace.web.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.change.Version;
import io.millrace.core.value.Json;
import io.millrace.engine.function.FunctionDescription;
import io.millrace.engine.function.Outcome;
import io.millrace.engine.trigger.Binding;
import io.millrace.engine.worker.FromWorker;
import io.millrace.engine.worker.FromWorker.Action;
import io.millrace.engine.worker.ToWorker;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes over the wire, to the byte. The inputs are what the npm clients send. */
class MessagesTest {
    private static final String ID = "00000000-0000-0001-0000-000000000002";
    private static final UUID ONE = new UUID(1, 2);

    private final MessageReader reader = new MessageReader(64);

    private @Nullable FromWorker read(String text) throws UnreadableMessageException {
        return reader.read(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String written(ToWorker message) {
        return new String(MessageWriter.json(message), StandardCharsets.UTF_8);
    }

    private static Json json(String text) {
        return Json.ofText(text);
    }

    @Test
    void callsAreRead() throws Exception {
        assertThat(read("{\"type\":\"invokefunction\",\"invocation_id\":\"" + ID
                        + "\",\"function_id\":\"x\",\"data\":{\"q\":1},\"action\":{\"type\":\"enqueue\","
                        + "\"queue\":\"jobs\"},\"metadata\":{\"mm\":1},\"traceparent\":\"t\",\"baggage\":\"b\"}"))
                .isEqualTo(new FromWorker.Invoke(
                        ONE, "x", json("{\"q\":1}"), new Action.Enqueue("jobs"), "t", "b", json("{\"mm\":1}")));
        assertThat(read("{\"type\":\"invokefunction\",\"function_id\":\"undef\",\"action\":{\"type\":\"void\"}}"))
                .isEqualTo(new FromWorker.Invoke(null, "undef", Json.NULL, new Action.Forget(), null, null, null));
        assertThat(read("{\"type\":\"invokefunction\",\"function_id\":\"f\",\"invocation_id\":null,"
                        + "\"data\":null,\"action\":null,\"metadata\":null}"))
                .isEqualTo(new FromWorker.Invoke(null, "f", Json.NULL, new Action.Call(), null, null, null));
    }

    @Test
    void answersAreRead() throws Exception {
        String begun = "{\"type\":\"invocationresult\",\"invocation_id\":\"" + ID + "\",\"function_id\":\"f\"";
        assertThat(read(begun + ",\"result\":{\"a\":1}}"))
                .isEqualTo(new FromWorker.Result(ONE, new Outcome.Result(json("{\"a\":1}"))));
        assertThat(read(begun + ",\"result\":null}")).isEqualTo(new FromWorker.Result(ONE, new Outcome.NoResult()));
        assertThat(read(begun + "}")).isEqualTo(new FromWorker.Result(ONE, new Outcome.NoResult()));
        assertThat(read(begun + ",\"result\":1,\"error\":{\"code\":\"c\",\"message\":\"m\",\"stacktrace\":\"s\"}}"))
                .isEqualTo(new FromWorker.Result(ONE, new Outcome.Failure("c", "m", false, null, "s")));
        assertThat(read(begun + ",\"error\":\"odd\"}"))
                .isEqualTo(new FromWorker.Result(ONE, new Outcome.Failure("UNKNOWN", "odd")));
    }

    @Test
    void registrationsAreRead() throws Exception {
        assertThat(read("{\"type\":\"registerfunction\",\"description\":\"d\",\"metadata\":{\"internal\":false},"
                        + "\"request_format\":{\"type\":\"object\"},\"id\":\"h::http\"}"))
                .isEqualTo(new FromWorker.RegisterFunction(
                        new FunctionDescription(
                                "h::http", "d", json("{\"type\":\"object\"}"), null, json("{\"internal\":false}")),
                        null));
        assertThat(read("{\"type\":\"registerfunction\",\"id\":\"e\",\"invocation\":{\"url\":\"https://e\"}}"))
                .isEqualTo(new FromWorker.RegisterFunction(
                        new FunctionDescription("e", null, null, null, null), json("{\"url\":\"https://e\"}")));
        assertThat(read(
                        "{\"type\":\"registertrigger\",\"function_id\":\"h\",\"config\":{\"a\":1},\"metadata\":{\"z\":1},"
                                + "\"id\":\"8\",\"message_type\":\"registertrigger\",\"trigger_type\":\"http\"}"))
                .isEqualTo(new FromWorker.RegisterTrigger("8", "http", "h", json("{\"a\":1}"), json("{\"z\":1}")));
        assertThat(read("{\"type\":\"registertrigger\",\"function_id\":\"h\",\"id\":\"8\",\"trigger_type\":\"t\"}"))
                .isEqualTo(new FromWorker.RegisterTrigger("8", "t", "h", Json.NULL, null));
        assertThat(read("{\"type\":\"registertriggertype\",\"id\":\"t\",\"call_request_format\":{}}"))
                .isEqualTo(new FromWorker.RegisterTriggerType("t", "", null, json("{}")));
        assertThat(read("{\"type\":\"triggerregistrationresult\",\"id\":\"t-1\",\"function_id\":\"f\","
                        + "\"trigger_type\":\"my-tt\",\"error\":{\"code\":\"c\",\"message\":\"m\"}}"))
                .isEqualTo(new FromWorker.TriggerResult("t-1", "my-tt", new Outcome.Failure("c", "m")));
        assertThat(read("{\"type\":\"unregistertrigger\",\"id\":\"8\",\"message_type\":\"unregistertrigger\"}"))
                .isEqualTo(new FromWorker.UnregisterTrigger("8"));
        assertThat(read("{\"type\":\"unregistertriggertype\",\"id\":\"t\"}"))
                .isEqualTo(new FromWorker.UnregisterTriggerType("t"));
        assertThat(read("{\"type\":\"unregisterfunction\",\"id\":\"f\"}"))
                .isEqualTo(new FromWorker.UnregisterFunction("f"));
        assertThat(read("{\"type\":\"reattach\",\"previous_worker_id\":\"1\"}"))
                .isEqualTo(new FromWorker.Reattach("1", null));
        assertThat(read("{\"type\":\"ping\"}")).isEqualTo(new FromWorker.Ping());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " \r\n\t",
                "{\"type\":\"pong\"}",
                "{\"type\":\"registerservice\",\"id\":\"s\",\"name\":\"s\"}"
            })
    void whatSaysNothingIsNoMessage(String text) throws Exception {
        assertThat(read(text)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "1",
                "null",
                "{}",
                "{\"type\":1}",
                "{\"type\":\"Ping\"}",
                "{\"type\":\"invokefunction\"}",
                "{\"type\":\"invokefunction\",\"function_id\":1}",
                "{\"type\":\"invokefunction\",\"function_id\":\"f\",\"action\":{\"type\":\"fly\"}}",
                "{\"type\":\"invokefunction\",\"function_id\":\"f\",\"action\":{\"type\":\"enqueue\"}}",
                "{\"type\":\"invokefunction\",\"function_id\":\"f\",\"action\":\"void\"}",
                "{\"type\":\"invokefunction\",\"function_id\":\"f\",\"invocation_id\":7}",
                "{\"type\":\"invocationresult\",\"result\":1}",
                "{\"type\":\"registertrigger\",\"id\":\"8\",\"trigger_type\":\"t\"}",
                "{\"type\":\"ping\"} {}"
            })
    void whatIsNoMessageSaysWhy(String text) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(UnreadableMessageException.class);
    }

    @Test
    void whatNestsTooDeepIsNoMessage() {
        String deep = "[".repeat(70) + "]".repeat(70);
        assertThatThrownBy(() -> read("{\"type\":\"invokefunction\",\"function_id\":\"f\",\"data\":" + deep + "}"))
                .hasMessageContaining("nested deeper");
    }

    @Test
    void callsAreWritten() {
        assertThat(written(new ToWorker.Invoke(ONE, "f", json("{\"a\":1}"), "t", "b", json("{}"), "w")))
                .isEqualTo("{\"type\":\"invokefunction\",\"invocation_id\":\"" + ID
                        + "\",\"function_id\":\"f\",\"data\":{\"a\":1,\"_caller_worker_id\":\"w\"},"
                        + "\"traceparent\":\"t\",\"baggage\":\"b\",\"metadata\":{}}");
        assertThat(written(new ToWorker.Invoke(ONE, "f", json("{}"), null, null, null, "w")))
                .contains("\"data\":{\"_caller_worker_id\":\"w\"}}");
        assertThat(written(new ToWorker.Invoke(ONE, "f", json("[1]"), null, null, null, "w")))
                .endsWith("\"data\":[1]}");
        assertThat(written(new ToWorker.Invoke(ONE, "f", json("{\"a\":1}"), null, null, null, null)))
                .endsWith("\"data\":{\"a\":1}}");
        assertThat(written(new ToWorker.Invoke(
                        ONE, "f", json("{\"_caller_worker_id\":\"forged\",\"a\":1}"), null, null, null, "w")))
                .contains("\"data\":{\"_caller_worker_id\":\"w\",\"a\":1}");
    }

    @Test
    void answersAreWritten() {
        String begun = "{\"type\":\"invocationresult\",\"invocation_id\":\"" + ID + "\",\"function_id\":\"f\"";
        assertThat(written(new ToWorker.Result(ONE, "f", new Outcome.Result(Json.NULL), null, null)))
                .isEqualTo(begun + ",\"result\":null}");
        assertThat(written(new ToWorker.Result(ONE, "f", new Outcome.NoResult(), "t", "b")))
                .isEqualTo(begun + ",\"traceparent\":\"t\",\"baggage\":\"b\"}");
        assertThat(written(new ToWorker.Result(ONE, "f", new Outcome.Failure("c", "m\ud800"), null, null)))
                .isEqualTo(begun + ",\"error\":{\"code\":\"c\",\"message\":\"m?\"}}");
        assertThat(written(new ToWorker.Result(
                        ONE, "f", new Outcome.Failure("c", "m", true, new Version(5), "s"), null, null)))
                .isEqualTo(begun + ",\"error\":{\"code\":\"c\",\"message\":\"m\",\"stacktrace\":\"s\","
                        + "\"retriable\":true,\"current_version\":5}}");
    }

    @Test
    void theRestIsWritten() {
        assertThat(written(new ToWorker.Registered("w", "t")))
                .isEqualTo("{\"type\":\"workerregistered\",\"worker_id\":\"w\",\"reattach_token\":\"t\"}");
        assertThat(written(new ToWorker.RegistrationRejected("f", "")))
                .isEqualTo("{\"type\":\"registrationrejected\",\"code\":\"FUNCTION_NAMESPACE_CONFLICT\","
                        + "\"namespace\":\"default\",\"function_id\":\"f\",\"owner_worker_id\":\"\"}");
        assertThat(written(new ToWorker.RegisterTrigger(new Binding("8", "tt", "f", json("{\"a\":1}"), null, "w"))))
                .isEqualTo("{\"type\":\"registertrigger\",\"id\":\"8\",\"trigger_type\":\"tt\",\"function_id\":\"f\","
                        + "\"config\":{\"a\":1}}");
        assertThat(written(new ToWorker.UnregisterTrigger("8", "tt")))
                .isEqualTo("{\"type\":\"unregistertrigger\",\"id\":\"8\",\"trigger_type\":\"tt\"}");
        assertThat(written(new ToWorker.TriggerRefused("8", "tt", "f", "c", "m")))
                .isEqualTo("{\"type\":\"triggerregistrationresult\",\"id\":\"8\",\"trigger_type\":\"tt\","
                        + "\"function_id\":\"f\",\"error\":{\"code\":\"c\",\"message\":\"m\"}}");
        assertThat(written(new ToWorker.Pong())).isEqualTo("{\"type\":\"pong\"}");
    }
}
