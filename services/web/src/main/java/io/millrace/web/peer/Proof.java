package io.millrace.web.peer;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * How a node shows that it knows the fleet's secret: an HMAC over what both have said of themselves, nonces included, and
 * over who dialed. So it is good for that connection and that direction alone.
 */
final class Proof {
    private static final String ALGORITHM = "HmacSHA256";

    private Proof() {}

    /** The proof, in hexadecimal. */
    static String of(String secret, boolean dialer, byte[] dialerHello, byte[] acceptorHello) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM));
            mac.update((dialer ? "millrace peer: dialer" : "millrace peer: acceptor").getBytes(StandardCharsets.UTF_8));
            // With their lengths, so that no two pairs are the same bytes.
            for (byte[] hello : new byte[][] {dialerHello, acceptorHello}) {
                mac.update(
                        ByteBuffer.allocate(Integer.BYTES).putInt(hello.length).array());
                mac.update(hello);
            }
            return HexFormat.of().formatHex(mac.doFinal());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(ALGORITHM + " is missing (expected: in every JDK)", e);
        }
    }

    /** Compares in a time that does not tell how far they are equal. */
    static boolean equal(String expected, String actual) {
        return MessageDigest.isEqual(
                expected.getBytes(StandardCharsets.UTF_8), actual.getBytes(StandardCharsets.UTF_8));
    }
}
