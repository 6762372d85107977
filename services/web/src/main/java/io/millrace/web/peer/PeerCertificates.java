package io.millrace.web.peer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * What a node shows others and what it trusts. Whoever has a certificate that is trusted is let in, from whatever address,
 * so it should be an authority of the fleet's own.
 *
 * @param keystore a PKCS12 file with this node's key and the certificates that are trusted
 * @param password of the file and of the key
 */
public record PeerCertificates(Path keystore, String password) {
    /**
     * Reads the file.
     *
     * @throws IllegalArgumentException if it cannot be used; the message says why
     */
    SSLContext context() {
        char[] secret = password.toCharArray();
        try (InputStream in = Files.newInputStream(keystore)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, secret);
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, secret);
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), new SecureRandom());
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "keystore " + keystore + ": " + e.getMessage()
                            + " (expected: PKCS12 with a key and trusted certificates, and its password)",
                    e);
        }
    }

    /** Leaves the password out. */
    @Override
    public String toString() {
        return "PeerCertificates[" + keystore + "]";
    }
}
