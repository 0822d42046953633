package dev.rekey.spi;

import dev.rekey.InvalidInputException;
import dev.rekey.config.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Opens an archive that {@link KeyArchive#encryptedTo} made: for a restore, when values in a snapshot of etcd need keys that no
 * member has any more.
 */
public final class ArchiveReader {
    private ArchiveReader() {}

    /**
     * What was found.
     *
     * @param keys in the order in which they were kept, each once
     * @param unreadable what could not be opened and where it stands: messages for other certificates, or damaged ones
     */
    public record Contents(List<Reader.OfKey> keys, List<String> unreadable) {
        /** Copies both lists. */
        public Contents {
            keys = List.copyOf(keys);
            unreadable = List.copyOf(unreadable);
        }
    }

    /**
     * All keys that {@code key} opens. One message that cannot be opened does not hide the others. A file that is not there
     * is an {@link InvalidInputException}.
     */
    public static Contents read(Path archive, PrivateKey key) {
        ArchiveStore store = new ArchiveStore(archive);
        if (!Files.exists(archive)) {
            throw new InvalidInputException(store + ": there is no such archive. Nothing was changed. Give its path");
        }
        List<Reader.OfKey> keys = new ArrayList<>();
        List<String> unreadable = new ArrayList<>();
        List<PemText.Block> messages =
                ArchiveText.of(store.toString(), store.read()).messages();
        for (int i = 0; i < messages.size(); i++) {
            Optional<Reader.OfKey> found = open(messages.get(i), key);
            if (found.isEmpty()) {
                unreadable.add("message " + (i + 1) + ", line "
                        + messages.get(i).line() + ": is damaged, or encrypted to another certificate");
            } else if (!keys.contains(found.get())) {
                keys.add(found.get());
            }
        }
        return new Contents(keys, unreadable);
    }

    private static Optional<Reader.OfKey> open(PemText.Block message, PrivateKey key) {
        Optional<byte[]> content = ArchiveText.message(message).flatMap(encoded -> CmsMessage.decrypt(encoded, key));
        Optional<Reader.OfKey> parsed = content.flatMap(ArchivedKey::parse);
        content.ifPresent(bytes -> Arrays.fill(bytes, (byte) 0));
        return parsed;
    }

    /**
     * The private key in a PEM file: PKCS #8, PKCS #1 or SEC 1, without a passphrase; an {@link InvalidInputException} for
     * anything else.
     */
    public static PrivateKey privateKey(Path pem) {
        return PemFile.privateKey(pem);
    }
}
