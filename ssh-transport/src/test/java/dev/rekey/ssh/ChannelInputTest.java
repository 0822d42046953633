package dev.rekey.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChannelInputTest {
    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void piecesOfAnySize_comeOutWholeAndInOrder(long seed) throws IOException {
        Random random = new Random(seed);
        ChannelInput in = new ChannelInput();
        OutputStream sink = in.sink();
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        ByteArrayOutputStream got = new ByteArrayOutputStream();
        for (int i = 0; i < 400; i++) {
            byte[] piece = new byte[1 + random.nextInt(random.nextBoolean() ? 40_000 : 20)];
            random.nextBytes(piece);
            sink.write(piece, 0, piece.length);
            sent.write(piece);
            got.write(in.readNBytes(random.nextInt(in.available() + 1)));
        }
        sink.close();
        got.write(in.readAllBytes());
        assertThat(got.toByteArray()).isEqualTo(sent.toByteArray());
        assertThat(in.read()).isEqualTo(-1);
    }

    @Test
    void nothingComes_theTimeoutIsTold_andBytesThatComeLaterAreRead() throws IOException {
        ChannelInput in = new ChannelInput();
        in.timeout(1);
        assertThatThrownBy(in::read).isInstanceOf(SocketTimeoutException.class);
        in.sink().write('x');
        assertThat(in.read()).isEqualTo('x');
    }

    @Test
    void moreThanTheLimitLiesUnread_theSessionIsToldAtOnce_andTheReaderAfterWhatWasKept() throws IOException {
        ChannelInput in = new ChannelInput(10);
        OutputStream sink = in.sink();
        sink.write(ascii("0123456789"));
        assertThatThrownBy(() -> sink.write('x')).isInstanceOf(IOException.class);
        // As JSch does, which closes the channel then.
        sink.close();
        sink.write('y');
        assertThat(in.readNBytes(10)).asString().isEqualTo("0123456789");
        assertThatThrownBy(in::read)
                .isInstanceOf(SocketException.class)
                .hasMessage("this channel was ended, since its reader had left 10 bytes lying");
    }

    @Test
    void theReaderKeepsUp_noAmountIsTooMuch() throws IOException {
        ChannelInput in = new ChannelInput(10);
        OutputStream sink = in.sink();
        for (int i = 0; i < 1_000; i++) {
            sink.write(ascii("0123456789"));
            assertThat(in.readNBytes(10)).asString().isEqualTo("0123456789");
        }
    }

    @Test
    void theEndIsALoss_whatCameIsReadFirst() throws IOException {
        ChannelInput in = new ChannelInput();
        OutputStream sink = in.sink(() -> () -> {
            throw new SocketException("lost");
        });
        sink.write(ascii("some"));
        sink.close();
        assertThat(in.readNBytes(4)).asString().isEqualTo("some");
        assertThatThrownBy(in::read).isInstanceOf(SocketException.class).hasMessage("lost");
        assertThatThrownBy(in::read).isInstanceOf(SocketException.class).hasMessage("lost");
    }

    @Test
    void theReaderWantsNoMore_whatComesIsDropped() throws IOException {
        ChannelInput in = new ChannelInput(10);
        OutputStream sink = in.sink();
        sink.write(ascii("some"));
        in.end();
        sink.write(new byte[1_000]);
        assertThat(in.available()).isZero();
        assertThat(in.read()).isEqualTo(-1);
    }

    @Test
    void itIsClosed_readingFails_andWhatComesIsDropped() throws IOException {
        ChannelInput in = new ChannelInput(10);
        in.close();
        in.sink().write(new byte[1_000]);
        assertThatThrownBy(in::read).isInstanceOf(SocketException.class);
    }
}
