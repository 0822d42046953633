package dev.rekey.spi;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** The blocks between {@code -----BEGIN} and {@code -----END} lines; what stands outside of them is for people. */
final class PemText {
    private static final String BEGIN = "-----BEGIN ";
    private static final String END = "-----END ";
    private static final String DASHES = "-----";

    private PemText() {}

    /**
     * One block, which may be damaged.
     *
     * @param comment the line right before it, where that begins with {@code #}; else empty
     * @param line of its begin, from 1
     * @param base64 without line ends
     * @param ended whether it has its end line
     */
    record Block(String type, String comment, int line, String base64, boolean ended) {
        /** Empty where the block has no end or is no base64. */
        Optional<byte[]> bytes() {
            try {
                return ended && !base64.isEmpty()
                        ? Optional.of(Base64.getDecoder().decode(base64))
                        : Optional.empty();
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        }
    }

    static List<Block> blocks(String text) {
        List<Block> blocks = new ArrayList<>();
        List<String> lines = text.lines().map(String::strip).toList();
        int at = 0;
        while (at < lines.size()) {
            String line = lines.get(at);
            if (!line.startsWith(BEGIN) || !line.endsWith(DASHES) || line.length() < BEGIN.length() + DASHES.length()) {
                at++;
                continue;
            }
            String type = line.substring(BEGIN.length(), line.length() - DASHES.length());
            int end = at + 1;
            while (end < lines.size() && !lines.get(end).startsWith(DASHES)) {
                end++;
            }
            boolean ended = end < lines.size() && lines.get(end).equals(END + type + DASHES);
            String comment = at > 0 && lines.get(at - 1).startsWith("#") ? lines.get(at - 1) : "";
            blocks.add(new Block(type, comment, at + 1, String.join("", lines.subList(at + 1, end)), ended));
            at = end;
        }
        return blocks;
    }
}
