package dev.rekey.ssh;

import dev.rekey.ssh.HostAccess.UnusableException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/**
 * The first line of a command of ours, behind whatever the login shell printed.
 *
 * @param in what its standard input is, as {@code socket:[4711]}; empty where unknown
 * @param out its standard output
 */
record Greeting(boolean missing, String in, String out) {
    private static final int CHATTER_LIMIT = 65_536;

    /** A login shell that runs no commands may say nothing at all. */
    private static final int PATIENCE_MILLIS = 10_000;

    static Greeting await(RemoteChannel channel, String nonce) throws IOException {
        ByteArrayOutputStream chatter = new ByteArrayOutputStream();
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        channel.in().timeout(PATIENCE_MILLIS);
        try {
            while (chatter.size() + line.size() < CHATTER_LIMIT) {
                int next = channel.in().read();
                if (next < 0) {
                    throw ended(channel, chatter, line);
                }
                if (next != '\n') {
                    line.write(next);
                    continue;
                }
                String text = line.toString(StandardCharsets.UTF_8);
                if (text.startsWith(nonce)) {
                    return parse(text);
                }
                line.write(next);
                line.writeTo(chatter);
                line.reset();
            }
        } catch (SocketTimeoutException e) {
            line.writeTo(chatter);
            throw runsNothing(chatter.toByteArray(), channel.errors(), "does not end");
        } finally {
            channel.in().timeout(0);
        }
        throw new UnusableException("its login shell prints without end");
    }

    private static Greeting parse(String line) {
        String[] fields = line.split(" ", -1);
        boolean missing = fields.length == 2 && fields[1].equals("none");
        return new Greeting(
                missing, fields.length > 1 && !missing ? fields[1] : "", fields.length > 2 ? fields[2] : "");
    }

    private static IOException ended(RemoteChannel channel, ByteArrayOutputStream chatter, ByteArrayOutputStream line)
            throws IOException {
        int status = channel.awaitExitStatus(2_000);
        if (status < 0) {
            return new IOException("the connection was lost");
        }
        line.writeTo(chatter);
        return runsNothing(chatter.toByteArray(), channel.errors(), "ends with status " + status);
    }

    /** With its own words where it has any: those of a forced command, of a bastion's menu, of nologin say what to do. */
    static UnusableException runsNothing(byte[] chatter, String errors, String end) {
        String said = Text.printable(chatter, 80);
        String words = said.isEmpty() ? Text.lastLine(errors, 80) : said;
        return new UnusableException("its login shell runs no command (it "
                + (words.isEmpty() ? end + " and says nothing" : "says '" + words + "'") + ")");
    }
}
