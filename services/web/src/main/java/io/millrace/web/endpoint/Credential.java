package io.millrace.web.endpoint;

import io.millrace.engine.worker.Endpoints;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.function.Function;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** How a call shows whom it comes from. */
sealed interface Credential {
    /** Not at all. */
    record None() implements Credential {}

    /** By a signature over its body. */
    record Hmac(SecretKeySpec secret) implements Credential {
        @Override
        public String toString() {
            return "Hmac";
        }
    }

    /** By a header with a fixed value. */
    record Header(String name, String value) implements Credential {
        @Override
        public String toString() {
            return "Header[" + name + "]";
        }
    }

    /**
     * What {@code {"type":"hmac"|"bearer"|"api_key",…}} describes. Secrets are named there, not given.
     *
     * @param environment gives the secret of a name
     * @throws Endpoints.RefusedException if it describes none, or there is no such secret
     */
    static Credential of(JsonNode auth, Function<String, @Nullable String> environment) {
        if (auth.isMissingNode() || auth.isNull()) {
            return new None();
        }
        return switch (auth.path("type").asString("")) {
            case "hmac" -> {
                String secret = secret(auth.path("secret_key"), "secret_not_found", environment);
                yield new Hmac(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            }
            case "bearer" ->
                new Header("Authorization", "Bearer " + secret(auth.path("token_key"), "token_not_found", environment));
            case "api_key" ->
                new Header(
                        auth.path("header").asString(""),
                        secret(auth.path("value_key"), "api_key_not_found", environment));
            default ->
                throw new Endpoints.RefusedException("invalid_auth", "auth.type (expected: hmac, bearer or api_key)");
        };
    }

    private static String secret(JsonNode name, String missing, Function<String, @Nullable String> environment) {
        String secret = name.isString() ? environment.apply(name.stringValue()) : null;
        if (secret == null || secret.isEmpty()) {
            throw new Endpoints.RefusedException(missing, "no environment variable " + name.asString("of that name"));
        }
        return secret;
    }

    /** Adds what shows it to a request. */
    default void sign(HttpRequest.Builder request, String timestamp, byte[] body) {
        switch (this) {
            case None ignored -> {}
            case Header(String name, String value) -> request.setHeader(name, value);
            case Hmac(SecretKeySpec secret) ->
                request.setHeader("x-iii-Signature", "sha256=" + signature(secret, timestamp, body));
        }
    }

    private static String signature(SecretKeySpec secret, String timestamp, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(secret);
            String signed = timestamp + ":" + Base64.getEncoder().encodeToString(body);
            return HexFormat.of().formatHex(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HmacSHA256: not there (expected: in every Java)", e);
        }
    }
}
