package dev.rekey.config;

import dev.rekey.config.Tree.Position;

/** From offsets to what people count. Going forward through a text costs its length once. */
final class Lines {
    private final String text;
    private int offset;
    private int line = 1;
    private int column = 1;

    Lines(String text) {
        this.text = text;
    }

    Position position(int wanted) {
        if (wanted < offset) {
            offset = 0;
            line = 1;
            column = 1;
        }
        while (offset < wanted) {
            int c = text.codePointAt(offset);
            offset += Character.charCount(c);
            boolean windows = c == '\r' && text.startsWith("\n", offset);
            if (c == '\n' || (c == '\r' && !windows)) {
                line++;
                column = 1;
            } else {
                column++;
            }
        }
        return new Position(line, column);
    }
}
