package dev.rekey.config;

import dev.rekey.internal.Placeholder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Keys: what the server refuses of one, and what is odd about several. Two names for one secret are found over the whole file. */
final class KeyRules {
    private static final List<Integer> AES_LENGTHS = List.of(16, 24, 32);
    private static final List<Integer> SECRETBOX_LENGTHS = List.of(32);

    private final Findings findings;
    private final Map<KeyRef, KeyMaterial> byName = new HashMap<>();
    private final List<Seen> seen = new ArrayList<>();

    private record Seen(KeyRef ref, KeyMaterial material, String list) {}

    KeyRules(Findings findings) {
        this.findings = findings;
    }

    void check(Provider.Keyed provider, String path) {
        List<Key> keys = provider.keys();
        if (keys.isEmpty()) {
            findings.add(Code.REQUIRED, path, "the provider has no key; add one with a name and a secret");
        }
        for (int i = 0; i < keys.size(); i++) {
            String at = path + "[" + i + "]";
            KeyRef ref = new KeyRef(provider.type(), keys.get(i).name());
            name(keys.get(i).name(), at + ".name");
            KeyMaterial material = keys.get(i).material();
            if (material.length() == 0) {
                findings.add(Code.REQUIRED, at + ".secret", "the key has no secret; write its bytes in base64");
                continue;
            }
            length(provider.type(), material, at + ".secret");
            repetition(ref, material, path, at);
        }
    }

    private void name(String name, String path) {
        findings.requireWhole(name, path);
        if (name.isEmpty()) {
            findings.add(Code.REQUIRED, path, "the key has no name; give it one that no other key ever had");
        }
        if (name.indexOf(':') >= 0) {
            findings.add(
                    Code.KEY_NAME_COLON,
                    path,
                    "the key's name holds a colon, which also ends the name in stored values; choose the next name without one");
        }
        if (Placeholder.isIn(name)) {
            findings.add(
                    Code.PLACEHOLDER,
                    path,
                    "the name looks like a variable that was not expanded; the server takes it as it stands");
        }
    }

    private void length(String type, KeyMaterial material, String path) {
        List<Integer> lengths = type.equals("secretbox") ? SECRETBOX_LENGTHS : AES_LENGTHS;
        if (!lengths.contains(material.length())) {
            String wanted = lengths.size() == 1 ? "32" : "16, 24 or 32";
            findings.add(
                    Code.KEY_LENGTH,
                    path,
                    "the secret is " + material.length() + " bytes long, and " + type + " takes " + wanted
                            + "; generate 32 random bytes and encode them with base64");
            return;
        }
        if (material.length() < 32) {
            findings.add(
                    Code.KEY_SHORT,
                    path,
                    "the key is of " + material.length() * 8 + " bits; the server takes it, and 256 bits are usual");
        }
        if (material.isPrintableAscii()) {
            findings.add(
                    Code.KEY_PRINTABLE,
                    path,
                    "every byte of the key is a printable character, so it was typed or derived and can be guessed; rotate to a random one");
        }
    }

    private void repetition(KeyRef ref, KeyMaterial material, String list, String path) {
        KeyMaterial first = byName.putIfAbsent(ref, material);
        if (first != null && !first.equals(material)) {
            findings.add(
                    Code.KEY_NAME_REUSED,
                    path + ".name",
                    "the name '" + Names.shown(ref.name()) + "' stands for two different keys of " + ref.type()
                            + "; stored values cannot tell them apart, so rename the one that has written nothing yet");
        }
        boolean twice = seen.stream()
                .anyMatch(other -> other.material().equals(material)
                        && (!other.ref().equals(ref) || other.list().equals(list)));
        if (twice) {
            findings.add(
                    Code.KEY_TWICE,
                    path,
                    "this secret stands under another name or provider, or twice in one list; give each name its own key");
        }
        seen.add(new Seen(ref, material, list));
    }
}
