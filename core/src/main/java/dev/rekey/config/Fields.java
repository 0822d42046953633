package dev.rekey.config;

import dev.rekey.config.Tree.Arr;
import dev.rekey.config.Tree.Member;
import dev.rekey.config.Tree.Null;
import dev.rekey.config.Tree.Num;
import dev.rekey.config.Tree.Obj;
import dev.rekey.config.Tree.Str;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Takes typed fields out of maps; what has the wrong type is a finding and counts as absent. */
final class Fields {
    private final Findings findings;

    Fields(Findings findings) {
        this.findings = findings;
    }

    static String join(String path, String field) {
        return path.isEmpty() ? field : path + "." + field;
    }

    void onlyKnown(Obj map, String path, Set<String> known) {
        for (Member member : map.members()) {
            if (known.contains(member.name())) {
                continue;
            }
            String hint = known.stream()
                    .filter(name -> name.equalsIgnoreCase(member.name()))
                    .findFirst()
                    .map(name -> "; write it as " + name)
                    .orElse(
                            known.isEmpty()
                                    ? "; no field stands here"
                                    : "; known are "
                                            + String.join(
                                                    ", ",
                                                    known.stream().sorted().toList()));
            findings.add(
                    Code.UNKNOWN_FIELD,
                    join(path, Names.field(member.name())),
                    member.nameAt(),
                    "the server knows no field '" + Names.field(member.name()) + "' here" + hint);
        }
    }

    /** Empty where it is absent or null. */
    Optional<Tree> value(Obj map, String field, String path) {
        Optional<Tree> value = map.value(field);
        value.ifPresent(tree -> findings.place(join(path, field), tree.at()));
        return value.filter(tree -> !(tree instanceof Null));
    }

    /** The map; empty where it is null or something else. */
    Optional<Obj> map(Tree tree, String path) {
        if (tree instanceof Obj map) {
            return Optional.of(map);
        }
        if (!(tree instanceof Null)) {
            wrong(tree, path, "a map");
        }
        return Optional.empty();
    }

    List<Tree> list(Obj map, String field, String path) {
        Optional<Tree> value = value(map, field, path);
        if (value.isPresent() && !(value.get() instanceof Arr)) {
            wrong(value.get(), join(path, field), "a list");
        }
        return value.filter(Arr.class::isInstance)
                .map(tree -> ((Arr) tree).items())
                .orElse(List.of());
    }

    String string(Obj map, String field, String path) {
        return value(map, field, path)
                .map(tree -> string(tree, join(path, field)))
                .orElse("");
    }

    String string(Tree tree, String path) {
        findings.place(path, tree.at());
        if (tree instanceof Str string) {
            return string.text();
        }
        if (!(tree instanceof Null)) {
            wrong(tree, path, "a text; put it in quotes");
        }
        return "";
    }

    Optional<Integer> int32(Obj map, String field, String path) {
        Optional<Tree> value = value(map, field, path);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        if (value.get() instanceof Num number && number.whole() && number.value() == (int) number.value()) {
            return Optional.of((int) number.value());
        }
        wrong(value.get(), join(path, field), "a whole number of 32 bits");
        return Optional.empty();
    }

    void wrong(Tree tree, String path, String wanted) {
        findings.add(
                Code.WRONG_TYPE, path, tree.at(), "here stands " + tree.kind() + ", and the server wants " + wanted);
    }
}
