package io.millrace.core.value;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/**
 * One JSON value: compact, valid UTF-8 text, and its tree when somebody needs it. Immutable: neither the bytes nor the
 * tree may be changed by whoever gets them.
 */
public final class Json {
    /** JSON's null, which is a value: an item that holds it exists. */
    public static final Json NULL = of(NullNode.getInstance());

    private volatile byte @Nullable [] utf8;
    private volatile @Nullable JsonNode tree;

    private Json(byte @Nullable [] utf8, @Nullable JsonNode tree) {
        this.utf8 = utf8;
        this.tree = tree;
    }

    /** The value of a tree, which must not change any more and holds no lone surrogates. */
    public static Json of(JsonNode tree) {
        return new Json(JsonReader.write(tree), tree);
    }

    /** The same for a tree that may never be written: its text comes into being when first asked for. */
    public static Json ofTree(JsonNode tree) {
        return new Json(null, tree);
    }

    /** The value of text that is known to be valid and compact, such as what the log holds. Takes over the bytes. */
    public static Json ofTrusted(byte[] utf8) {
        return new Json(utf8, null);
    }

    /** The value of valid text, for examples and tests. */
    public static Json ofText(String text) {
        return JsonReader.TRUSTED.json(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The compact text, not copied: whoever gets it must not change it. */
    public byte[] utf8() {
        byte[] known = utf8;
        if (known == null) {
            known = JsonReader.write(tree());
            utf8 = known;
        }
        return known;
    }

    /** The length of the compact text in bytes. */
    public int sizeBytes() {
        return utf8().length;
    }

    /**
     * The tree, read when first asked for. Not to be changed: {@code deepCopy()} it first.
     *
     * @throws UnreadableTextException if the text was trusted and is no JSON
     */
    public JsonNode tree() {
        JsonNode known = tree;
        if (known == null) {
            known = trusted();
            tree = known;
        }
        return known;
    }

    private JsonNode trusted() {
        byte[] text = utf8(); // one of the two is always there
        try {
            return JsonReader.TRUSTED.tree(text);
        } catch (MalformedJsonException e) {
            throw new UnreadableTextException("value of " + text.length + " bytes: " + e.getMessage());
        }
    }

    /** Whether this is JSON's null. */
    public boolean isNull() {
        JsonNode known = tree;
        if (known != null) {
            return known.isNull();
        }
        byte[] text = utf8();
        return text.length == 4 && text[0] == 'n';
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Json that && Arrays.equals(utf8(), that.utf8());
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(utf8());
    }

    @Override
    public String toString() {
        return new String(utf8(), StandardCharsets.UTF_8);
    }
}
