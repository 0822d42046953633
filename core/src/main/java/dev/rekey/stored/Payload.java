package dev.rekey.stored;

import java.util.Optional;

/** What must follow the name, without a key: what no apiserver ever wrote is told apart here. */
final class Payload {
    static final int AES_BLOCK = 16;
    static final int GCM_NONCE = 12;
    static final int GCM_TAG = 16;
    static final int SECRETBOX_NONCE = 24;
    static final int SECRETBOX_TAG = 16;
    private static final int KMS_V1_LENGTH = 2;

    private Payload() {}

    /** Empty where the bytes from {@code offset} on could be a value of that format. */
    static String problem(String type, String version, byte[] value, int offset) {
        int length = value.length - offset;
        return switch (type) {
            // An apiserver panics on an initialisation vector alone.
            case "aescbc" ->
                length >= 2 * AES_BLOCK && length % AES_BLOCK == 0 ? "" : bytes(length, "are no whole blocks");
            case "aesgcm" -> length >= GCM_NONCE + GCM_TAG ? "" : bytes(length, "are too few");
            case "secretbox" -> length >= SECRETBOX_NONCE + SECRETBOX_TAG ? "" : bytes(length, "are too few");
            case "kms" -> version.equals("v1") ? kmsV1(value, offset, length) : kmsV2(value, offset);
            default -> throw new IllegalStateException("no such format: " + type);
        };
    }

    private static String kmsV1(byte[] value, int offset, int length) {
        if (length < KMS_V1_LENGTH) {
            return bytes(length, "are too few");
        }
        int wrapped = ((value[offset] & 0xff) << 8) | (value[offset + 1] & 0xff);
        return wrapped > 0 && length >= KMS_V1_LENGTH + wrapped + GCM_NONCE + GCM_TAG
                ? ""
                : bytes(length, "are too few");
    }

    private static String kmsV2(byte[] value, int offset) {
        Optional<KmsEnvelope> envelope = KmsEnvelope.parse(value, offset);
        return envelope.isPresent() ? "" : "what follows is no envelope of KMS v2";
    }

    private static String bytes(int length, String problem) {
        return "the " + length + " bytes after the name " + problem;
    }
}
