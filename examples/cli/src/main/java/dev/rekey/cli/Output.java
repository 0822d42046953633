package dev.rekey.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Results on standard output, one of them for each command; everything that passes by on standard error. */
final class Output {
    private static final Gson GSON = new GsonBuilder()
            .disableHtmlEscaping()
            .serializeNulls()
            .setPrettyPrinting()
            .create();

    private final PrintStream out;
    private final PrintStream err;
    private final Format format;
    private boolean lossTold;

    /** How results look. */
    enum Format {
        /** For people. */
        TEXT,
        /** One object, for tools. */
        JSON;

        /** As the arguments will say once they are parsed, so that a mistake in them is told in the form that was asked for. */
        static Format in(List<String> arguments) {
            for (int i = 0; i < arguments.size(); i++) {
                String argument = arguments.get(i);
                boolean apart = argument.equals("--output")
                        && i + 1 < arguments.size()
                        && arguments.get(i + 1).equals("json");
                if (apart || argument.equals("--output=json")) {
                    return JSON;
                }
            }
            return TEXT;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    Output(PrintStream out, PrintStream err, Format format) {
        this.out = out;
        this.err = err;
        this.format = format;
    }

    boolean isJson() {
        return format == Format.JSON;
    }

    /** What the command was for. */
    void result(String text, Map<String, Object> map) {
        out.println(isJson() ? GSON.toJson(map) : harmless(text));
    }

    /** What the command was for, and not a byte more: for a file or a pipe. */
    void exact(byte[] bytes, Map<String, Object> map) {
        if (isJson()) {
            out.println(GSON.toJson(map));
        } else {
            out.write(bytes, 0, bytes.length);
            out.flush();
        }
    }

    /** For people, before the result is there: where they look, and never in the way of a tool. False where it did not get there. */
    boolean preview(String text) {
        PrintStream where = isJson() ? err : out;
        where.println(harmless(text));
        return !where.checkError();
    }

    /** A line that passes by. */
    void progress(String line) {
        err.println(harmless(line));
    }

    /** Names and paths are of others' making: without what a terminal would take for a command. */
    private static String harmless(String text) {
        return text.replaceAll("[\\p{Cc}&&[^\n\r\t]]", "?");
    }

    /** Why there is no result. */
    void error(String code, String message) {
        progress("error (" + code + "): " + message);
        if (isJson()) {
            Map<String, Object> error = new LinkedHashMap<>();
            error.put("code", code);
            error.put("message", message);
            out.println(GSON.toJson(Map.of("error", error)));
        }
    }

    /** The exit status of a command that has printed all: a result that is lost, as on a full disk, was not given. */
    int ended(int status) {
        if (!out.checkError()) {
            return status;
        }
        if (!lossTold) {
            lossTold = true;
            err.println(
                    "error (output): standard output could not be written to its end; do not use what is there of it."
                            + " What else was done stays. Give it a place with room, or a reader that reads it whole");
        }
        return status == ExitStatus.DONE.number() ? ExitStatus.FAILED.number() : status;
    }
}
