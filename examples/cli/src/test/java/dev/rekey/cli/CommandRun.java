package dev.rekey.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.Strictness;
import dev.rekey.lifecycle.Timing;
import dev.rekey.testing.FakeControlPlane;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Runs commands in this JVM against a control plane in memory, through an inventory on disk, and keeps what they print. */
final class CommandRun {
    private static final Gson STRICT =
            new GsonBuilder().setStrictness(Strictness.STRICT).create();

    private final FakeControlPlane plane;
    private final Path inventory;
    private final List<String> questions = new ArrayList<>();
    private Predicate<String> person = question -> {
        throw new AssertionError("nobody is to be asked: " + question);
    };
    private boolean terminal;
    private String timing = "";
    private byte[] standardInput = {};
    private boolean diskIsFull;
    private @Nullable Inventory read;

    private CommandRun(FakeControlPlane plane, Path inventory) {
        this.plane = plane;
        this.inventory = inventory;
    }

    /** What a command printed, and its exit status. */
    record Result(int status, String out, String err) {
        /** Standard output as the one object that it must be. */
        JsonObject json() {
            return STRICT.fromJson(out, JsonObject.class);
        }

        String all() {
            return out + err;
        }
    }

    /** Writes an inventory of the plane into {@code folder}; {@code more} is put in front of its nodes. */
    static CommandRun on(FakeControlPlane plane, Path folder, String more) {
        StringBuilder text = new StringBuilder("cluster: k1\nkubeconfig: admin.conf\narchive: {none: a test}\n")
                .append(more)
                .append("nodes:\n");
        for (String member : plane.members()) {
            text.append("- {name: ")
                    .append(member)
                    .append(", local: true, apiServer: \"https://")
                    .append(plane.member(member).address())
                    .append("\", layout: {manifest: /")
                    .append(member)
                    .append("/m/kube-apiserver.yaml, configurationDirectory: /")
                    .append(member)
                    .append("/c, stateDirectory: /")
                    .append(member)
                    .append("/s}}\n");
        }
        try {
            return new CommandRun(plane, Files.writeString(folder.resolve("inventory.yaml"), text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** For commands that need no cluster. */
    static CommandRun offline() {
        return new CommandRun(FakeControlPlane.withMembers(1), Path.of("no-inventory.yaml"));
    }

    static CommandRun on(FakeControlPlane plane, Path folder) {
        return on(plane, folder, "");
    }

    /** Somebody is at the terminal. */
    CommandRun asked(Predicate<String> answer) {
        terminal = true;
        person = answer;
        return this;
    }

    CommandRun timing(String property) {
        timing = property;
        return this;
    }

    /** What the command finds on standard input. */
    CommandRun piped(String text) {
        return piped(text.getBytes(StandardCharsets.UTF_8));
    }

    CommandRun piped(byte[] bytes) {
        standardInput = bytes.clone();
        return this;
    }

    /** From now on nothing can be written to standard output. */
    CommandRun toAFullDisk() {
        diskIsFull = true;
        return this;
    }

    /** The inventory that the last command connected with. */
    Inventory read() {
        return Objects.requireNonNull(read);
    }

    List<String> questions() {
        return questions;
    }

    /** The command with {@code --inventory}, where it does not come with its own. */
    Result run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        if (!all.contains("--inventory")) {
            all.add("--inventory");
            all.add(inventory.toString());
        }
        return runAsIs(all.toArray(String[]::new));
    }

    Result runAsIs(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Surroundings surroundings = new Surroundings(
                new ByteArrayInputStream(standardInput),
                new PrintStream(diskIsFull ? new FullDisk() : out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                new Person(),
                this::connect,
                timing,
                status -> {
                    throw new AssertionError("no signal was sent");
                });
        int status = CommandTree.run(surroundings, arguments);
        return new Result(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private Connection connect(Inventory inventory, Timing unused) {
        read = inventory;
        inventory.members().forEach(member -> plane.member(member.name()));
        return new Connection(plane.lifecycle().build(), () -> {});
    }

    private static final class FullDisk extends OutputStream {
        @Override
        public void write(int b) throws IOException {
            throw new IOException("No space left on device");
        }
    }

    private final class Person implements Confirmation {
        @Override
        public boolean canAsk() {
            return terminal;
        }

        @Override
        public boolean saysYes(String question) {
            questions.add(question);
            return person.test(question);
        }

        @Override
        public char[] secret(String question) {
            throw new AssertionError("nothing secret is to be asked: " + question);
        }
    }
}
