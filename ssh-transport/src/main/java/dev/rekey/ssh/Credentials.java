package dev.rekey.ssh;

import com.jcraft.jsch.AgentConnector;
import com.jcraft.jsch.AgentIdentityRepository;
import com.jcraft.jsch.AgentProxyException;
import com.jcraft.jsch.IdentityRepository;
import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.KeyPair;
import com.jcraft.jsch.SSHAgentConnector;
import dev.rekey.InvalidInputException;
import dev.rekey.RekeyException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a user shows to a host: key files, or an agent, never both, so that an explicit key is the only one that is tried and a
 * full agent cannot use up the host's patience.
 *
 * @param agent its socket; null where {@code SSH_AUTH_SOCK} names it, or keys are given
 */
record Credentials(
        List<KeyFile> keys, boolean usesAgent, @Nullable Path agent) {
    Credentials {
        keys = List.copyOf(keys);
    }

    /** @param passphrase asked only where the key is encrypted; its answer is wiped after use */
    record KeyFile(Path file, Supplier<char[]> passphrase) {
        static final Supplier<char[]> NONE = () -> new char[0];
    }

    /** Where they come from; not by whose callbacks, so that one passphrase opens one jump host for many. */
    Source source() {
        return new Source(keys.stream().map(KeyFile::file).toList(), usesAgent, agent);
    }

    /** Equal where the same user shows the same keys. */
    record Source(
            List<Path> keys, boolean usesAgent, @Nullable Path agent) {}

    void loadInto(JSch jsch, Attempt attempt) throws IOException {
        if (usesAgent && !connector(attempt).isAvailable()) {
            attempt.requireGoingOn();
            throw noAgent();
        }
        for (KeyFile key : keys) {
            load(jsch, key, attempt);
        }
    }

    /** One for each call: JSch's has one lock for all, which whoever hangs on the agent would hold. */
    @Nullable
    IdentityRepository agent(Attempt attempt) {
        return usesAgent ? new AgentIdentityRepository(connector(attempt)) : null;
    }

    private AgentConnector connector(Attempt attempt) {
        try {
            return new PatientAgent(agent == null ? new SSHAgentConnector() : new SSHAgentConnector(agent), attempt);
        } catch (AgentProxyException e) {
            throw noAgent();
        }
    }

    private static InvalidInputException noAgent() {
        return new InvalidInputException("no ssh-agent can be reached; nothing was changed. Start one and set"
                + " SSH_AUTH_SOCK, or give a private key");
    }

    private static void load(JSch jsch, KeyFile key, Attempt attempt) throws IOException {
        byte[] content = read(key.file());
        byte[] passphrase = new byte[0];
        try {
            KeyPair pair = KeyPair.load(jsch, content.clone(), null);
            boolean encrypted = pair.isEncrypted();
            byte[] certificate = UserCertificate.beside(key.file(), pair.getPublicKeyBlob());
            pair.dispose();
            if (encrypted) {
                passphrase = ask(key, attempt);
            }
            jsch.addIdentity(key.file().toString(), content, certificate, encrypted ? passphrase : null);
        } catch (JSchException e) {
            throw unusable(key.file(), passphrase.length > 0);
        } finally {
            Arrays.fill(content, (byte) 0);
            Arrays.fill(passphrase, (byte) 0);
        }
    }

    private static byte[] ask(KeyFile key, Attempt attempt) throws IOException {
        char[] answer = answer(key, attempt);
        if (answer.length == 0) {
            throw new InvalidInputException(key.file() + ": the private key is encrypted and no passphrase was given;"
                    + " nothing was changed. Give a passphrase callback (the command line asks at a terminal, so start it at"
                    + " one), or use an agent");
        }
        byte[] room = new byte[answer.length * 3];
        ByteBuffer bytes = ByteBuffer.wrap(room);
        CoderResult result = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(answer), bytes, true);
        byte[] passphrase = Arrays.copyOf(room, bytes.position());
        Arrays.fill(room, (byte) 0);
        Arrays.fill(answer, '\0');
        if (result.isError()) {
            throw unusable(key.file(), true);
        }
        return passphrase;
    }

    /** It may wait for a person, or for ever: its thread is the call's, whose caller goes on when the time is over. */
    private static char[] answer(KeyFile key, Attempt attempt) throws IOException {
        Waiting before = attempt.enter(Waiting.passphrase(key.file()));
        char[] answer = new char[0];
        try {
            answer = key.passphrase().get();
            attempt.requireGoingOn();
            return answer;
        } catch (EndedException e) {
            Arrays.fill(answer, '\0');
            throw e;
        } catch (RekeyException e) {
            throw e;
        } catch (RuntimeException e) {
            // Its class only: what it says may quote what was typed.
            throw new InvalidInputException(key.file() + ": the passphrase callback failed ("
                    + e.getClass().getName() + "); nothing was changed. Mend it, or use an agent");
        } finally {
            attempt.enter(before);
        }
    }

    private static InvalidInputException unusable(Path file, boolean encrypted) {
        return new InvalidInputException(file + ": "
                + (encrypted
                        ? "the passphrase does not open the private key, or its encryption is not known here (AES is);"
                                + " nothing was changed. Try it with `ssh-keygen -y -f`: if it opens there,"
                                + " `ssh-keygen -p -f` writes it in OpenSSH's own form"
                        : "it is no private key that can be used (ed25519, ecdsa or rsa, in OpenSSH, PKCS#8 or PEM form);"
                                + " nothing was changed. Check it with `ssh-keygen -y -f`"));
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new InvalidInputException(
                    file + ": the private key cannot be read; nothing was changed. Check the path and its permissions");
        }
    }

    /** What is wrong with the time of certificates beside the keys, as a part of a message; empty where nothing is. */
    String expired() {
        return keys.stream()
                .map(key -> UserCertificate.faultOfTime(key.file()))
                .filter(fault -> !fault.isEmpty())
                .collect(Collectors.joining("; "));
    }
}
