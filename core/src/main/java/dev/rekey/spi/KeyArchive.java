package dev.rekey.spi;

import dev.rekey.config.Reader;
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
}
