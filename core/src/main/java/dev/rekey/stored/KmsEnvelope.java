package dev.rekey.stored;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The protobuf message {@code v2.EncryptedObject} after the prefix of KMS v2, taken apart in place: offsets into the value.
 *
 * @param seed whether the wrapped secret is a seed that keys are derived from (all that Kubernetes 1.29 and later write), or
 *     the key itself
 */
record KmsEnvelope(Range data, Range keyId, Range source, boolean seed) {
    private static final int DATA = 1;
    private static final int KEY_ID = 2;
    private static final int SOURCE = 3;
    private static final int SOURCE_TYPE = 5;
    private static final int INFO = 32;
    private static final Range NONE = new Range(0, 0);

    /** {@code length} bytes from {@code start} on. */
    record Range(int start, int length) {
        int end() {
            return start + length;
        }
    }

    /** Empty where it is no such message, or lacks what an apiserver asks for. */
    static Optional<KmsEnvelope> parse(byte[] value, int offset) {
        Fields fields = new Fields(value, offset);
        Range data = NONE;
        Range keyId = NONE;
        Range source = NONE;
        long sourceType = 0;
        while (fields.next()) {
            switch (fields.number) {
                case DATA -> data = fields.range();
                case KEY_ID -> keyId = fields.range();
                case SOURCE -> source = fields.range();
                case SOURCE_TYPE -> sourceType = fields.scalar;
                default -> {}
            }
        }
        boolean seed = sourceType == 1;
        int least = (seed ? INFO : 0) + Payload.GCM_NONCE + Payload.GCM_TAG;
        boolean whole = !fields.damaged
                && (sourceType == 0 || seed)
                && data.length() >= least
                && keyId.length() > 0
                && source.length() > 0;
        return whole ? Optional.of(new KmsEnvelope(data, keyId, source, seed)) : Optional.empty();
    }

    /** What goes into the derivation of the key; empty without a seed. */
    Range info() {
        return new Range(data.start(), seed ? INFO : 0);
    }

    /** Nonce, ciphertext and tag. */
    Range sealed() {
        return new Range(info().end(), data.length() - info().length());
    }

    Optional<String> keyIdIn(byte[] value) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(value, keyId.start(), keyId.length()))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /** Walks over the fields of a message; stops at its end, or where it is damaged. */
    private static final class Fields {
        private static final int VARINT = 0;
        private static final int EIGHT_BYTES = 1;
        private static final int COUNTED = 2;
        private static final int FOUR_BYTES = 5;

        private final byte[] bytes;
        private int at;
        private int start;
        boolean damaged;
        int number;
        long scalar;

        Fields(byte[] bytes, int at) {
            this.bytes = bytes;
            this.at = at;
        }

        boolean next() {
            if (damaged || at >= bytes.length) {
                return false;
            }
            long tag = varint();
            number = (int) (tag >>> 3);
            start = at;
            switch ((int) tag & 7) {
                case VARINT -> scalar = varint();
                case EIGHT_BYTES -> skip(8);
                case FOUR_BYTES -> skip(4);
                case COUNTED -> {
                    long length = varint();
                    start = at;
                    skip(length);
                }
                default -> damaged = true;
            }
            return !damaged;
        }

        Range range() {
            return new Range(start, at - start);
        }

        private void skip(long length) {
            if (length < 0 || length > bytes.length - at) {
                damaged = true;
            } else {
                at += (int) length;
            }
        }

        private long varint() {
            long result = 0;
            for (int shift = 0; shift < 64 && at < bytes.length; shift += 7) {
                byte next = bytes[at++];
                result |= (long) (next & 0x7f) << shift;
                if (next >= 0) {
                    return result;
                }
            }
            damaged = true;
            return 0;
        }
    }
}
