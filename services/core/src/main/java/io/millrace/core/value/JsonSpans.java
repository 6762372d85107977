package io.millrace.core.value;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Walks over the fields of a compact JSON object without reading what it does not need. Only for text that we wrote
 * ourselves; anything else is an {@link UnreadableTextException}.
 *
 * <pre>{@code
 * JsonSpans fields = new JsonSpans(utf8);
 * while (fields.next()) {
 *     if (fields.named("version")) version = fields.number();
 * }
 * }</pre>
 */
public final class JsonSpans {
    private final byte[] utf8;
    private int at;
    private int nameFrom;
    private int nameTo;
    private int valueFrom;
    private int valueTo;

    /** Starts before the first field of the object that {@code utf8} is. */
    public JsonSpans(byte[] utf8) {
        this(utf8, 0);
    }

    private JsonSpans(byte[] utf8, int from) {
        this.utf8 = utf8;
        this.at = from;
        expect('{');
    }

    /** Goes to the next field. Says whether there is one. */
    public boolean next() {
        if (peek() == '}') {
            return false;
        }
        if (peek() == ',') {
            at++;
        }
        nameFrom = at + 1;
        at = stringEnd(at);
        nameTo = at - 1;
        expect(':');
        valueFrom = at;
        at = valueEnd(at);
        valueTo = at;
        return true;
    }

    /** Whether this field has that name, which must be ASCII without escapes. */
    public boolean named(String name) {
        return equal(name, nameFrom, nameTo);
    }

    private boolean equal(String ascii, int from, int to) {
        if (ascii.length() != to - from) {
            return false;
        }
        for (int i = 0; i < ascii.length(); i++) {
            if (utf8[from + i] != ascii.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** The value of this field. */
    public Json json() {
        return Json.ofTrusted(Arrays.copyOfRange(utf8, valueFrom, valueTo));
    }

    /** Whether the value of this field is the string {@code text}, which must be ASCII without escapes. */
    public boolean is(String text) {
        return utf8[valueFrom] == '"' && equal(text, valueFrom + 1, valueTo - 1);
    }

    /** The fields of the object that this field is. */
    public JsonSpans object() {
        return new JsonSpans(utf8, valueFrom);
    }

    /** The objects of the array that this field is. */
    public List<JsonSpans> objects() {
        List<JsonSpans> objects = new ArrayList<>();
        int from = valueFrom + 1;
        while (byteAt(from) != ']') {
            objects.add(new JsonSpans(utf8, from));
            int end = nestedEnd(from);
            from = byteAt(end) == ',' ? end + 1 : end;
        }
        return objects;
    }

    /** The string that this field is. */
    public String text() {
        return json().tree().stringValue();
    }

    /** The integer that this field is. */
    public long number() {
        String text = new String(utf8, valueFrom, valueTo - valueFrom, StandardCharsets.US_ASCII);
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new UnreadableTextException("number: " + text + " (expected: a 64-bit integer)");
        }
    }

    private int valueEnd(int from) {
        return switch (byteAt(from)) {
            case '"' -> stringEnd(from);
            case '{', '[' -> nestedEnd(from);
            default -> scalarEnd(from);
        };
    }

    private int nestedEnd(int from) {
        int depth = 0;
        int i = from;
        while (true) {
            switch (byteAt(i)) {
                case '"' -> i = stringEnd(i);
                case '{', '[' -> {
                    depth++;
                    i++;
                }
                case '}', ']' -> {
                    depth--;
                    i++;
                    if (depth == 0) {
                        return i;
                    }
                }
                default -> i++;
            }
        }
    }

    private int stringEnd(int from) {
        if (byteAt(from) != '"') {
            throw unreadable(from, "a string");
        }
        int i = from + 1;
        while (byteAt(i) != '"') {
            i += utf8[i] == '\\' ? 2 : 1;
        }
        return i + 1;
    }

    private int scalarEnd(int from) {
        int i = from;
        while (byteAt(i) != ',' && utf8[i] != '}' && utf8[i] != ']') {
            i++;
        }
        if (i == from) {
            throw unreadable(from, "a value");
        }
        return i;
    }

    private void expect(char c) {
        if (peek() != c) {
            throw unreadable(at, "'" + c + "'");
        }
        at++;
    }

    private byte peek() {
        return byteAt(at);
    }

    private byte byteAt(int index) {
        if (index >= utf8.length) {
            throw unreadable(index, "more text");
        }
        return utf8[index];
    }

    private UnreadableTextException unreadable(int index, String expected) {
        return new UnreadableTextException(
                "text at byte " + index + " of " + utf8.length + " (expected: " + expected + ")");
    }
}
