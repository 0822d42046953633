package dev.rekey.config;

import dev.rekey.internal.Placeholder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Resource patterns. The server checks them since 1.27; before, what it would now refuse is silently without effect. */
final class ResourceRules {
    private static final Set<String> WITHOUT_API =
            Set.of("apiserveripinfo", "serviceipallocations", "servicenodeportallocations");

    private final ServerProfile server;
    private final Findings findings;
    private final boolean checks;

    ResourceRules(ServerProfile server, Findings findings) {
        this.server = server;
        this.findings = findings;
        this.checks = server.capabilities().wildcards();
    }

    void check(List<Entry> entries) {
        Set<ResourceRule> earlier = new HashSet<>();
        for (int i = 0; i < entries.size(); i++) {
            String path = "resources[" + i + "].resources";
            List<String> patterns = entries.get(i).resources();
            if (patterns.isEmpty()) {
                findings.add(Code.REQUIRED, path, "the entry names no resource; add one, such as secrets");
            }
            List<ResourceRule> rules =
                    patterns.stream().map(ResourceRule::parse).toList();
            if (checks) {
                overlap(rules, path);
            }
            for (int j = 0; j < patterns.size(); j++) {
                String at = path + "[" + j + "]";
                name(patterns.get(j), rules.get(j), at);
                masked(rules.get(j), earlier, at);
            }
            earlier.addAll(rules);
        }
    }

    private void overlap(List<ResourceRule> rules, String path) {
        Set<ResourceRule> distinct = new HashSet<>(rules);
        if (distinct.size() < rules.size()) {
            findings.add(
                    Code.RESOURCE_DUPLICATE,
                    path,
                    "one resource stands twice in this list (secrets and secrets. are the same); keep one");
        }
        boolean overlaps = distinct.size() > 1
                && distinct.stream()
                        .anyMatch(rule -> rule.equals(ResourceRule.ANYTHING)
                                || (!rule.isWildcard() && distinct.contains(rule.wholeGroup())));
        if (overlaps) {
            findings.add(
                    Code.RESOURCE_OVERLAP,
                    path,
                    "a wildcard of this list covers another resource of it; move the wildcard to an entry after this one");
        }
    }

    private void name(String pattern, ResourceRule rule, String path) {
        findings.requireWhole(pattern, path);
        Optional<String> refused = refusedSince127(pattern, rule);
        if (refused.isPresent()) {
            findings.add(checks ? Code.RESOURCE_NAME : Code.RESOURCE_WITHOUT_EFFECT, path, refused.get());
        } else if (!checks && rule.isWildcard()) {
            findings.add(
                    Code.RESOURCE_WITHOUT_EFFECT,
                    path,
                    server.version() + " knows no wildcards (1.27 does); name each resource");
        } else if (Placeholder.isIn(pattern)) {
            findings.add(
                    Code.PLACEHOLDER,
                    path,
                    "the resource looks like a variable that was not expanded; nothing is encrypted by this rule");
        } else if (!server.capabilities().customResources() && BuiltInResources.isCustomGroup(rule.group())) {
            findings.add(
                    Code.RESOURCE_WITHOUT_EFFECT,
                    path,
                    server.version() + " cannot encrypt custom resources (1.26 can); they stay plain");
        } else {
            BuiltInResources.doubtAbout(rule).ifPresent(doubt -> findings.add(Code.RESOURCE_UNKNOWN, path, doubt));
        }
    }

    private static Optional<String> refusedSince127(String pattern, ResourceRule rule) {
        if (!pattern.toLowerCase(Locale.ROOT).equals(pattern)) {
            return Optional.of(
                    "resource names have no capital letters; write the plural in lower case, such as configmaps");
        }
        if (pattern.equals("*")) {
            return Optional.of("'*' alone is not allowed; write '*.' for the core group or '*.*' for everything");
        }
        if (WITHOUT_API.contains(pattern)) {
            return Optional.of("this is no resource of the API and cannot be encrypted; remove it");
        }
        if (rule.group().equals("events.k8s.io")) {
            return Optional.of("events are stored in the core group; write events");
        }
        if (rule.group().equals("extensions")) {
            return Optional.of(
                    "the group extensions is gone; write the new group, such as deployments.apps or ingresses.networking.k8s.io");
        }
        if (rule.group().equals("*") && !rule.isWildcard()) {
            return Optional.of("one resource across all groups cannot be named; write it with its group, or '*.*'");
        }
        return Optional.empty();
    }

    private void masked(ResourceRule rule, Set<ResourceRule> earlier, String path) {
        if (earlier.contains(rule) && !(checks && rule.isWildcard())) {
            findings.add(
                    Code.RESOURCE_SPLIT,
                    path,
                    "an earlier entry has this resource too: the server joins both lists of providers, and the earlier one writes; use one entry");
        }
        List<ResourceRule> masks = new ArrayList<>(List.of(rule.wholeGroup(), ResourceRule.ANYTHING));
        masks.retainAll(earlier);
        if (checks && !masks.isEmpty()) {
            findings.add(
                    Code.RESOURCE_MASKED,
                    path,
                    "the earlier rule '" + Names.shown(masks.get(0).text())
                            + "' covers this resource, and the server refuses that; put wildcards after what they cover");
        }
    }
}
