package dev.rekey.cli;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Text out of bytes, and what to say of bytes that are none. */
final class Utf8 {
    private Utf8() {}

    /** Empty where the bytes are no UTF-8. */
    static Optional<String> decoded(byte[] bytes) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /** By the byte order mark, as PowerShell and old editors write it. */
    static boolean isUtf16(byte[] bytes) {
        int mark = bytes.length < 2 ? 0 : (bytes[0] & 0xff) << 8 | (bytes[1] & 0xff);
        return mark == 0xfffe || mark == 0xfeff;
    }

    /** Of bytes that are not decoded: what they are. */
    static String found(byte[] bytes) {
        return isUtf16(bytes) ? "is UTF-16" : "is not UTF-8";
    }

    /** What to do then. */
    static String advice(byte[] bytes) {
        return isUtf16(bytes) ? "Convert it to UTF-8 (iconv -f UTF-16 -t UTF-8)" : "Save it as UTF-8";
    }
}
