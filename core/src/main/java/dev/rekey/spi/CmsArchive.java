package dev.rekey.spi;

import dev.rekey.config.Reader;
import dev.rekey.config.Rendered;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.List;

/** A file of messages, each one key, encrypted to one certificate. */
final class CmsArchive implements KeyArchive {
    private final X509Certificate certificate;
    private final ArchiveStore store;
    private final String recipient;

    CmsArchive(X509Certificate certificate, Path file) {
        CmsMessage.requireUsable(certificate);
        this.certificate = certificate;
        this.store = new ArchiveStore(file);
        try {
            this.recipient = Rendered.sha256(certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("the certificate cannot be encoded, though it was decoded");
        }
    }

    @Override
    public void keep(List<Reader.OfKey> keys) {
        if (!keys.isEmpty()) {
            store.update(archive -> with(archive, keys));
        }
    }

    private ArchiveText with(ArchiveText archive, List<Reader.OfKey> keys) {
        ArchiveText result = archive;
        for (Reader.OfKey key : keys) {
            if (!holds(result, key)) {
                byte[] encoded = CmsMessage.encrypt(ArchivedKey.render(key), certificate);
                result = result.with(ArchivedKey.label(key, recipient, encoded), encoded);
            }
        }
        return result;
    }

    /** The label binds the message under it: one that was damaged, or is for another certificate, counts for nothing. */
    private boolean holds(ArchiveText archive, Reader.OfKey key) {
        return archive.messages().stream()
                .anyMatch(block -> ArchiveText.message(block)
                        .filter(encoded -> block.comment().equals(ArchivedKey.label(key, recipient, encoded)))
                        .isPresent());
    }

    @Override
    public String toString() {
        return "archive " + store + ", encrypted to the certificate with SHA-256 " + recipient;
    }
}
