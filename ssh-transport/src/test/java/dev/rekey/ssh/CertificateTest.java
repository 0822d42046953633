package dev.rekey.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CertificateTest {
    /** An ed25519 key for node1 and node2 in all of the year 2030. */
    private static final String BLOB = """
            AAAAIHNzaC1lZDI1NTE5LWNlcnQtdjAxQG9wZW5zc2guY29tAAAAIHOb4jeHZCaHArxDyAicvJxAqfOq12Ejw6DEJRhkp0t2AAAA
            IL5Z0u8UwtqJPTqT2Lz9dJu2LFMw1WjUa4JjjtP3klmvAAAAAAAAAAAAAAACAAAABG5vZGUAAAASAAAABW5vZGUxAAAABW5vZGUy
            AAAAAHDb2IAAAAAAcr0MAAAAAAAAAAAAAAAAAAAAADMAAAALc3NoLWVkMjU1MTkAAAAgcGbFjQY+w5TJUMHs9WN53OfG/6gvlppT
            sf3K/NyyzCAAAABTAAAAC3NzaC1lZDI1NTE5AAAAQDqLqORfUeMPdJ+3Sc8/0UVKJwRCjABBWG3zvOZVRgNURL5/WQAbk9rYwyoM
            dg3BqjeJJppEP9ZjnB5Th67aDgw=
            """;

    private static final Instant WITHIN = Instant.parse("2030-06-01T00:00:00Z");

    private static Certificate parsed(byte[] blob) {
        return Certificate.parse(blob).orElseThrow();
    }

    static byte[] blob() {
        return Base64.getMimeDecoder().decode(BLOB);
    }

    @Test
    void allIsRight_noFault() {
        assertThat(parsed(blob()).faultAsHost("node1", WITHIN)).isEmpty();
        assertThat(parsed(blob()).faultAsHost("NODE1", WITHIN)).isEmpty();
    }

    @Test
    void theSecondsAtItsEnds_countAsInOpenSsh() {
        Certificate certificate = parsed(blob());
        assertThat(certificate.faultOfTime(Instant.parse("2029-12-31T23:59:59Z")))
                .isEqualTo("it is valid only from 2030-01-01T00:00:00Z on");
        assertThat(certificate.faultOfTime(Instant.parse("2030-01-01T00:00:00Z")))
                .isEmpty();
        assertThat(certificate.faultOfTime(Instant.parse("2030-12-31T23:59:59Z")))
                .isEmpty();
        assertThat(certificate.faultOfTime(Instant.parse("2031-01-01T00:00:00Z")))
                .isEqualTo("it expired on 2031-01-01T00:00:00Z (it was valid from 2030-01-01T00:00:00Z)");
    }

    @Test
    void anyByteIsAnother_itIsNotTaken() {
        byte[] whole = blob();
        for (int i = 0; i < whole.length; i++) {
            byte[] changed = whole.clone();
            changed[i] ^= 1;
            assertThat(Certificate.parse(changed).map(each -> each.faultAsHost("node1", WITHIN)))
                    .as("byte %d", i)
                    .isNotEqualTo(Optional.of(""));
        }
    }

    @Test
    void itIsCutOff_itIsNone() {
        byte[] whole = blob();
        for (int i = 0; i < whole.length; i++) {
            assertThat(Certificate.parse(Arrays.copyOf(whole, i)))
                    .as("%d bytes", i)
                    .isEmpty();
        }
        assertThat(Certificate.parse(Arrays.copyOf(whole, whole.length + 1))).isEmpty();
    }
}
