package io.millrace.core.value;

import java.math.BigInteger;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ValueNode;

/**
 * Reads JSON text into trees. Integers are exact within the signed and the unsigned 64-bit range, every other number is a
 * double; of repeated fields the last one wins; a number beyond a double's range and a lone surrogate are errors.
 */
public final class JsonReader {
    /** How deep what we wrote ourselves may nest: whatever was let in, wrapped in a frame. */
    private static final int TRUSTED_DEPTH = 10_000;

    static final JsonReader TRUSTED = new JsonReader(TRUSTED_DEPTH);

    private final JsonMapper mapper;

    /** A reader that refuses documents nested deeper than {@code maxDepth} arrays and objects. */
    public JsonReader(int maxDepth) {
        StreamReadConstraints constraints = StreamReadConstraints.builder()
                .maxNestingDepth(maxDepth)
                .maxStringLength(Integer.MAX_VALUE)
                .maxNameLength(Integer.MAX_VALUE)
                .maxNumberLength(1_000)
                .build();
        JsonFactory factory =
                JsonFactory.builder().streamReadConstraints(constraints).build();
        mapper = JsonMapper.builder(factory)
                .nodeFactory(new ExactNumbers())
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                .build();
    }

    /**
     * Reads one document, which must fill the text.
     *
     * @throws MalformedJsonException if it does not
     */
    public JsonNode tree(byte[] utf8) {
        try {
            JsonNode tree = mapper.readTree(utf8);
            if (tree.isMissingNode()) {
                throw new MalformedJsonException("EOF while parsing a value");
            }
            return tree;
        } catch (JacksonException e) {
            throw new MalformedJsonException(message(e));
        }
    }

    /** Reads one document. See {@link #tree(byte[])}. */
    public Json json(byte[] utf8) {
        return Json.of(tree(utf8));
    }

    static byte[] write(JsonNode tree) {
        return TRUSTED.mapper.writeValueAsBytes(tree);
    }

    private static String message(JacksonException e) {
        String said = String.valueOf(e.getOriginalMessage());
        if (e.getLocation() == null || e.getLocation().getLineNr() < 1) {
            return said;
        }
        return said + " at line " + e.getLocation().getLineNr() + " column "
                + e.getLocation().getColumnNr();
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
        public tools.jackson.databind.node.NumericNode numberNode(double number) {
            if (Double.isInfinite(number)) {
                throw new MalformedJsonException("number out of range");
            }
            return super.numberNode(number);
        }
    }
}
