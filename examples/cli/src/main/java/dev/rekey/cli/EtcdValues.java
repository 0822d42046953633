package dev.rekey.cli;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Values of etcd in the forms that {@code etcdctl get} prints them in. What is none of them is refused, and nothing is left out. */
final class EtcdValues {
    private static final int MAX_LINE = 4096;
    private static final Pattern KEY = Pattern.compile("/[!-~]*");

    /** How a stored value begins on a line after another one. A plain one may well hold a line of JSON, an encrypted one does not. */
    private static final Pattern AFTER_PLAIN = Pattern.compile("\n(k8s:enc:|k8s\0)");

    private static final Pattern AFTER_ENCRYPTED =
            Pattern.compile("\n(k8s:enc:|k8s\0|\\{\"(apiVersion|kind|metadata)\")");

    /** What hexdump, xxd, od, etcdctl --hex, etcdctl -w fields and base64 make of keys and stored objects. */
    private static final Pattern DUMP = Pattern.compile("(?i:(0x)?[0-9a-f]{6,16}:?[ \t]+\\S.*"
            + "|\\\\x[0-9a-f]{2}.*|(2f|6b ?38 ?73|7b ?22|d9 ?d9 ?f7)[0-9a-f ]*)"
            + "|\"?(azhz|L[23]|eyJ|2dn3)[A-Za-z0-9+/]*=*\"?|\"ClusterID\".*");

    /** A value, and its key where the input says it. */
    static final class Value {
        private final Optional<String> key;
        private final byte[] bytes;

        Value(Optional<String> key, byte[] bytes) {
            this.key = key;
            this.bytes = bytes;
        }

        Optional<String> key() {
            return key;
        }

        /** As it is, and without the line end that etcdctl puts after it: a value of any kind may end in one itself. */
        List<byte[]> readings() {
            boolean ends = bytes.length > 0 && bytes[bytes.length - 1] == '\n';
            return ends ? List.of(bytes, Arrays.copyOf(bytes, bytes.length - 1)) : List.of(bytes);
        }
    }

    private EtcdValues() {}

    /** All in answers as JSON; one where it is the key's line and the value, or the value alone. At least one. */
    static List<Value> in(Input input) {
        byte[] bytes = input.bytes();
        if (Utf8.isUtf16(bytes)) {
            throw input.invalid(
                    "is UTF-16, which some shells make of what a command prints",
                    "Convert it to UTF-8 if it is what etcdctl get -w json printed (iconv -f UTF-16 -t UTF-8);"
                            + " a value that is not in JSON is lost by that: get it again");
        }
        List<Value> values =
                EtcdJson.begins(bytes) ? EtcdJson.values(input) : input.isBlank() ? List.of() : printed(input, bytes);
        if (values.isEmpty()) {
            throw input.invalid(
                    "holds no value",
                    "etcdctl prints none where no such key is, with --keys-only, and where it fails: look at what it says");
        }
        return values;
    }

    /** Looked at as characters of one byte each, so that places are the same. */
    private static List<Value> printed(Input input, byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int end = text.indexOf('\n');
        String line = text.substring(0, Math.min(MAX_LINE, end < 0 ? text.length() : end));
        if (DUMP.matcher(line.stripTrailing()).matches()) {
            throw input.invalid(
                    "is a value that was made into text (in hex, base64, or with names of fields), not the value itself",
                    "Give what etcdctl get prints without --hex and hexdump, or with -w json");
        }
        if (line.startsWith("/") && line.endsWith("\r")) {
            throw input.invalid(
                    "has come through a terminal, which changes values",
                    "Leave out -t (kubectl exec, ssh, docker), or give what etcdctl get -w json prints");
        }
        boolean named = line.length() < MAX_LINE && KEY.matcher(line).matches();
        int from = named && end >= 0 ? end + 1 : 0;
        Pattern next = text.startsWith("k8s:enc:", from) ? AFTER_ENCRYPTED : AFTER_PLAIN;
        boolean hasAnotherValue = next.matcher(text).find(from);
        if (hasAnotherValue || (named && hasAnotherKey(text, line))) {
            throw input.invalid(
                    "holds several keys or values, which cannot be told apart: a value may hold lines itself",
                    "Give what etcdctl get --prefix -w json prints");
        }
        if (!named) {
            return List.of(new Value(Optional.empty(), bytes));
        }
        byte[] value = Arrays.copyOfRange(bytes, Math.min(bytes.length, line.length() + 1), bytes.length);
        return text.substring(line.length()).isBlank() ? List.of() : List.of(new Value(Optional.of(line), value));
    }

    /** Whether another line is a key that begins as this one does, as in {@code /registry/}. */
    private static boolean hasAnotherKey(String text, String key) {
        String beginning = key.substring(0, key.indexOf('/', 1) + 1);
        return Pattern.compile("\n" + Pattern.quote(beginning.isEmpty() ? key : beginning) + "[!-~]*(\n|$)")
                .matcher(text)
                .find();
    }
}
