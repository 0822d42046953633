package dev.rekey.internal;

import dev.rekey.internal.YamlNode.Span;
import dev.rekey.internal.YamlNode.Style;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/** Builds the tree from the engine's events, since its composer loses aliases and where they stand. */
final class YamlParser {
    /** The engine's texts may quote the file; one that is made of token names alone does not. */
    private static final Pattern TOKENS_ONLY =
            Pattern.compile("expected '?<[a-z ]+>'?,? (but )?(found|got) '?<[a-z ]+>'?");

    private final String text;
    private final int[] utf16;
    private final Iterator<Event> events;
    private final Set<String> anchors = new HashSet<>();
    private int aliases;

    YamlParser(String text) {
        this.text = text;
        this.utf16 = utf16Offsets(text);
        LoadSettings settings =
                LoadSettings.builder().setCodePointLimit(YamlText.MAX_CHARS + 1).build();
        this.events = new Parse(settings).parseString(text).iterator();
    }

    YamlText parse() {
        try {
            return document();
        } catch (MarkedYamlEngineException e) {
            Optional<Mark> mark = e.getProblemMark();
            throw new YamlSyntaxException(
                    mark.map(m -> m.getLine() + 1).orElse(0),
                    mark.map(m -> m.getColumn() + 1).orElse(0),
                    "is not valid YAML" + harmless(e.getProblem()));
        } catch (YamlSyntaxException e) {
            throw e;
        } catch (RuntimeException e) {
            // Of the engine's own kind, or what its scanner falls over: \x at the end of a text is a
            // NumberFormatException.
            throw new YamlSyntaxException(0, 0, "is not valid YAML");
        }
    }

    private YamlText document() {
        List<YamlNode> documents = new ArrayList<>();
        boolean directives = false;
        while (events.hasNext()) {
            Event event = events.next();
            if (event instanceof DocumentStartEvent start) {
                directives |=
                        start.getSpecVersion().isPresent() || !start.getTags().isEmpty();
                anchors.clear();
                documents.add(node(events.next(), 0));
            }
        }
        return new YamlText(text, documents, directives, aliases);
    }

    private YamlNode node(Event event, int depth) {
        YamlNode node = unfinished(event, depth);
        if (event instanceof NodeEvent anchored && !(event instanceof AliasEvent)) {
            anchored.getAnchor().ifPresent(anchor -> anchors.add(anchor.getValue()));
        }
        return node;
    }

    private YamlNode unfinished(Event event, int depth) {
        if (depth > YamlText.MAX_DEPTH) {
            Span at = span(event, event);
            throw new YamlSyntaxException(at.line(), at.column(), "is nested deeper than " + YamlText.MAX_DEPTH);
        }
        if (event instanceof ScalarEvent scalar) {
            return new YamlNode.Scalar(
                    scalar.getValue(),
                    style(scalar.getScalarStyle()),
                    scalar.getTag().orElse(null),
                    name(scalar.getAnchor()),
                    span(event, event));
        }
        if (event instanceof AliasEvent alias) {
            aliases++;
            Span at = span(event, event);
            if (!anchors.contains(alias.getAlias().getValue())) {
                throw new YamlSyntaxException(
                        at.line(), at.column(), "has an alias here whose anchor is missing or not finished");
            }
            return new YamlNode.Alias(alias.getAlias().getValue(), at);
        }
        if (event instanceof SequenceStartEvent sequence) {
            List<YamlNode> items = new ArrayList<>();
            Event next = events.next();
            while (next.getEventId() != Event.ID.SequenceEnd) {
                items.add(node(next, depth + 1));
                next = events.next();
            }
            boolean flow = sequence.getFlowStyle() == FlowStyle.FLOW;
            return new YamlNode.Sequence(
                    List.copyOf(items),
                    flow,
                    sequence.getTag().orElse(null),
                    name(sequence.getAnchor()),
                    span(event, next));
        }
        MappingStartEvent mapping = (MappingStartEvent) event;
        List<YamlNode.Pair> pairs = new ArrayList<>();
        Event next = events.next();
        while (next.getEventId() != Event.ID.MappingEnd) {
            YamlNode key = node(next, depth + 1);
            pairs.add(new YamlNode.Pair(key, node(events.next(), depth + 1)));
            next = events.next();
        }
        boolean flow = mapping.getFlowStyle() == FlowStyle.FLOW;
        return new YamlNode.Mapping(
                List.copyOf(pairs), flow, mapping.getTag().orElse(null), name(mapping.getAnchor()), span(event, next));
    }

    /** A block collection "ends" after trailing blank lines and comments; editors use the end of its deepest last child. */
    private Span span(Event first, Event last) {
        Mark start = first.getStartMark().orElseThrow();
        Mark end = last.getEndMark().orElseThrow();
        return new Span(utf16[start.getIndex()], utf16[end.getIndex()], start.getLine() + 1, start.getColumn() + 1);
    }

    private static @Nullable String name(Optional<Anchor> anchor) {
        return anchor.map(Anchor::getValue).orElse(null);
    }

    private static Style style(ScalarStyle style) {
        return switch (style) {
            case DOUBLE_QUOTED, JSON_SCALAR_STYLE -> Style.DOUBLE;
            case SINGLE_QUOTED -> Style.SINGLE;
            case LITERAL -> Style.LITERAL;
            case FOLDED -> Style.FOLDED;
            case PLAIN -> Style.PLAIN;
        };
    }

    private static String harmless(@Nullable String problem) {
        return problem != null && TOKENS_ONLY.matcher(problem).matches() ? ": " + problem : "";
    }

    /** Index: code point, as the engine counts; value: char, as Java counts. */
    private static int[] utf16Offsets(String text) {
        int[] offsets = new int[text.codePointCount(0, text.length()) + 1];
        for (int point = 0, at = 0; at < text.length(); at += Character.charCount(text.codePointAt(at)), point++) {
            offsets[point] = at;
        }
        offsets[offsets.length - 1] = text.length();
        return offsets;
    }
}
