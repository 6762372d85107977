package io.millrace.web.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PermessageDeflateTest {
    private static final String PLAIN = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

    private static String answer(String... lines) {
        HeaderMap headers = new HeaderMap();
        for (String line : lines) {
            headers.add(Headers.SEC_WEB_SOCKET_EXTENSIONS, line);
        }
        return String.valueOf(PermessageDeflate.answer(headers));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "permessage-deflate",
                "permessage-deflate; client_max_window_bits",
                "permessage-deflate;client_max_window_bits=10;server_no_context_takeover",
                "permessage-deflate; client_no_context_takeover; client_max_window_bits=\"15\"",
                "x-webkit-deflate-frame, permessage-deflate",
                "permessage-deflate; server_max_window_bits=10, permessage-deflate",
            })
    void anOfferThatWeCanTakeUpIsAnsweredWithoutTakeover(String offer) {
        assertThat(answer(offer)).isEqualTo(PLAIN);
    }

    @ParameterizedTest
    @CsvSource({
        "permessage-deflate; server_max_window_bits=15",
        "permessage-deflate; server_max_window_bits=\"15\"; client_max_window_bits",
    })
    void theWindowThatWeHaveIsConfirmedToThoseWhoLimitIt(String offer) {
        assertThat(answer(offer)).isEqualTo(PLAIN + "; server_max_window_bits=15");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "permessage-bzip2",
                "permessage-deflate; server_max_window_bits",
                "permessage-deflate; server_max_window_bits=9",
                "permessage-deflate; server_max_window_bits=015",
                "permessage-deflate; client_max_window_bits=7",
                "permessage-deflate; client_max_window_bits=16",
                "permessage-deflate; server_no_context_takeover=1",
                "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
                "permessage-deflate; unknown",
                "permessage-deflate;",
            })
    void anyOtherOfferIsDeclined(String offer) {
        assertThat(answer(offer)).isEqualTo("null");
    }

    @ParameterizedTest
    @ValueSource(strings = {"permessage-deflate"})
    void offersMayStandInSeveralLines(String offer) {
        assertThat(answer("something-else", offer)).isEqualTo(PLAIN);
    }
}
