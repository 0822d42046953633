package dev.rekey.ssh;

import java.nio.file.Path;

/**
 * What a call waits for: if its time ends there, this is what it was late for.
 *
 * @param late as part of a sentence
 * @param advice a sentence without its stop
 * @param foreign whether code runs that is not ours, and that may not end when it is interrupted
 */
record Waiting(String late, String advice, boolean foreign) {
    private static final String LOOK = "Check the host and the way to it, then make the same call again";

    static final Waiting HOST = new Waiting("it did not answer in time", LOOK, false);

    static final Waiting HANDSHAKES = new Waiting(
            "other connections to the same sshd took all the time",
            "See what holds them up, or allow more at once (SshConnections), then make the same call again",
            false);

    static final Waiting RECONNECTION =
            new Waiting("another call was still making the new connection when the time was over", LOOK, false);

    static final Waiting KEYS = new Waiting(
            "another call was still loading the keys when the time was over", "Make the same call again", false);

    static final Waiting AGENT = new Waiting(
            "the ssh-agent did not answer in time",
            "See whether `ssh-add -l` answers, and whether the agent waits for somebody to confirm, then make the same"
                    + " call again",
            false);

    static Waiting tcp(String host, int port) {
        return new Waiting("port " + port + " of " + host + " did not answer in time", LOOK, false);
    }

    static Waiting name(String host) {
        return new Waiting(
                "the name " + host + " was not resolved in time",
                "Check the name servers of this machine, or give an address, then make the same call again",
                true);
    }

    static Waiting handshake(Hop hop) {
        return new Waiting(hop.where() + " did not finish the SSH handshake in time", LOOK, false);
    }

    static Waiting passphrase(Path key) {
        return new Waiting(
                "the passphrase callback of " + key + " did not answer in time",
                "Have it answer within the connect timeout, or give more time, then make the same call again",
                true);
    }

    EndedException over() {
        return new EndedException(late, advice);
    }
}
