package io.millrace.web.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.address.Group;
import io.millrace.core.change.Frames;
import io.millrace.core.value.Json;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ServerSentEventsTest {
    private static final Group TODOS = new Group("todo", "all");

    private static String event(Json frame, String cursor) {
        return new String(ServerSentEvents.event(frame, cursor), StandardCharsets.UTF_8);
    }

    @Test
    void aFrameIsOneEventWhoseIdIsTheCursor() {
        assertThat(event(Json.ofText("{\"a\":\"\u00fc\"}"), "e.0.1.0.5"))
                .isEqualTo("id: e.0.1.0.5\ndata: {\"a\":\"\u00fc\"}\n\n");
    }

    @Test
    void withoutACursorTheIdStaysWhatItWas() {
        assertThat(event(Json.ofText("1"), "")).isEqualTo("data: 1\n\n");
    }

    @Test
    void whatOnlyTellsACursorIsNotDispatched() {
        assertThat(event(Frames.cursor(TODOS, null, 1), "c")).isEqualTo("id: c\n\n");
    }

    @Test
    void whatOnlyLooksLikeACursorIsDispatched() {
        Json alike = Json.ofText("{\"event\":{\"type\":\"cursor\"}}");
        assertThat(event(Frames.event(TODOS, null, "cursor", alike, 1), "c")).contains("\ndata: {");
        assertThat(event(Frames.itemSync(TODOS, "a", alike, 1), "c")).contains("\ndata: {");
    }

    @Test
    void lineBreaksOfValuesAreEscapedAndEndNoEvent() {
        Json text = Json.ofText("{\r\n\"a\":\n\"one\\ntwo\\r\\u2028\"}");
        String event = event(Frames.itemSync(TODOS, "a", text, 1), "c");
        assertThat(event.indexOf("\n\n")).isEqualTo(event.length() - 2);
        assertThat(event.lines()).hasSize(3);
    }
}
