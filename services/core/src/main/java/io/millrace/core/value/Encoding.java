package io.millrace.core.value;

import org.jspecify.annotations.Nullable;

/**
 * The encoding rules that Jackson is lenient about: text is UTF-8 and nothing else, without a byte order mark, and its
 * escapes come to code points. Only then does a string survive being written again.
 */
final class Encoding {
    private static final int[] SMALLEST_OF_LENGTH = {0, 0, 0x80, 0x800, 0x10000};

    private final byte[] utf8;
    private int at;

    private Encoding(byte[] utf8) {
        this.utf8 = utf8;
    }

    /** Throws {@link MalformedJsonException} at the first offence. */
    static void check(byte[] utf8) {
        Encoding text = new Encoding(utf8);
        @Nullable String offence = text.startsWithMark() ? "byte order mark" : null;
        while (offence == null && text.at < utf8.length) {
            offence = text.step();
        }
        if (offence != null) {
            throw new MalformedJsonException(offence + " at byte " + text.at);
        }
    }

    private boolean startsWithMark() {
        return utf8.length >= 3 && (utf8[0] & 0xff) == 0xef && (utf8[1] & 0xff) == 0xbb && (utf8[2] & 0xff) == 0xbf;
    }

    /** Goes past one code point or escape, or says what is wrong with it. */
    private @Nullable String step() {
        byte b = utf8[at];
        if (b == '\\') {
            return escape();
        }
        if (b > 0) {
            at++;
            return null;
        }
        // A zero byte is how Jackson recognizes UTF-16 and UTF-32, and is in no JSON otherwise.
        return b == 0 ? "invalid UTF-8 for JSON" : sequence();
    }

    private @Nullable String sequence() {
        int lead = utf8[at] & 0xff;
        int length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
        if (lead < 0xc0 || lead > 0xf4 || at + length > utf8.length) {
            return "invalid UTF-8";
        }
        int point = lead & (0xff >> (length + 1));
        for (int i = 1; i < length; i++) {
            int next = utf8[at + i] & 0xff;
            if ((next & 0xc0) != 0x80) {
                return "invalid UTF-8";
            }
            point = point << 6 | (next & 0x3f);
        }
        boolean surrogate = point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
        if (point < SMALLEST_OF_LENGTH[length] || point > Character.MAX_CODE_POINT || surrogate) {
            return "invalid UTF-8";
        }
        at += length;
        return null;
    }

    private @Nullable String escape() {
        int unit = escapedUnit(at);
        if (unit < 0 || !Character.isSurrogate((char) unit)) {
            // Not a Unicode escape, or not one to be concerned about: the parser judges what follows.
            at += 2;
            return null;
        }
        int next = escapedUnit(at + 6);
        if (!Character.isHighSurrogate((char) unit) || next < 0 || !Character.isLowSurrogate((char) next)) {
            return "lone surrogate";
        }
        at += 12;
        return null;
    }

    /** The UTF-16 unit that the escape at {@code from} stands for, or -1 where there is none. */
    private int escapedUnit(int from) {
        if (from + 6 > utf8.length || utf8[from] != '\\' || utf8[from + 1] != 'u') {
            return -1;
        }
        int unit = 0;
        for (int i = from + 2; i < from + 6; i++) {
            int digit = Character.digit(utf8[i], 16);
            if (digit < 0) {
                return -1;
            }
            unit = unit << 4 | digit;
        }
        return unit;
    }
}
