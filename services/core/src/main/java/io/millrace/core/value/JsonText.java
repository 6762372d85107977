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

    private byte[] bytes;
    private int length;

    /** Text with room for 256 bytes, which grows by itself. */
    public JsonText() {
        this(256);
    }

    /** Text with room for {@code expectedBytes}, which grows by itself. */
    public JsonText(int expectedBytes) {
        bytes = new byte[Math.max(16, expectedBytes)];
    }

    /** Adds ASCII text as it is. */
    public JsonText raw(String ascii) {
        room(ascii.length());
        for (int i = 0; i < ascii.length(); i++) {
            bytes[length++] = (byte) ascii.charAt(i);
        }
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
        room(utf8.length);
        for (byte b : utf8) {
            boolean plain = b < 0 || (b >= 0x20 && b != '"' && b != '\\');
            if (plain) {
                room(1);
                bytes[length++] = b;
            } else {
                escape(b);
            }
        }
        return this;
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
        room(text.length);
        System.arraycopy(text, 0, bytes, length, text.length);
        length += text.length;
        return this;
    }

    /** Where {@code text} has half of a surrogate pair, which UTF-8 cannot hold; -1 if nowhere. */
    public static int loneSurrogate(String text) {
        int i = 0;
        while (i < text.length()) {
            int point = text.codePointAt(i);
            if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
                return i;
            }
            i += Character.charCount(point);
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

    /** The text as a value. The caller vouches that it is one whole document. */
    public Json toJson() {
        return Json.ofTrusted(bytes());
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
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }
}
