package dev.rekey.lifecycle;

import dev.rekey.config.ManagedSettings;
import java.io.Serializable;
import java.util.List;

/**
 * What is wanted. Making the same call again, after whatever stop, goes on from what is there.
 *
 * <p>What a call means in each state; <i>managed</i>: every member has one and the same configuration in the managed file, with one
 * key that writes; <i>unfinished</i>: several keys, plain written first, members that differ, or a file that no flag refers to;
 * <i>custom</i>: the flag names the custom file; <i>foreign</i>: the flag names another path.
 *
 * <table>
 * <caption>Calls and states</caption>
 * <tr><th></th><th>plain</th><th>managed</th><th>unfinished</th><th>custom</th><th>foreign</th></tr>
 * <tr><td>enable</td><td>new key</td><td>with a valid mark nothing, else settle, rewrite, mark; named settings that differ are a
 *   change, unset ones keep</td><td>finish towards the highest serial</td><td>staged with rewrite; refused if a resource would fall
 *   back to plain and is not named</td><td>refused; with {@code replacing()} its readers are kept and it is staged</td></tr>
 * <tr><td>rotate</td><td>refused</td><td>new key; the reload flag is added on the way</td><td>several keys: finish, mint none;
 *   plain written first: refused</td><td>refused</td><td>refused</td></tr>
 * <tr><td>rotateAwayFrom k</td><td>refused</td><td>new key if k writes, else as enable</td><td>finish if the highest is not k, else
 *   one more key</td><td>refused</td><td>refused</td></tr>
 * <tr><td>disable</td><td>sweep what a stopped disable left, else nothing</td><td>plain first, rewrite, retire to no
 *   configuration</td><td>finish, fast forward where it applies</td><td>staged with rewrite; identity is added as
 *   reader</td><td>refused</td></tr>
 * <tr><td>rewrite</td><td>nothing to do</td><td>removes the mark, settles, rewrites, marks</td><td>refused: finish
 *   first</td><td>rewrites, no mark is needed</td><td>rewrites</td></tr>
 * </table>
 */
public sealed interface Change extends Serializable {

    /** As the command line names it. */
    String describe();

    /** Encrypt with a managed key, with the settings that are there or else the defaults. */
    static Enable enable() {
        return new Enable(ManagedSettings.DEFAULT, List.of(), false);
    }

    /** Encrypt as {@code settings} say; what they leave unset stays as it is. */
    static Enable enable(ManagedSettings settings) {
        return new Enable(settings, List.of(), false);
    }

    /**
     * A new key for the writer. Called again on a settled cluster it rotates again: a job that may be retried uses
     * {@link #rotateAwayFrom}.
     */
    static Rotate rotate() {
        return new Rotate("", ManagedSettings.DEFAULT);
    }

    /** A new key if {@code keyName} writes; nothing once it no longer does. */
    static Rotate rotateAwayFrom(CharSequence keyName) {
        return new Rotate(keyName.toString(), ManagedSettings.DEFAULT);
    }

    /** Store everything plain, and leave nothing behind. */
    static Disable disable() {
        return new Disable();
    }

    /** Write every object again under the writer that is there, as after a key change in a KMS. Never an empty plan where something encrypts. */
    static Rewrite rewrite() {
        return new Rewrite();
    }

    /** See {@link Change#enable()}. */
    record Enable(ManagedSettings settings, List<String> decrypting, boolean replace) implements Change {
        /** Copies the list. */
        public Enable {
            decrypting = List.copyOf(decrypting);
        }

        /** Allows these rules of a custom configuration to fall back to plain. */
        public Enable decrypting(List<? extends CharSequence> rules) {
            return new Enable(
                    settings, rules.stream().map(CharSequence::toString).toList(), replace);
        }

        /** Allows to replace a flag that names a path outside the layout; what that file can read stays readable. */
        public Enable replacing() {
            return new Enable(settings, decrypting, true);
        }

        @Override
        public String describe() {
            return "enable";
        }
    }

    /**
     * See {@link Change#rotate()}.
     *
     * @param awayFrom the key that must no longer write; empty for whichever writes
     * @param settings prefix and kept keys; unset ones are those of the file
     */
    record Rotate(String awayFrom, ManagedSettings settings) implements Change {
        /** With a key prefix or a number of previous keys to keep. */
        public Rotate withSettings(ManagedSettings changed) {
            return new Rotate(awayFrom, changed);
        }

        @Override
        public String describe() {
            return awayFrom.isEmpty() ? "rotate" : "rotate --away-from " + awayFrom;
        }
    }

    /** See {@link Change#disable()}. */
    record Disable() implements Change {
        @Override
        public String describe() {
            return "disable";
        }
    }

    /** See {@link Change#rewrite()}. */
    record Rewrite() implements Change {
        @Override
        public String describe() {
            return "rewrite";
        }
    }
}
