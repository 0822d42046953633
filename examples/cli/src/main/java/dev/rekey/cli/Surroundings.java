package dev.rekey.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.IntConsumer;

/**
 * What the command line meets outside of itself.
 *
 * @param timing the system property of {@link UnsafeTestTiming}; empty where it is not set
 * @param halt ends the JVM from within its shutdown
 */
record Surroundings(
        InputStream in,
        PrintStream out,
        PrintStream err,
        Confirmation confirmation,
        Connector connector,
        String timing,
        IntConsumer halt) {

    /** Those of this process; UTF-8 whatever the locale, as JSON asks for. */
    static Surroundings ofThisProcess() {
        return new Surroundings(
                System.in,
                utf8(FileDescriptor.out),
                utf8(FileDescriptor.err),
                Confirmation.TERMINAL,
                new KubernetesConnector(Confirmation.TERMINAL),
                System.getProperty(UnsafeTestTiming.PROPERTY, ""),
                Runtime.getRuntime()::halt);
    }

    private static PrintStream utf8(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }
}
