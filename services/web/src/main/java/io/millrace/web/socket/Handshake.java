package io.millrace.web.socket;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The opening handshake of RFC 6455. */
public final class Handshake {
    private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final String VERSION = "13";
    private static final int NONCE_BYTES = 16;
    private static final HttpString SEC_WEBSOCKET_ACCEPT = new HttpString("Sec-WebSocket-Accept");

    private final List<String> allowedOrigins;

    /** A handshake that lets these origins in; none given: all of them. */
    public Handshake(List<String> allowedOrigins) {
        this.allowedOrigins = allowedOrigins;
    }

    /** Why a request cannot become a WebSocket: a status and a sentence. */
    public record Refusal(int status, String why) {}

    /** The refusal, or null if the request may become a WebSocket. */
    public @Nullable Refusal check(HttpServerExchange exchange) {
        HeaderMap headers = exchange.getRequestHeaders();
        if (!exchange.getRequestMethod().equals(Methods.GET)) {
            return new Refusal(405, "method " + exchange.getRequestMethod() + " (expected: GET)");
        }
        if (!names(headers, Headers.UPGRADE, "websocket") || !names(headers, Headers.CONNECTION, "upgrade")) {
            return new Refusal(426, "this port speaks WebSocket: connect with ws:// instead of http://");
        }
        if (!VERSION.equals(headers.getFirst(Headers.SEC_WEB_SOCKET_VERSION))) {
            return new Refusal(426, "Sec-WebSocket-Version (expected: " + VERSION + ")");
        }
        if (!isNonce(headers.getFirst(Headers.SEC_WEB_SOCKET_KEY))) {
            return new Refusal(400, "Sec-WebSocket-Key (expected: 16 bytes in base64)");
        }
        String origin = headers.getFirst(Headers.ORIGIN);
        if (origin != null && !allowedOrigins.isEmpty() && !allowedOrigins.contains(origin)) {
            return new Refusal(403, "origin " + origin + " is not allowed");
        }
        return null;
    }

    /** Fills in the answer of 101. Browsers that offer protocols insist on one: they get the first. */
    public void accept(HttpServerExchange exchange) {
        HeaderMap headers = exchange.getRequestHeaders();
        HeaderMap answer = exchange.getResponseHeaders();
        String key =
                String.valueOf(headers.getFirst(Headers.SEC_WEB_SOCKET_KEY)).trim();
        answer.put(Headers.UPGRADE, "websocket");
        answer.put(SEC_WEBSOCKET_ACCEPT, accepted(key));
        String offered = headers.getFirst(Headers.SEC_WEB_SOCKET_PROTOCOL);
        if (offered != null) {
            String protocol = offered.split(",", 2)[0].trim();
            if (!protocol.isEmpty()) {
                answer.put(Headers.SEC_WEB_SOCKET_PROTOCOL, protocol);
            }
        }
    }

    /** Fills in the answer that messages may be compressed, if the client offers what we can do. Says whether it does. */
    public boolean compress(HttpServerExchange exchange) {
        String answer = PermessageDeflate.answer(exchange.getRequestHeaders());
        if (answer != null) {
            exchange.getResponseHeaders().put(Headers.SEC_WEB_SOCKET_EXTENSIONS, answer);
        }
        return answer != null;
    }

    /** The answer to the key of a request. */
    static String accepted(String key) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-1").digest((key + MAGIC).getBytes(StandardCharsets.ISO_8859_1));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-1 is missing (expected: in every JDK)", e);
        }
    }

    private static boolean names(HeaderMap headers, HttpString header, String token) {
        for (String line : headers.eachValue(header)) {
            for (String value : line.split(",", -1)) {
                if (value.trim().toLowerCase(Locale.ROOT).equals(token)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isNonce(@Nullable String key) {
        if (key == null) {
            return false;
        }
        try {
            return Base64.getDecoder().decode(key.trim()).length == NONCE_BYTES;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Answers a request that does not become a WebSocket. */
    public static void refuse(HttpServerExchange exchange, Handshake.Refusal refusal) {
        exchange.setStatusCode(refusal.status());
        switch (refusal.status()) {
            case 401 -> exchange.getResponseHeaders().put(Headers.WWW_AUTHENTICATE, "Bearer");
            case 405 -> exchange.getResponseHeaders().put(Headers.ALLOW, "GET");
            case 426 -> {
                exchange.getResponseHeaders().put(Headers.UPGRADE, "websocket");
                exchange.getResponseHeaders().put(Headers.SEC_WEB_SOCKET_VERSION, "13");
            }
            case 429 -> exchange.getResponseHeaders().put(Headers.RETRY_AFTER, "5");
            case 503 -> exchange.getResponseHeaders().put(Headers.RETRY_AFTER, "1");
            default -> {}
        }
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "text/plain; charset=utf-8");
        exchange.getResponseSender().send(refusal.why() + "\n");
    }
}
