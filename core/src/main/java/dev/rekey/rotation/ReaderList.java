package dev.rekey.rotation;

import dev.rekey.config.Key;
import dev.rekey.config.Provider;
import dev.rekey.config.Reader;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The provider list of one rule while it is put together. The order is fixed, since equal states must render to equal bytes.
 */
final class ReaderList {
    private static final Comparator<Provider> ORDER = Comparator.<Provider, Boolean>comparing(
                    atom -> atom instanceof Provider.Identity)
            .thenComparing(Provider::type)
            .thenComparing(atom -> atom.readers().get(0).ref())
            .thenComparing(ReaderList::fingerprint);

    private final List<Provider> providers;

    private ReaderList(List<Provider> providers) {
        this.providers = new ArrayList<>(providers);
    }

    /** The list as the server would use it: no rule at all reads and writes plain. */
    static List<Provider> orPlain(List<Provider> providers) {
        return providers.isEmpty() ? List.of(new Provider.Identity()) : providers;
    }

    /**
     * {@code target} verbatim, then what of {@code wanted} it lacks, in an order that does not depend on theirs: keys into the same
     * provider's element, else new elements; identity last.
     */
    static List<Provider> extended(List<Provider> target, List<Provider> wanted) {
        ReaderList list = new ReaderList(target);
        atoms(wanted).stream().sorted(ORDER).forEach(list::add);
        return List.copyOf(list.providers);
    }

    /** The same readers with {@code writer} in front. */
    static List<Provider> writing(List<Provider> list, Provider writer) {
        if (list.get(0).equals(writer) || firstKeyOf(list.get(0)).equals(firstKeyOf(writer))) {
            return list;
        }
        ReaderList changed = new ReaderList(list);
        changed.remove(writer);
        changed.putInFront(writer);
        return List.copyOf(changed.providers);
    }

    /** Each reader as a provider of its own, with its parameters. */
    static List<Provider> atoms(List<Provider> providers) {
        List<Provider> atoms = new ArrayList<>();
        for (Provider provider : providers) {
            if (provider instanceof Provider.Keyed keyed) {
                keyed.keys().forEach(key -> atoms.add(keyed.withKeys(List.of(key))));
            } else {
                atoms.add(provider);
            }
        }
        return atoms;
    }

    private void add(Provider atom) {
        if (reads(atom)) {
            return;
        }
        if (atom instanceof Provider.Keyed keyed) {
            for (int i = 0; i < providers.size(); i++) {
                if (providers.get(i) instanceof Provider.Keyed same
                        && same.type().equals(keyed.type())) {
                    List<Key> keys = new ArrayList<>(same.keys());
                    keys.addAll(keyed.keys());
                    providers.set(i, same.withKeys(keys));
                    return;
                }
            }
        }
        int last = providers.size() - 1;
        boolean beforeIdentity = last > 0 && providers.get(last) instanceof Provider.Identity;
        providers.add(beforeIdentity ? last : last + 1, atom);
    }

    private boolean reads(Provider atom) {
        List<Reader> have =
                providers.stream().flatMap(p -> p.readers().stream()).toList();
        return have.containsAll(atom.readers());
    }

    private void remove(Provider writer) {
        if (writer instanceof Provider.Keyed keyed) {
            Key key = keyed.keys().get(0);
            for (int i = 0; i < providers.size(); i++) {
                if (providers.get(i) instanceof Provider.Keyed same
                        && same.type().equals(keyed.type())) {
                    List<Key> left =
                            same.keys().stream().filter(k -> !k.equals(key)).toList();
                    providers.set(i, same.withKeys(left));
                }
            }
            providers.removeIf(
                    p -> p instanceof Provider.Keyed empty && empty.keys().isEmpty());
        } else {
            providers.removeIf(p -> p.readers().equals(writer.readers()));
        }
    }

    private void putInFront(Provider writer) {
        if (writer instanceof Provider.Keyed keyed
                && !providers.isEmpty()
                && providers.get(0) instanceof Provider.Keyed first
                && first.type().equals(keyed.type())) {
            List<Key> keys = new ArrayList<>(keyed.keys());
            keys.addAll(first.keys());
            providers.set(0, first.withKeys(keys));
        } else {
            providers.add(0, writer);
        }
    }

    private static String fingerprint(Provider atom) {
        return atom instanceof Provider.Keyed keyed
                ? keyed.keys().get(0).material().fingerprint()
                : atom instanceof Provider.Kms kms ? kms.apiVersion() + kms.endpoint() : "";
    }

    private static List<Reader> firstKeyOf(Provider provider) {
        return provider.readers().subList(0, 1);
    }
}
