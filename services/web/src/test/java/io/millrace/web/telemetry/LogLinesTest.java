package io.millrace.web.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.millrace.core.value.Json;
import io.millrace.engine.surface.LogRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LogLinesTest {
    private final Logger programs = (Logger) LoggerFactory.getLogger("io.millrace.program");
    private final ListAppender<ILoggingEvent> written = new ListAppender<>();
    private final LogLines lines = new LogLines();

    @BeforeEach
    void listen() {
        programs.setLevel(Level.TRACE);
        programs.setAdditive(false);
        written.start();
        programs.addAppender(written);
    }

    @AfterEach
    void cease() {
        programs.detachAppender(written);
    }

    @Test
    void aRecordIsALineOfItsLevelUnderItsService() {
        lines.accept(record("svc.x", 13, "careful {}"));
        assertThat(written.list).singleElement().satisfies(line -> {
            assertThat(line.getLoggerName()).isEqualTo("io.millrace.program.svc_x");
            assertThat(line.getLevel()).isEqualTo(Level.WARN);
            assertThat(line.getFormattedMessage()).isEqualTo("careful {}");
            assertThat(line.getKeyValuePairs()).extracting(Object::toString).contains("data=\"{\"a\":1}\"");
        });
    }

    @Test
    void aProgramCannotForgeLines() {
        lines.accept(record("svc", 9, "one\n2026-01-01 ERROR two\r\u001b[31m"));
        assertThat(written.list.getFirst().getFormattedMessage()).isEqualTo("one\\n2026-01-01 ERROR two  [31m");
    }

    @Test
    void aLongMessageIsCut() {
        lines.accept(record("svc", 9, "x".repeat(100_000)));
        assertThat(written.list.getFirst().getFormattedMessage()).hasSize(8_001).endsWith("…");
    }

    @Test
    void namesAreNotTakenWithoutEnd() {
        for (int i = 0; i < 1_001; i++) {
            lines.accept(record("svc-" + i, 9, "hello"));
        }
        assertThat(written.list.getLast().getLoggerName()).isEqualTo("io.millrace.program.others");
    }

    private static LogRecord record(String service, int severityNumber, String body) {
        Json attributes = Json.ofText("{\"log.data\":{\"a\":1}}");
        return new LogRecord(
                1, 1, severityNumber, "", body, attributes, "0a", null, Json.ofText("{}"), service, null, null);
    }
}
