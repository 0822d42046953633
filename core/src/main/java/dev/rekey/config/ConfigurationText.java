package dev.rekey.config;

import dev.rekey.InvalidInputException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** A configuration together with the text that it was read from, so that findings name lines. */
public final class ConfigurationText {
    private final String text;
    private final EncryptionConfiguration configuration;
    private final Findings read;

    private ConfigurationText(String text, EncryptionConfiguration configuration, Findings read) {
        this.text = text;
        this.configuration = configuration;
        this.read = read;
    }

    /** Reads {@code text}; an {@link InvalidInputException} with line, column, path and cause where the server would not. */
    public static ConfigurationText parse(String text) {
        Findings findings = new Findings();
        Optional<EncryptionConfiguration> configuration = read(text, findings);
        findings.firstError().ifPresent(error -> {
            throw new InvalidInputException("the encryption configuration cannot be read: " + error);
        });
        return new ConfigurationText(text, configuration.orElseThrow(), findings);
    }

    /** Like {@link #parse(String)}; bytes that are not UTF-8 are refused. */
    public static ConfigurationText parse(byte[] utf8) {
        return parse(decoded(utf8)
                .orElseThrow(() -> new InvalidInputException("the encryption configuration " + whyNoText(utf8))));
    }

    /** Everything about {@code text} that a server of that profile refuses or a careful person would not do. Never throws. */
    public static List<Finding> check(String text, ServerProfile server) {
        Findings findings = new Findings();
        read(text, findings).ifPresent(configuration -> Validation.validate(configuration, server, findings));
        return findings.sorted();
    }

    /** Like {@link #check(String, ServerProfile)}; bytes that are not UTF-8 are one finding. */
    public static List<Finding> check(byte[] utf8, ServerProfile server) {
        return decoded(utf8).map(text -> check(text, server)).orElseGet(() -> {
            Findings findings = new Findings();
            findings.add(Code.NOT_UTF_8, "", "the file " + whyNoText(utf8));
            return findings.sorted();
        });
    }

    /** What the text says. */
    public EncryptionConfiguration configuration() {
        return configuration;
    }

    /** The text, with the keys in it. */
    public String exposeText() {
        return text;
    }

    /** Like {@link EncryptionConfiguration#validate}, with lines, and with what only the text shows. */
    public List<Finding> validate(ServerProfile server) {
        return check(text, server);
    }

    /** The line of a field as findings name it ({@code resources[0].providers[1]}), from 1; 0 where there is none. */
    public int line(String path) {
        return read.place(path).line();
    }

    @Override
    public String toString() {
        return "ConfigurationText[" + text.length() + " chars, " + configuration + "]";
    }

    private static Optional<EncryptionConfiguration> read(String text, Findings findings) {
        return TreeReader.read(text, findings).flatMap(root -> new ConfigurationDecoder(findings).decode(root));
    }

    private static String whyNoText(byte[] bytes) {
        String mark = HexFormat.of().formatHex(bytes, 0, Math.min(2, bytes.length));
        return mark.equals("fffe") || mark.equals("feff")
                ? "is UTF-16, which a server reads and Rekey does not; convert it to UTF-8"
                : "is not UTF-8; save it as UTF-8";
    }

    private static Optional<String> decoded(byte[] utf8) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(utf8))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
