package dev.rekey.config;

import dev.rekey.config.Tree.Member;
import dev.rekey.config.Tree.Position;
import dev.rekey.internal.YamlText;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Strict JSON, which the server reads where the text begins with a brace: no comments, no trailing commas. */
final class JsonReader {
    private static final int MOST_CHARS = YamlText.MAX_CHARS;
    private static final int DEEPEST = YamlText.MAX_DEPTH;
    private static final Pattern NUMBER = Pattern.compile("-?(?:0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?");

    private final String text;
    private final Findings findings;
    private final Lines lines;
    private int at;
    private int values;

    private JsonReader(String text, Findings findings) {
        this.text = text;
        this.findings = findings;
        this.lines = new Lines(text);
    }

    static Tree read(String text, Findings findings) {
        if (text.length() > MOST_CHARS) {
            throw new UnreadableException(
                    Code.SYNTAX, Position.UNKNOWN, "the text is longer than " + MOST_CHARS + " characters");
        }
        JsonReader reader = new JsonReader(text, findings);
        Tree root = reader.value(0);
        if (reader.next() != 0) {
            throw reader.broken("text follows the end of the JSON value; the server refuses it");
        }
        return root;
    }

    private Tree value(int depth) {
        if (depth > DEEPEST) {
            throw broken("the text is nested deeper than " + DEEPEST);
        }
        char c = next();
        Position start = position();
        values++;
        if (values > YamlReader.MOST_VALUES) {
            throw broken("the file holds more than " + YamlReader.MOST_VALUES + " values; it is no configuration");
        }
        if (c == '{') {
            return object(start, depth);
        }
        if (c == '[') {
            return array(start, depth);
        }
        if (c == '"') {
            return new Tree.Str(string(), false, start);
        }
        if (word("true") || word("false")) {
            return new Tree.Bool(start);
        }
        if (word("null")) {
            return new Tree.Null(start);
        }
        Matcher number = NUMBER.matcher(text).region(at, text.length());
        if (!number.lookingAt()) {
            throw broken("a JSON value is missing here; a file that begins with a brace must be strict JSON");
        }
        at = number.end();
        boolean whole = number.group(1) == null && number.group(2) == null && number.end() - number.start() < 19;
        return new Tree.Num(whole ? Long.parseLong(number.group()) : 0, whole, start);
    }

    private Tree object(Position start, int depth) {
        List<Member> members = new ArrayList<>();
        Set<String> names = new HashSet<>();
        at++;
        if (next() == '}') {
            at++;
            return new Tree.Obj(List.of(), start);
        }
        while (true) {
            if (next() != '"') {
                throw broken(
                        "a quoted field name is missing here; a file that begins with a brace must be strict JSON");
            }
            Position nameAt = position();
            String name = string();
            if (next() != ':') {
                throw broken("a colon is missing here");
            }
            at++;
            Tree value = value(depth + 1);
            if (names.add(name)) {
                members.add(new Member(name, nameAt, value));
            } else {
                findings.add(
                        Code.DUPLICATE_FIELD,
                        "",
                        nameAt,
                        "the field '" + Names.field(name) + "' stands twice in one map; keep one");
            }
            if (closes('}')) {
                return new Tree.Obj(List.copyOf(members), start);
            }
        }
    }

    private Tree array(Position start, int depth) {
        List<Tree> items = new ArrayList<>();
        at++;
        if (next() == ']') {
            at++;
            return new Tree.Arr(List.of(), start);
        }
        do {
            items.add(value(depth + 1));
        } while (!closes(']'));
        return new Tree.Arr(List.copyOf(items), start);
    }

    private boolean closes(char end) {
        char c = next();
        if (c != ',' && c != end) {
            throw broken("a comma or the end of the list or map is missing here");
        }
        at++;
        return c == end;
    }

    private String string() {
        StringBuilder out = new StringBuilder();
        at++;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '"') {
                at++;
                return whole(out.toString());
            }
            if (c < ' ') {
                throw broken("a control character stands in a quoted text");
            }
            at++;
            out.append(c == '\\' ? escape() : c);
        }
        throw broken("a quoted text has no end");
    }

    /** The server puts another character in the place of half a one; no name should hang on that. */
    private String whole(String string) {
        if (string.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
            throw new UnreadableException(
                    Code.UNSUPPORTED_TEXT, position(), "a text ends here that holds half of a character");
        }
        return string;
    }

    private char escape() {
        char c = at < text.length() ? text.charAt(at) : 0;
        at++;
        int simple = "\"\\/bfnrt".indexOf(c);
        if (simple >= 0 && c != 0) {
            return "\"\\/\b\f\n\r\t".charAt(simple);
        }
        if (c == 'u' && at + 4 <= text.length() && text.substring(at, at + 4).matches("[0-9a-fA-F]{4}")) {
            at += 4;
            return (char) Integer.parseInt(text.substring(at - 4, at), 16);
        }
        throw broken("an escape stands here that JSON does not know");
    }

    private boolean word(String word) {
        if (text.startsWith(word, at)) {
            at += word.length();
            return true;
        }
        return false;
    }

    /** The next character that is no white space, not taken; 0 at the end. */
    private char next() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        return at < text.length() ? text.charAt(at) : 0;
    }

    private Position position() {
        return lines.position(Math.min(at, text.length()));
    }

    private UnreadableException broken(String reason) {
        return new UnreadableException(Code.SYNTAX, position(), reason);
    }
}
