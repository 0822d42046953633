package dev.rekey.spi;

import dev.rekey.config.Reader;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * Keeps a copy of every key before the key encrypts anything and before it leaves the members: a backup of etcd needs the key
 * of its time, and with all members lost the active key is lost too.
 */
public interface KeyArchive {

    /**
     * Keeps {@code keys}, durably, before it returns; throws where it cannot. Called again after a crash: keeping a key twice is
     * fine, losing one is not.
     */
    void keep(List<Reader.OfKey> keys);

    /**
     * Keeps nothing, because of {@code reason} (as {@code "the secrets of this test cluster are worth nothing"}), which
     * {@code toString} says for reports. Refuses a blank one.
     */
    static KeyArchive none(String reason) {
        return new NoArchive(reason);
    }

    /**
     * Keeps keys in {@code file}, encrypted to {@code certificate}, whose private key is needed for {@link ArchiveReader} alone
     * and best never comes near this machine.
     *
     * <p>The file is text: for each key a PEM block with a CMS EnvelopedData message, which {@code openssl cms -decrypt} opens
     * too; the file's head says how. Names and fingerprints of the keys are readable in it. It is replaced atomically, with mode
     * 0600 and synced; a key that it holds already for the same certificate is not added again. Several processes may share
     * it: a lock file {@code .<name>.lock} beside it orders them. The directory must be there.
     *
     * @param certificate with an RSA key of at least 2048 bits, or an EC key; its dates and usages do not matter
     */
    static KeyArchive encryptedTo(X509Certificate certificate, Path file) {
        return new CmsArchive(certificate, file);
    }

    /** The only certificate in a PEM file; a {@link dev.rekey.InvalidInputException} where there is none, or another. */
    static X509Certificate certificate(Path pem) {
        return PemFile.certificate(pem);
    }
}
