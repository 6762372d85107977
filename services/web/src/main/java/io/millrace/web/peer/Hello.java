package io.millrace.web.peer;

import io.millrace.core.value.JsonReader;
import io.millrace.core.value.JsonText;
import io.millrace.core.value.MalformedJsonException;
import java.util.HexFormat;
import tools.jackson.databind.JsonNode;

/**
 * The first message each way: who somebody is.
 *
 * @param protocol the newest version it speaks
 * @param oldest the oldest version it still speaks
 * @param node its node id
 * @param startMs when its process was started
 * @param cluster the id of its Kafka cluster
 * @param to whom it means, empty if it does not know
 * @param secret whether there is a secret to be proved
 * @param nonce drawn for this connection, in hexadecimal
 */
record Hello(
        int protocol, int oldest, String node, long startMs, String cluster, String to, boolean secret, String nonce) {
    static final int PROTOCOL = 1;
    static final int NONCE_BYTES = 32;

    private static final int MAX_DEPTH = 8;
    private static final int MOST_CHARS = 256;
    private static final JsonReader READER = new JsonReader(MAX_DEPTH);

    byte[] utf8() {
        return new JsonText()
                .raw("{\"protocol\":")
                .number(protocol)
                .raw(",\"oldest\":")
                .number(oldest)
                .raw(",\"node\":")
                .quoted(node)
                .raw(",\"start\":")
                .number(startMs)
                .raw(",\"cluster\":")
                .quoted(cluster)
                .raw(",\"to\":")
                .quoted(to)
                .raw(",\"secret\":")
                .raw(secret ? "true" : "false")
                .raw(",\"nonce\":")
                .quoted(nonce)
                .raw("}")
                .bytes();
    }

    /** Reads one. Fields that are not known are ignored. */
    static Hello of(byte[] utf8) throws RefusedException {
        JsonNode tree = tree(utf8);
        Hello read = new Hello(
                tree.path("protocol").asInt(0),
                tree.path("oldest").asInt(0),
                tree.path("node").asString(""),
                tree.path("start").asLong(0),
                tree.path("cluster").asString(""),
                tree.path("to").asString(""),
                tree.path("secret").asBoolean(false),
                tree.path("nonce").asString(""));
        boolean named = !read.node.isEmpty() && read.node.length() <= MOST_CHARS;
        if (!named || !isNonce(read.nonce)) {
            throw new RefusedException("that is no introduction");
        }
        return read;
    }

    static JsonNode tree(byte[] utf8) throws RefusedException {
        try {
            return READER.tree(utf8);
        } catch (MalformedJsonException e) {
            throw new RefusedException("that is no JSON");
        }
    }

    private static boolean isNonce(String nonce) {
        return nonce.length() == 2 * NONCE_BYTES && nonce.chars().allMatch(HexFormat::isHexDigit);
    }
}
