package dev.rekey.cli;

import dev.rekey.InvalidInputException;
import dev.rekey.RefusedException;
import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** What an offline command reads: a file, or standard input where {@code -} is given. Its content gets into no message. */
final class Input {
    static final String STANDARD_INPUT = "-";

    /** Ten times what any parser here takes, and the most that etcd stores with room to spare. */
    private static final int MAX_BYTES = 10 << 20;

    private final String name;
    private final Optional<Path> file;
    private final byte[] bytes;

    private Input(String name, Optional<Path> file, byte[] bytes) {
        this.name = name;
        this.file = file;
        this.bytes = bytes;
    }

    /** Refuses {@code what}, two arguments that would both read standard input, which is there once. */
    static void requireOneFromStandardInput(CommandSpec spec, String one, String other, String what) {
        if (one.equals(STANDARD_INPUT) && other.equals(STANDARD_INPUT)) {
            throw new ParameterException(spec.commandLine(), "standard input cannot be both " + what);
        }
    }

    /** Reads it whole; an {@link InvalidInputException} where that cannot be. */
    static Input read(String argument, InputStream standardInput) {
        if (argument.equals(STANDARD_INPUT)) {
            return read("standard input", Optional.empty(), () -> standardInput);
        }
        Path file = path(argument);
        if (Files.isDirectory(file)) {
            throw invalid(argument, "is a directory", "Give a file in it");
        }
        if (!Files.exists(file)) {
            throw invalid(argument, "there is no such file", "Give one that is there, or - for standard input");
        }
        if (!Files.isReadable(file)) {
            throw invalid(argument, "may not be read by this user", "Read it as a user who may");
        }
        return read(argument, Optional.of(file), () -> new FileInputStream(file.toFile()));
    }

    /** The file that {@code argument} names. */
    static Path path(String argument) {
        return of(argument, () -> LocalPath.of(argument));
    }

    private static Input read(String name, Optional<Path> file, Opening opening) {
        try (InputStream in = opening.open()) {
            byte[] bytes = bytes(in);
            if (bytes.length > MAX_BYTES) {
                throw invalid(name, "is larger than 10 MiB", "Give a smaller one");
            }
            return new Input(name, file, bytes);
        } catch (IOException e) {
            throw invalid(name, "cannot be read (" + e.getClass().getSimpleName() + ")", "Look at the file");
        }
    }

    /** By plain reads: what streams do to be clever (positions, sizes) fails on pipes and under /proc. */
    private static byte[] bytes(InputStream in) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] buffer = new byte[1 << 16];
        for (int count = in.read(buffer); count >= 0 && bytes.size() <= MAX_BYTES; count = in.read(buffer)) {
            bytes.write(buffer, 0, count);
        }
        return bytes.toByteArray();
    }

    /** As messages call it. */
    String name() {
        return name;
    }

    /** Empty for standard input. */
    Optional<Path> file() {
        return file;
    }

    byte[] bytes() {
        return bytes.clone();
    }

    /** Whether nothing but blanks is in it. */
    boolean isBlank() {
        for (byte b : bytes) {
            if (b != ' ' && b != '\t' && b != '\r' && b != '\n') {
                return false;
            }
        }
        return true;
    }

    /** What {@code parser} makes of the whole of it as text; a failure says that it is about this input. */
    <T> T parsed(Function<String, T> parser) {
        String text = text();
        return checked(() -> parser.apply(text));
    }

    /** The whole of it as text. */
    String text() {
        return Utf8.decoded(bytes).orElseThrow(() -> invalid(name, Utf8.found(bytes), Utf8.advice(bytes)));
    }

    /** What {@code work} on it gives; a failure says that it is about this input. */
    <T> T checked(Supplier<T> work) {
        return of(name, work);
    }

    /** What {@code work} gives; a failure says that it is about {@code name}. */
    static <T> T of(String name, Supplier<T> work) {
        try {
            return work.get();
        } catch (InvalidInputException e) {
            throw new InvalidInputException(name + ": " + e.getMessage());
        } catch (RefusedException e) {
            throw new RefusedException(name + ": " + e.getMessage());
        }
    }

    /** An exception about it. */
    InvalidInputException invalid(String found, String advice) {
        return invalid(name, found, advice);
    }

    private static InvalidInputException invalid(String name, String found, String advice) {
        return new InvalidInputException(name + ": " + found + "; nothing was changed. " + advice);
    }

    private interface Opening {
        InputStream open() throws IOException;
    }
}
