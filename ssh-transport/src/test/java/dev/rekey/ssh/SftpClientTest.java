package dev.rekey.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekey.manifest.NodePath;
import dev.rekey.ssh.SftpReply.NotSftpException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Packets byte for byte, and servers that do not keep to the protocol. */
class SftpClientTest {
    private static final byte[] VERSION_3 = packet(2, 3, "posix-rename@openssh.com", "1");

    private static byte[] packet(int type, Object... fields) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.write(type);
        for (Object field : fields) {
            if (field instanceof Integer number) {
                body.writeBytes(ByteBuffer.allocate(4).putInt(number).array());
            } else if (field instanceof Long number) {
                body.writeBytes(ByteBuffer.allocate(8).putLong(number).array());
            } else {
                byte[] bytes =
                        field instanceof byte[] raw ? raw : field.toString().getBytes(StandardCharsets.UTF_8);
                body.writeBytes(ByteBuffer.allocate(4).putInt(bytes.length).array());
                body.writeBytes(bytes);
            }
        }
        return ByteBuffer.allocate(4 + body.size())
                .putInt(body.size())
                .put(body.toByteArray())
                .array();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static SftpClient client(byte[]... answers) throws IOException {
        return new SftpClient(new ByteArrayInputStream(join(VERSION_3, join(answers))), new ByteArrayOutputStream());
    }

    @Test
    void theHandshake_isThreeWords_andExtensionsAreKept() throws IOException {
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        SftpClient client = new SftpClient(new ByteArrayInputStream(VERSION_3), sent);
        assertThat(HexFormat.of().formatHex(sent.toByteArray())).isEqualTo("000000050100000003");
        assertThat(client.offers(SftpClient.POSIX_RENAME)).isTrue();
        assertThat(client.offers(SftpClient.SYNC)).isFalse();
    }

    @Test
    void anExclusiveOpen_isThesePacketBytes() {
        byte[] bytes = new SftpPacket(SftpPacket.OPEN, 7)
                .string("/d/f")
                .uint32(SftpClient.FOR_WRITING | SftpClient.CREATE | SftpClient.EXCLUSIVE)
                .uint32(4)
                .uint32(0600)
                .toBytes();
        assertThat(HexFormat.of().formatHex(bytes))
                .isEqualTo("00000019" + "03" + "00000007" + "00000004" + "2f642f66" + "0000002a" + "00000004"
                        + "00000180");
    }

    @Test
    void attributesWithEveryField_areRead() throws IOException {
        SftpClient client = client(packet(105, 1, 0x8000000f, 12L, 1000, 1001, 0100640, 5, 6, 1, "name", "value"));
        assertThat(client.attributes(client.request(SftpPacket.LSTAT).string("/f")))
                .isEqualTo(new SftpAttributes(12, 1000, 1001, 0100640, 6));
    }

    @Test
    void aFileThatIsShorterOrLongerThanBelieved_isReadToItsEnd() throws IOException {
        byte[] handle = {1};
        assertThat(client(packet(103, 1, "abc"), packet(101, 2, 1, "", "")).readAll(handle, 3, 100))
                .asString()
                .isEqualTo("abc");
        // believed 0 bytes, as in /proc: the probe brings some
        assertThat(client(packet(103, 1, "abc"), packet(103, 2, "de"), packet(101, 3, 1, "", ""))
                        .readAll(handle, 0, 100))
                .asString()
                .isEqualTo("abcde");
        // believed 5 bytes and shorter: what was asked for behind them is thrown away, and asked for anew
        assertThat(client(packet(103, 1, "abc"), packet(103, 2, "zz"), packet(103, 3, "de"), packet(101, 4, 1, "", ""))
                        .readAll(handle, 5, 100))
                .asString()
                .isEqualTo("abcde");
        assertThat(client(packet(103, 1, "x".repeat(11)), packet(103, 2, "y")).readAll(handle, 11, 10))
                .hasSizeGreaterThan(10);
    }

    @Test
    void aRefusal_hasItsNumber_andTheNextRequestWorks() throws IOException {
        SftpClient client = client(packet(101, 1, 3, "Permission denied", ""), packet(102, 2, "h"));
        assertThatThrownBy(
                        () -> client.handle(client.request(SftpPacket.OPENDIR).string("/d")))
                .isInstanceOfSatisfying(
                        SftpStatusException.class, e -> assertThat(e.status()).isEqualTo(3));
        assertThat(client.handle(client.request(SftpPacket.OPENDIR).string("/e")))
                .containsExactly('h');
    }

    @Test
    void aDirectoryThatCannotBeGivenItsOwner_isNotLeftOpen() throws IOException {
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        byte[] answers = join(
                VERSION_3,
                packet(101, 1, 0, "", ""),
                packet(102, 2, "h"),
                packet(101, 3, 3, "Permission denied", ""),
                packet(101, 4, 0, "", ""));
        SftpFiles files = new SftpFiles(new SftpClient(new ByteArrayInputStream(answers), sent), () -> {});
        assertThatThrownBy(() -> files.makeDirectory(NodePath.of("/d"), 0, 0, 0700))
                .isInstanceOf(HostFileException.class)
                .hasMessage("permission denied");
        assertThat(HexFormat.of().formatHex(sent.toByteArray()))
                .endsWith(HexFormat.of().formatHex(packet(SftpPacket.CLOSE, 4, "h")));
    }

    @Test
    void shellTextInPlaceOfAPacket_isRecognised() {
        assertThatThrownBy(() -> new SftpClient(
                        new ByteArrayInputStream("Welcome!\n".getBytes(StandardCharsets.US_ASCII)),
                        new ByteArrayOutputStream()))
                .isInstanceOf(NotSftpException.class)
                .hasMessageContaining("Welc")
                .hasMessageContaining("prints on start");
    }

    @Test
    void anEndInTheMiddle_isAnEnd() {
        assertThatThrownBy(() -> client().handle(new SftpPacket(SftpPacket.OPENDIR, 1)))
                .isInstanceOf(EOFException.class);
        byte[] cut = new byte[] {0, 0, 0, 9, 102, 0};
        assertThatThrownBy(() -> client(cut).handle(new SftpPacket(SftpPacket.OPENDIR, 1)))
                .isInstanceOf(EOFException.class);
    }

    @Test
    void answersOutOfOrder_orOfAWrongType_areRefused() {
        assertThatThrownBy(() -> {
                    SftpClient client = client(packet(102, 9, "h"));
                    client.handle(client.request(SftpPacket.OPENDIR));
                })
                .hasMessageContaining("out of order");
        assertThatThrownBy(() -> {
                    SftpClient client = client(packet(103, 1, "h"));
                    client.handle(client.request(SftpPacket.OPENDIR));
                })
                .hasMessageContaining("type 103");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void anyBytes_endInAnIOException_andNothingElse(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 3_000; i++) {
            byte[] answer = switch (random.nextInt(3)) {
                case 0 -> packet(105, 1, random.nextInt());
                case 1 -> packet(104, 1, random.nextInt(), "a", "b", random.nextInt(16));
                default -> packet(101 + random.nextInt(6), 1, random.nextInt(5));
            };
            answer[random.nextInt(answer.length)] = (byte) random.nextInt(256);
            try {
                SftpClient client = client(answer);
                SftpPacket request = client.request(SftpPacket.LSTAT);
                if (random.nextBoolean()) {
                    client.attributes(request);
                } else {
                    client.names(request);
                }
            } catch (IOException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
    }
}
