package io.millrace.web.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.value.Json;
import io.millrace.web.listen.Bind;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HealthServerTest {
    private final HealthServer server = HealthServer.open(new Bind("127.0.0.1", 0, "health.port"), new StartingNode());
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void close() {
        http.close();
        server.close();
    }

    @Test
    void probesAndMetricsAreAnswered() throws Exception {
        assertThat(answer("GET", "/health/live")).isEqualTo("200 {\"status\":\"up\"}");
        assertThat(answer("GET", "/health/ready")).isEqualTo("503 {\"status\":\"down\"}");
        assertThat(answer("GET", "/metrics")).isEqualTo("200 millrace_sockets 0");
    }

    @Test
    void nothingCanBeDone() throws Exception {
        assertThat(answer("GET", "/v1/functions")).startsWith("404 ");
        assertThat(answer("POST", "/v1/functions/state::set")).startsWith("404 ");
        assertThat(answer("POST", "/health/live")).startsWith("405 ");
    }

    private String answer(String method, String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        return answer.statusCode() + " " + answer.body();
    }

    /** Lives and is not ready. */
    private static final class StartingNode implements Observed {
        @Override
        public Condition live() {
            return new Condition(true, Json.ofText("{\"status\":\"up\"}"));
        }

        @Override
        public Condition ready() {
            return new Condition(false, Json.ofText("{\"status\":\"down\"}"));
        }

        @Override
        public String metrics() {
            return "millrace_sockets 0";
        }
    }
}
