package dev.rekey.k8s;

import java.util.Optional;
import javax.net.ssl.KeyManager;
import org.jspecify.annotations.Nullable;

/** Who we are to the apiservers: a client certificate, a bearer token, or both. Safe for threads; its text holds neither. */
final class Credentials {
    private final KeyManager @Nullable [] keyManagers;
    private final @Nullable TokenSource tokens;
    private String token;

    private Credentials(KeyManager @Nullable [] keyManagers, @Nullable TokenSource tokens, String token) {
        this.keyManagers = keyManagers;
        this.tokens = tokens;
        this.token = token;
    }

    /** Where a token comes from, the first time and when it has run out. */
    interface TokenSource {
        String token() throws UnusableException;
    }

    /** The token is read at once, so that one that cannot be had is known before any call. */
    static Credentials of(KeyManager @Nullable [] keyManagers, @Nullable TokenSource tokens) throws UnusableException {
        return new Credentials(keyManagers, tokens, tokens == null ? "" : tokens.token());
    }

    Optional<KeyManager[]> keyManagers() {
        return Optional.ofNullable(keyManagers);
    }

    /** The value of the header Authorization; empty where there is no token. */
    synchronized String authorization() {
        return token.isEmpty() ? "" : "Bearer " + token;
    }

    /** Whether there is another token than the one in {@code rejected}, got anew if no other thread has done so. */
    synchronized boolean renew(String rejected) {
        if (tokens == null) {
            return false;
        }
        if (authorization().equals(rejected)) {
            try {
                token = tokens.token();
            } catch (UnusableException e) {
                return false;
            }
        }
        return !authorization().equals(rejected);
    }

    @Override
    public String toString() {
        return "Credentials[certificate " + (keyManagers != null) + ", token " + (tokens != null) + "]";
    }
}
