package dev.rekey.spi;

import java.util.List;

/**
 * Has every stored object of some rules written again, so that it ends up under the writer that the apiservers have loaded.
 *
 * <p>Idempotent: what is current is not written. It concludes nothing about which writer that is; the caller proves before and
 * after what every apiserver has loaded.
 */
public interface SecretRewriter extends AutoCloseable {

    /**
     * One pass over the objects of {@code rules} (patterns of a configuration: {@code secrets}, {@code *.apps}, {@code *.*}), as
     * listed after the call began. Runs on past an object that cannot be rewritten, and reports it.
     *
     * @param progress called from this thread at least every 5 s; what it throws ends the pass and is thrown on
     */
    RewriteReport rewrite(List<String> rules, RewriteProgress progress);

    @Override
    void close();
}
