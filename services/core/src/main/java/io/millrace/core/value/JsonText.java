package io.millrace.core.value;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes compact JSON text. Every code point of a string is written by itself and always the same way (short escapes
 * where JSON has them, {@code \}{@code u00xx} in lower case for other control characters, raw UTF-8 for all else), so
 * equal strings are equal bytes, and the text of a string's beginning is the beginning of the string's text.
 */
public final class JsonText {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private static final byte[] NOTHING = {};

    private byte[] bytes;
    private int length;

    /** Text with room for 256 bytes, which grows by itself. */
    public JsonText() {
        this(256);
    }

    /** Text with room for {@code expectedBytes}, which grows by itself. */
    public JsonText(int expectedBytes) {
        bytes = new byte[expectedBytes];
    }

    /** Adds ASCII text as it is. */
    @SuppressWarnings("deprecation") // Each character is one byte, which that method copies and the others convert.
    public JsonText raw(String ascii) {
        room(ascii.length());
        ascii.getBytes(0, ascii.length(), bytes, length);
        length += ascii.length();
        return this;
    }

    /** Adds a string value. Text with a lone surrogate is an {@link IllegalArgumentException}. */
    public JsonText quoted(String text) {
        return raw("\"").begun(text).raw("\"");
    }

    /** Adds the escaped text of a string without its quotes: the beginning of every string that begins so. */
    public JsonText begun(String text) {
        int lone = loneSurrogate(text);
        if (lone >= 0) {
            throw new IllegalArgumentException("text: lone surrogate at index " + lone + " (expected: valid Unicode)");
        }
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        int plainFrom = 0;
        for (int i = 0; i < utf8.length; i++) {
            byte b = utf8[i];
            boolean plain = b < 0 || (b >= 0x20 && b != '"' && b != '\\');
            if (!plain) {
                utf8(utf8, plainFrom, i);
                escape(b);
                plainFrom = i + 1;
            }
        }
        return utf8(utf8, plainFrom, utf8.length);
    }

    /** Adds an integer. */
    public JsonText number(long number) {
        return raw(Long.toString(number));
    }

    /** Adds a value. */
    public JsonText json(Json value) {
        return utf8(value.utf8());
    }

    /** Adds text that is already JSON. */
    public JsonText utf8(byte[] text) {
        return utf8(text, 0, text.length);
    }

    /** Adds a part of a text that is already JSON, {@code to} exclusive. */
    public JsonText utf8(byte[] text, int from, int to) {
        room(to - from);
        System.arraycopy(text, from, bytes, length, to - from);
        length += to - from;
        return this;
    }

    /** Where {@code text} has half of a surrogate pair, which UTF-8 cannot hold; -1 if nowhere. */
    public static int loneSurrogate(String text) {
        int i = 0;
        while (i < text.length()) {
            char unit = text.charAt(i);
            boolean half = Character.isSurrogate(unit);
            boolean pair = half && i + 1 < text.length() && Character.isSurrogatePair(unit, text.charAt(i + 1));
            if (half && !pair) {
                return i;
            }
            i += pair ? 2 : 1;
        }
        return -1;
    }

    /** How many bytes have been written. */
    public int sizeBytes() {
        return length;
    }

    /** A copy of the text. */
    public byte[] bytes() {
        return Arrays.copyOf(bytes, length);
    }

    /** The text as a value, with which this ends. The caller vouches that it is one whole document. */
    public Json toJson() {
        return Json.ofTrusted(taken());
    }

    /** The text, with which this ends: not copied if its size was expected exactly. */
    public byte[] taken() {
        byte[] all = length == bytes.length ? bytes : bytes();
        bytes = NOTHING;
        length = 0;
        return all;
    }

    private void escape(byte b) {
        switch (b) {
            case '"' -> raw("\\\"");
            case '\\' -> raw("\\\\");
            case '\b' -> raw("\\b");
            case '\f' -> raw("\\f");
            case '\n' -> raw("\\n");
            case '\r' -> raw("\\r");
            case '\t' -> raw("\\t");
            default -> {
                raw("\\u00");
                room(2);
                bytes[length++] = HEX[b >> 4];
                bytes[length++] = HEX[b & 0xf];
            }
        }
    }

    private void room(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more + 16));
        }
    }
}
