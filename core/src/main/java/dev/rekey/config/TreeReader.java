package dev.rekey.config;

import dev.rekey.config.Tree.Position;
import dev.rekey.internal.YamlNode;
import dev.rekey.internal.YamlSyntaxException;
import dev.rekey.internal.YamlText;
import java.util.Optional;

/** From text to the values that the server's decoder is given, by JSON or by YAML as the server chooses. */
final class TreeReader {
    private TreeReader() {}

    static Optional<Tree> read(String text, Findings findings) {
        if (text.isEmpty()) {
            findings.add(Code.EMPTY_FILE, "", "the file is empty; the server does not start with it");
            return Optional.empty();
        }
        int nul = text.indexOf('\0');
        if (nul >= 0) {
            Position at = new Lines(text).position(nul);
            findings.add(
                    Code.SYNTAX,
                    "",
                    at,
                    "a NUL character stands here, as in UTF-16 that is read as UTF-8; convert it to UTF-8");
            return Optional.empty();
        }
        try {
            if (text.stripLeading().startsWith("{")) {
                return Optional.of(JsonReader.read(text, findings));
            }
            return yaml(text, findings);
        } catch (YamlSyntaxException e) {
            findings.add(
                    Code.SYNTAX,
                    "",
                    new Position(e.line(), e.column()),
                    "the text " + e.reason() + "; look at the indentation and the quotes here");
        } catch (UnreadableException e) {
            findings.add(e.code(), "", e.at(), e.reason());
        }
        return Optional.empty();
    }

    private static Optional<Tree> yaml(String text, Findings findings) {
        ReadableYaml.checkCharacters(text);
        YamlText yaml = YamlText.parse(text);
        ReadableYaml.check(yaml);
        Optional<YamlNode> first = yaml.first();
        if (first.isEmpty()
                || (first.get() instanceof YamlNode.Scalar scalar
                        && scalar.text().isEmpty())) {
            findings.add(
                    Code.EMPTY_FILE,
                    "",
                    new Position(1, 1),
                    "the first YAML document is empty, and the server reads no other");
            return Optional.empty();
        }
        if (yaml.documents().size() > 1) {
            YamlNode.Span second = yaml.documents().get(1).span();
            findings.add(
                    Code.MORE_DOCUMENTS,
                    "",
                    new Position(second.line(), second.column()),
                    "a second YAML document begins here, and the server ignores it without a word; put all entries into one document");
        }
        return Optional.of(new YamlReader(findings).read(first.get()));
    }
}
