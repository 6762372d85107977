package io.millrace.engine.function;

import io.millrace.core.address.KeyPrefix;
import io.millrace.core.address.RecordKey;
import io.millrace.core.address.Unit;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Which part of a unit a list asks for.
 *
 * @param from the first record key that may be in it
 * @param to the first that may not, null for no end
 * @param limit the most values to give
 * @param keys whether names and versions are asked for too
 */
record Page(RecordKey from, @Nullable RecordKey to, int limit, boolean keys) {
    private static final int MAX_LIMIT = 10_000;

    /** Reads {@code prefix}, {@code limit}, {@code cursor} and {@code keys}. */
    static Page read(Request request, Unit unit) {
        String prefix = request.optionalName("prefix");
        Integer limit = request.optionalInteger("limit", 1, MAX_LIMIT);
        String cursor = request.optionalText("cursor");
        boolean keys = request.flag("keys");
        KeyPrefix run = prefix == null ? unit.prefix() : KeyPrefix.ofNames(unit, prefix);
        RecordKey from = run.first();
        if (cursor != null) {
            RecordKey resumed = after(unit, cursor);
            from = resumed.compareTo(from) > 0 ? resumed : from;
        }
        return new Page(from, run.after(), limit == null ? Integer.MAX_VALUE : limit, keys);
    }

    /** Whether nothing can be in it: the cursor is beyond the prefix. */
    boolean isEmpty() {
        return to != null && from.compareTo(to) >= 0;
    }

    /** The first record key to look at: not beyond the end. */
    RecordKey start() {
        return to != null && isEmpty() ? to : from;
    }

    /** What to ask with for what comes after {@code name}. */
    static String cursor(String name) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(name.getBytes(StandardCharsets.UTF_8));
    }

    private static RecordKey after(Unit unit, String cursor) {
        try {
            byte[] utf8 = Base64.getUrlDecoder().decode(cursor);
            String name = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
            byte[] key = unit.address(name).recordKey().array();
            // No key lies between a key and the same with a zero byte more.
            return RecordKey.ofBytes(Arrays.copyOf(key, key.length + 1));
        } catch (IllegalArgumentException | CharacterCodingException e) {
            throw MalformedRequestException.invalidValue("`cursor`", "the cursor of an earlier page");
        }
    }
}
