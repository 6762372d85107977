package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.value.Json;
import io.millrace.engine.channel.Channels;
import io.millrace.engine.function.FunctionDescription;
import io.millrace.engine.function.Invoker;
import io.millrace.engine.function.LocalFunction;
import io.millrace.engine.function.Outcome;
import io.millrace.engine.trigger.Binding;
import io.millrace.web.http.HttpEvents;
import io.millrace.web.http.HttpTriggers;
import io.millrace.web.http.HttpTriggersConfig;
import io.millrace.web.listen.Bind;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

class HttpTriggerTest {
    private final Invoker functions = new Invoker();
    private final BlockingQueue<JsonNode> got = new LinkedBlockingQueue<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private final HttpTriggers http = HttpTriggers.open(
            new HttpTriggersConfig(
                    new Bind("127.0.0.1", 0, "http.port"),
                    1,
                    new HttpTriggersConfig.Limits(Duration.ofSeconds(30), 10, 100_000, 100_000, 100_000, 100),
                    HttpTriggersConfig.Cors.OPEN,
                    List.of(),
                    false),
            functions,
            new Channels(UUID::randomUUID, InstantSource.system()),
            (delay, task) -> () -> {},
            InstantSource.system(),
            Runnable::run,
            HttpEvents.NONE,
            () -> Duration.ZERO);
    private Json result = Json.ofText("{}");

    @BeforeEach
    void route() {
        functions.add(List.of(new LocalFunction(FunctionDescription.of("f", "f"), invocation -> {
            got.add(invocation.payload().tree());
            return CompletableFuture.completedStage(new Outcome.Result(result));
        })));
        for (String method : List.of("GET", "POST")) {
            Json config = Json.ofText("{\"api_path\":\"/x/:id\",\"http_method\":\"" + method + "\"}");
            http.type().bind(new Binding(method, "http", "f", config, null, null));
        }
    }

    @AfterEach
    void close() {
        client.shutdownNow();
        http.close();
    }

    static List<Example> answers() {
        return Example.valid("triggers/http.answer");
    }

    @Test
    void whatFunctionsGetIsAsDescribed() throws Exception {
        send(request("/x/1?a=b"));
        send(request("/x/2")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"a\":[1]}")));
        send(request("/x/3").POST(HttpRequest.BodyPublishers.ofString("text")));

        assertThat(got)
                .hasSize(3)
                .allSatisfy(payload -> assertThat(Schemas.problems("triggers/http.payload", payload))
                        .isEmpty());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("answers")
    void anAnswerAsDescribedIsSent(Example answer) throws Exception {
        result = answer.json();

        HttpResponse<String> response = send(request("/x/1"));

        JsonNode status = answer.json().tree().path("status_code");
        assertThat(response.statusCode()).isEqualTo(status.asInt(200));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + http.port() + path));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
