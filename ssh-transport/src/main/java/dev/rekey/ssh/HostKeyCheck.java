package dev.rekey.ssh;

import com.jcraft.jsch.HostKey;
import com.jcraft.jsch.HostKeyRepository;
import com.jcraft.jsch.UserInfo;
import dev.rekey.ssh.KnownHosts.Mark;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Judges the key that one host shows in one handshake, and remembers it for the refusal. A certificate too: JSch is told of no
 * authority, so it takes no certificate by its own rules, which let wildcards name a host, and asks here about the key in it.
 */
final class HostKeyCheck implements HostKeyRepository {
    private final String host;
    private final String source;
    private final List<KnownHosts.Line> lines;
    private final Set<Fingerprint> pins;
    private final HandshakeTap tap = new HandshakeTap();
    private volatile byte @Nullable [] offered;
    private volatile String certificateFault = "";
    private volatile boolean revoked;
    private volatile boolean rejected;

    private HostKeyCheck(String host, String source, List<KnownHosts.Line> lines, Set<Fingerprint> pins) {
        this.host = host;
        this.source = source;
        this.lines = lines;
        this.pins = pins;
    }

    static HostKeyCheck of(String host, int port, @Nullable KnownHosts known, Set<Fingerprint> pins) {
        return known == null
                ? new HostKeyCheck(host, "the pinned key", List.of(), Set.copyOf(pins))
                : new HostKeyCheck(host, known.source(), known.of(host, port), Set.of());
    }

    /** Must hear the handshake. */
    HandshakeTap tap() {
        return tap;
    }

    @Override
    public int check(String name, byte[] key) {
        int verdict = judge(key);
        rejected = verdict != OK;
        return verdict;
    }

    /** Whether a key was shown and not accepted. */
    boolean rejected() {
        return rejected;
    }

    private int judge(byte[] key) {
        offered = key.clone();
        if (!pins.isEmpty()) {
            return pins.contains(Fingerprint.of(key)) ? OK : CHANGED;
        }
        revoked = isAmong(marked(Mark.REVOKED), key);
        if (revoked) {
            return CHANGED;
        }
        Optional<Certificate> certificate = tap.certificate().filter(shown -> shown.isOf(key));
        certificateFault = certificate.map(this::faultOf).orElse("");
        if (certificate.isPresent() && certificateFault.isEmpty()) {
            return OK;
        }
        List<KnownHosts.Line> keys = marked(Mark.NONE);
        if (isAmong(keys, key)) {
            return OK;
        }
        return keys.isEmpty() ? NOT_INCLUDED : CHANGED;
    }

    private String faultOf(Certificate shown) {
        byte[] authority = shown.authority();
        String signer = "it is signed by the authority " + Fingerprint.of(authority) + ", ";
        if (isAmong(marked(Mark.REVOKED), authority)) {
            return signer + "which " + source + " marks as @revoked";
        }
        List<KnownHosts.Line> trusted = marked(Mark.AUTHORITY);
        return isAmong(trusted, authority)
                ? shown.faultAsHost(host, Instant.now())
                : signer + "and " + source + " has " + named(trusted);
    }

    private static String named(List<KnownHosts.Line> some) {
        return some.stream()
                .map(line -> line.type() + " " + line.fingerprint() + " (line " + line.number() + ")")
                .collect(Collectors.joining(", "));
    }

    private List<KnownHosts.Line> marked(Mark mark) {
        return lines.stream().filter(line -> line.mark() == mark).toList();
    }

    private static boolean isAmong(List<KnownHosts.Line> some, byte[] key) {
        return some.stream().anyMatch(line -> MessageDigest.isEqual(line.key(), key));
    }

    /** {@code all} reordered, so that the host shows the kind of key that is recorded; {@code without} are not asked for. */
    String algorithms(String all, Set<String> without) {
        List<String> names = Arrays.stream(all.split(",", -1))
                .filter(name -> !without.contains(typeOf(name)))
                .toList();
        Set<String> recorded =
                marked(Mark.NONE).stream().map(KnownHosts.Line::type).collect(Collectors.toSet());
        Set<String> ordered = new LinkedHashSet<>();
        if (!marked(Mark.AUTHORITY).isEmpty()) {
            names.stream().filter(name -> name.endsWith(Certificate.SUFFIX)).forEach(ordered::add);
        }
        names.stream().filter(name -> recorded.contains(typeOf(name))).forEach(ordered::add);
        names.stream().filter(name -> !name.endsWith(Certificate.SUFFIX)).forEach(ordered::add);
        return String.join(",", ordered);
    }

    /** The type of key that an algorithm signs with; a certificate is a type of its own. */
    private static String typeOf(String algorithm) {
        return algorithm.matches("rsa-sha2-(256|512)") ? "ssh-rsa" : algorithm;
    }

    boolean isPinned() {
        return !pins.isEmpty();
    }

    /** The type of key that was shown; empty where none was. */
    String offeredType() {
        byte[] key = offered;
        return key == null ? "" : Fingerprint.typeOf(key);
    }

    /** What was shown and what was expected, as a part of a message; empty where no key was shown. */
    String difference() {
        byte[] key = offered;
        if (key == null) {
            return "";
        }
        String shown = "it shows the " + Fingerprint.typeOf(key) + " key " + Fingerprint.of(key);
        if (!pins.isEmpty()) {
            return shown + ", and pinned is "
                    + pins.stream().map(Fingerprint::text).sorted().collect(Collectors.joining(" or "));
        }
        if (revoked) {
            return shown + ", which " + source + " marks as @revoked";
        }
        String expected = named(marked(Mark.NONE));
        return expected.isEmpty()
                ? shown + ", and " + source + " has no key for it"
                : shown + ", and " + source + " has " + expected;
    }

    /** What is wrong with the certificate that was shown, as the end of a message; empty where none was, or nothing is. */
    String certificateFault() {
        return certificateFault.isEmpty()
                ? ""
                : tap.certificate()
                                .map(shown -> "'" + shown.id() + "' is refused: ")
                                .orElse("")
                        + certificateFault;
    }

    @Override
    public HostKey[] getHostKey() {
        return new HostKey[0];
    }

    @Override
    public HostKey[] getHostKey(String name, @Nullable String type) {
        return getHostKey();
    }

    @Override
    public void add(HostKey key, UserInfo user) {
        throw new IllegalStateException("host keys are only ever read");
    }

    @Override
    public void remove(String name, String type) {
        throw new IllegalStateException("host keys are only ever read");
    }

    @Override
    public void remove(String name, String type, byte[] key) {
        throw new IllegalStateException("host keys are only ever read");
    }

    @Override
    public String getKnownHostsRepositoryID() {
        return source;
    }
}
