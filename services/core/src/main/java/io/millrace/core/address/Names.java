package io.millrace.core.address;

import io.millrace.core.value.JsonText;
import java.nio.charset.StandardCharsets;

/** What every name must fulfil. How long it may be is the edge's business. */
final class Names {
    private Names() {}

    static void check(String field, String name) {
        int lone = JsonText.loneSurrogate(name);
        if (lone >= 0) {
            throw new MalformedNameException(
                    field + ": lone surrogate at index " + lone + " (expected: valid Unicode)");
        }
    }

    static byte[] utf8(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }
}
