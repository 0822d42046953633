package dev.rekey.config;

/** Names in messages: short, and without characters that would disturb a terminal or a log. */
final class Names {
    private static final int SHOWN = 64;

    private Names() {}

    static String shown(String name) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < name.length() && i < SHOWN; i++) {
            char c = name.charAt(i);
            shown.append(c >= ' ' && c < 0x7f ? c : '?');
        }
        return name.length() > SHOWN ? shown.append("…").toString() : shown.toString();
    }
}
