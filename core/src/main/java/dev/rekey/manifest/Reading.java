package dev.rekey.manifest;

import dev.rekey.InvalidInputException;
import dev.rekey.RefusedException;
import dev.rekey.internal.EditableYaml;
import dev.rekey.internal.LikeSecret;
import dev.rekey.internal.YamlEditException;
import dev.rekey.internal.YamlNode;
import dev.rekey.internal.YamlNode.Mapping;
import dev.rekey.internal.YamlNode.Pair;
import dev.rekey.internal.YamlNode.Scalar;
import dev.rekey.internal.YamlNode.Sequence;
import dev.rekey.internal.YamlSlot;
import dev.rekey.internal.YamlSyntaxException;
import dev.rekey.internal.YamlText;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Walks a document and refuses what an edit could not handle: anchors, aliases, tags, merge keys, keys that stand twice. */
record Reading(String document) {
    /** A path may be as long as the text. */
    private static final int LONGEST = 400;

    /** Kubelet expands {@code $(NAME)} only. */
    private static final List<String> LEFTOVERS = List.of("{{", "${", "<no value>");

    /** Parses, and refuses what Kubernetes could read in another way than we do. */
    YamlText parse(String text, String advice) {
        try {
            YamlText parsed = YamlText.parse(text);
            EditableYaml.require(parsed);
            return parsed;
        } catch (YamlSyntaxException e) {
            String hint = isTemplate(text) ? "It looks like a template that is not filled in. " + advice : advice;
            throw invalid(e.line(), "it " + e.reason(), hint);
        } catch (YamlEditException e) {
            throw refused(
                    e.line(),
                    e.reason(),
                    isTemplate(text) ? "Take that out, or fill in the template" : "Take that out");
        }
    }

    private static boolean isTemplate(String text) {
        return text.contains("{{") || text.contains("{%") || text.contains("<%");
    }

    /** Makes a change, and refuses it where the text allows none. */
    <T> T change(Supplier<T> change) {
        try {
            return change.get();
        } catch (YamlEditException e) {
            throw refused(e.line(), e.reason(), "Change the lines there by hand");
        }
    }

    RefusedException refused(YamlNode at, String found, String advice) {
        return refused(at.span().line(), found, advice);
    }

    RefusedException refused(int line, String found, String advice) {
        return new RefusedException(
                document + ", line " + line + ": " + shown(found) + "; nothing was changed. " + advice);
    }

    InvalidInputException invalid(int line, String found, String advice) {
        String where = line > 0 ? document + ", line " + line : document;
        return new InvalidInputException(where + ": " + shown(found) + "; nothing was changed. " + advice);
    }

    private static String shown(String found) {
        String told = LikeSecret.hideIn(found);
        int half = LONGEST / 2;
        return told.length() <= LONGEST ? told : told.substring(0, half) + "…" + told.substring(told.length() - half);
    }

    /** The map under {@code key}; null where it is absent or null. */
    @Nullable
    Mapping mapping(Mapping parent, String key) {
        YamlNode value = parent.value(key);
        return YamlSlot.isNull(value) || value == null ? null : mapping(value, key);
    }

    Mapping mapping(YamlNode node, String what) {
        plain(node, what);
        if (!(node instanceof Mapping mapping)) {
            throw invalid(node.span().line(), what + " is no map", "Give the file as Kubernetes reads it");
        }
        Set<String> keys = new HashSet<>();
        for (Pair pair : mapping.pairs()) {
            if (!(pair.key() instanceof Scalar key) || key.tag() != null || key.anchor() != null) {
                throw refused(pair.key(), "a key of " + what + " is no simple text", "Write it as a simple key");
            }
            if (key.text().equals("<<")) {
                throw refused(key, what + " has a merge key", "Write what it merges in full");
            }
            if (!keys.add(key.text())) {
                throw refused(key, "a key of " + what + " stands twice", "Remove one of the two");
            }
        }
        return mapping;
    }

    /** The maps that are the items of the list under {@code key}; none where it is absent or null. */
    List<Mapping> maps(Mapping parent, String key) {
        Sequence list = sequence(parent, key);
        List<Mapping> maps = new ArrayList<>();
        for (YamlNode item : list == null ? List.<YamlNode>of() : list.items()) {
            maps.add(mapping(item, "an item of " + key));
        }
        return maps;
    }

    /** The path under {@code key}. */
    NodePath path(Mapping parent, String key) {
        return Mounts.normalised(text(parent, key))
                .orElseThrow(() -> refused(parent, key + " is no absolute path", "Write it in full, without '..'"));
    }

    /** The list under {@code key}; null where it is absent or null. */
    @Nullable
    Sequence sequence(Mapping parent, String key) {
        YamlNode value = parent.value(key);
        if (YamlSlot.isNull(value) || value == null) {
            return null;
        }
        plain(value, key);
        if (value instanceof Sequence sequence) {
            return sequence;
        }
        throw invalid(value.span().line(), key + " is no list", "Give the file as Kubernetes reads it");
    }

    /** The text under {@code key}; empty where it is absent or null. */
    String text(Mapping parent, String key) {
        YamlNode value = parent.value(key);
        return YamlSlot.isNull(value) || value == null ? "" : scalar(value, key).text();
    }

    Scalar scalar(YamlNode node, String what) {
        plain(node, what);
        if (node instanceof Scalar scalar) {
            if (LEFTOVERS.stream().anyMatch(scalar.text()::contains)) {
                throw refused(node, what + " looks like a template that is not filled in", "Fill it in");
            }
            return scalar;
        }
        throw invalid(node.span().line(), what + " is no text", "Give the file as Kubernetes reads it");
    }

    private void plain(YamlNode node, String what) {
        if (node instanceof YamlNode.Alias) {
            throw refused(node, what + " is an alias", "Write it in full");
        }
        if (node.tag() != null || node.anchor() != null) {
            throw refused(node, what + " has a tag or an anchor", "Write it without");
        }
    }
}
