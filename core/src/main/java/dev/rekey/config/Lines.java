package dev.rekey.config;

import dev.rekey.config.Tree.Position;

/** From offsets to what people count. */
final class Lines {
    private Lines() {}

    static Position position(String text, int offset) {
        int line = 1;
        int start = 0;
        for (int i = 0; i < offset; i++) {
            char c = text.charAt(i);
            boolean windows = c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n';
            if (c == '\n' || (c == '\r' && !windows)) {
                line++;
                start = i + 1;
            }
        }
        return new Position(line, text.codePointCount(start, offset) + 1);
    }
}
