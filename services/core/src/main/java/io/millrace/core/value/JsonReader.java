package io.millrace.core.value;

import java.math.BigInteger;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamWriteConstraints;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NumericNode;
import tools.jackson.databind.node.ValueNode;

/**
 * Reads JSON text into trees. Integers are exact within the signed and the unsigned 64-bit range, every other number is a
 * double; of repeated fields the last one wins; a number beyond a double's range, a lone surrogate, a byte order mark and
 * every encoding but UTF-8 are errors.
 */
public final class JsonReader {
    /** The deepest limit a reader may be given. */
    public static final int MAX_DEPTH = 1_000;

    /** How deep what we wrote ourselves may nest: what was let in, put at the end of an op's path, in a frame. */
    private static final int TRUSTED_DEPTH = MAX_DEPTH + 100;

    private static final int MAX_NUMBER_LENGTH = 1_000;

    static final JsonReader TRUSTED = new JsonReader(TRUSTED_DEPTH, TRUSTED_DEPTH);

    private final JsonMapper mapper;
    private final int maxDepth;

    /**
     * A reader that refuses documents nested deeper than {@code maxDepth} arrays and objects.
     *
     * @param maxDepth from 1 to {@value #MAX_DEPTH}
     */
    public JsonReader(int maxDepth) {
        this(maxDepth, MAX_DEPTH);
    }

    private JsonReader(int maxDepth, int limit) {
        if (maxDepth < 1 || maxDepth > limit) {
            throw new IllegalArgumentException("maxDepth: " + maxDepth + " (expected: 1 to " + limit + ")");
        }
        this.maxDepth = maxDepth;
        StreamReadConstraints reads = StreamReadConstraints.builder()
                .maxNestingDepth(maxDepth)
                .maxStringLength(Integer.MAX_VALUE)
                .maxNameLength(Integer.MAX_VALUE)
                .maxNumberLength(MAX_NUMBER_LENGTH)
                .build();
        StreamWriteConstraints writes =
                StreamWriteConstraints.builder().maxNestingDepth(TRUSTED_DEPTH).build();
        JsonFactory factory = JsonFactory.builder()
                .streamReadConstraints(reads)
                .streamWriteConstraints(writes)
                .build();
        mapper = JsonMapper.builder(factory)
                .nodeFactory(new ExactNumbers())
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();
    }

    /**
     * Reads one document, which must fill the text.
     *
     * @throws MalformedJsonException if it does not
     */
    public JsonNode tree(byte[] utf8) {
        Encoding.check(utf8);
        try {
            JsonNode tree = mapper.readTree(utf8);
            if (tree.isMissingNode()) {
                throw new MalformedJsonException("EOF while parsing a value");
            }
            return tree;
        } catch (JacksonException e) {
            throw refusal(e);
        }
    }

    /** Reads one document. See {@link #tree(byte[])}. */
    public Json json(byte[] utf8) {
        return Json.of(tree(utf8));
    }

    static byte[] write(JsonNode tree) {
        return TRUSTED.mapper.writeValueAsBytes(tree);
    }

    private MalformedJsonException refusal(JacksonException e) {
        if (e.getCause() instanceof MalformedJsonException ours) {
            return ours;
        }
        String message = phrase(e);
        if (e.getLocation() != null && e.getLocation().getLineNr() >= 1) {
            message += " at line " + e.getLocation().getLineNr() + " column "
                    + e.getLocation().getColumnNr();
        }
        return new MalformedJsonException(message);
    }

    private String phrase(JacksonException e) {
        String said = String.valueOf(e.getOriginalMessage());
        return switch (e) {
            case StreamConstraintsException ignored ->
                said.contains("nesting depth")
                        ? "nested deeper than " + maxDepth
                        : "number of more than " + MAX_NUMBER_LENGTH + " characters";
            case DatabindException ignored -> "trailing characters";
            case JacksonException ignored
            when said.startsWith("Unexpected end-of-input") -> "EOF while parsing a value";
            // What follows the first clause names the parser's own features and sources.
            case JacksonException ignored -> said.split(" \\(|: | '", 2)[0];
        };
    }

    /** Keeps 64-bit integers exact and makes doubles of all that lies beyond. */
    private static final class ExactNumbers extends JsonNodeFactory {
        private static final long serialVersionUID = 1L;

        @Override
        public ValueNode numberNode(BigInteger number) {
            boolean signed = number.bitLength() < 64;
            boolean unsigned = number.signum() >= 0 && number.bitLength() == 64;
            if (signed || unsigned) {
                return super.numberNode(number);
            }
            return numberNode(number.doubleValue());
        }

        @Override
        public NumericNode numberNode(double number) {
            if (Double.isInfinite(number)) {
                throw new MalformedJsonException("number out of range");
            }
            return super.numberNode(number);
        }
    }
}
