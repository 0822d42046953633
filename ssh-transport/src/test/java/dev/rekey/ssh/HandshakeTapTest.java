package dev.rekey.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HandshakeTapTest {
    private static final String VERSION = "hello\r\nSSH-2.0-OpenSSH_9.2\r\n";

    private static byte[] packet(int message, byte[] first) {
        int padding = 5;
        return ByteBuffer.allocate(4 + 2 + 4 + first.length + padding)
                .putInt(2 + 4 + first.length + padding)
                .put((byte) padding)
                .put((byte) message)
                .putInt(first.length)
                .put(first)
                .array();
    }

    private static byte[] stream(String version, byte[]... packets) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(version.getBytes(StandardCharsets.ISO_8859_1));
        for (byte[] packet : packets) {
            all.writeBytes(packet);
        }
        return all.toByteArray();
    }

    private static Optional<String> heard(byte[] stream, int pieces) {
        HandshakeTap tap = new HandshakeTap();
        for (int at = 0; at < stream.length; at += pieces) {
            tap.hear(stream, at, Math.min(pieces, stream.length - at));
        }
        return tap.certificate().map(Certificate::id);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 8, 100, 100_000})
    void aCertificateIsShown_itIsHeard_howeverTheBytesCome(int pieces) {
        byte[] stream = stream(VERSION, packet(20, new byte[40]), packet(31, CertificateTest.blob()));
        assertThat(heard(stream, pieces)).contains("node");
    }

    @Test
    void aPlainKeyIsShown_nothingIsHeard() {
        assertThat(heard(stream(VERSION, packet(31, "no certificate".getBytes(StandardCharsets.US_ASCII))), 9))
                .isEmpty();
    }

    @Test
    void aGroupLooksLikeACertificate_theKeyBehindItCounts() {
        byte[] stream = stream(VERSION, packet(31, CertificateTest.blob()), packet(33, new byte[40]));
        assertThat(heard(stream, 7)).isEmpty();
    }

    @Test
    void behindTheNewKeys_nothingIsHeard() {
        byte[] stream = stream(VERSION, packet(21, new byte[0]), packet(31, CertificateTest.blob()));
        assertThat(heard(stream, 7)).isEmpty();
    }

    @Test
    void whatIsNoHandshake_isPassedOver() {
        assertThat(heard(stream("x".repeat(300_000)), 1_000)).isEmpty();
        assertThat(heard(stream(VERSION, new byte[] {-1, -1, -1, -1}, packet(31, CertificateTest.blob())), 7))
                .isEmpty();
        byte[] overlong = packet(31, CertificateTest.blob());
        overlong[9] += 100;
        assertThat(heard(stream(VERSION, overlong), 7)).isEmpty();
    }
}
