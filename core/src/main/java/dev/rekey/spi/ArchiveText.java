package dev.rekey.spi;

import dev.rekey.InvalidInputException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * The text of an archive and the messages in it, in order; a message is only ever added at the end.
 *
 * @param where names the file in errors
 */
record ArchiveText(String where, String text) {
    private static final String MESSAGE = "CMS";
    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

    /** What we add is ASCII; whatever else stands in the file goes through unchanged, byte for byte. */
    static ArchiveText of(String where, byte[] bytes) {
        return new ArchiveText(where, new String(bytes, StandardCharsets.ISO_8859_1));
    }

    /** Damaged ones too. */
    List<PemText.Block> messages() {
        return PemText.blocks(text);
    }

    /** The whole message in {@code block}; empty where it is damaged or something else. */
    static Optional<byte[]> message(PemText.Block block) {
        return block.type().equals(MESSAGE) ? block.bytes().filter(CmsMessage::isWhole) : Optional.empty();
    }

    /** Refuses a file that is no archive, or a damaged one: whoever adds to it should know. */
    void requireWhole() {
        List<PemText.Block> messages = messages();
        if (messages.isEmpty() && !text.isBlank() && !text.startsWith("#")) {
            throw new InvalidInputException(where
                    + ": is not an archive of keys, so no key was kept. It stands as it was. Give" + " another file");
        }
        for (PemText.Block block : messages) {
            if (message(block).isEmpty()) {
                throw new InvalidInputException(
                        where + ", line " + block.line() + ": the PEM block that begins here is damaged,"
                                + " or no message of an archive of keys, so no key was kept. The file stands as it was. Give another"
                                + " file, and keep this one");
            }
        }
    }

    ArchiveText with(String label, byte[] encoded) {
        String before = text.isBlank() ? head() : text.endsWith("\n") ? text : text + "\n";
        return new ArchiveText(
                where,
                before + label + "\n-----BEGIN CMS-----\n" + LINES.encodeToString(encoded) + "\n-----END CMS-----\n");
    }

    byte[] bytes() {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String head() {
        return """
                # Keys of Kubernetes encryption at rest, one encrypted message for each. The number 3, say, is read with
                #   awk '/^-----BEGIN/{n++} n==3' THIS-FILE | openssl cms -decrypt -inform PEM -inkey PRIVATE-KEY.pem
                # Removing a message makes the backups of its time unreadable.
                """;
    }
}
