package dev.rekey.config;

import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Resources that come with Kubernetes, to notice a name that no server has. Custom ones cannot be known here. */
final class BuiltInResources {
    private static final Set<String> CORE = Set.of(
            "configmaps",
            "endpoints",
            "events",
            "limitranges",
            "namespaces",
            "nodes",
            "persistentvolumeclaims",
            "persistentvolumes",
            "pods",
            "podtemplates",
            "replicationcontrollers",
            "resourcequotas",
            "secrets",
            "serviceaccounts",
            "services");

    /** Of the groups without a dot, and those that people leave out most. */
    private static final Map<String, Set<String>> GROUPS = new TreeMap<>(Map.of(
            "apps", Set.of("controllerrevisions", "daemonsets", "deployments", "replicasets", "statefulsets"),
            "batch", Set.of("cronjobs", "jobs"),
            "autoscaling", Set.of("horizontalpodautoscalers"),
            "policy", Set.of("poddisruptionbudgets", "podsecuritypolicies"),
            "networking.k8s.io",
                    Set.of("ingressclasses", "ingresses", "ipaddresses", "networkpolicies", "servicecidrs"),
            "rbac.authorization.k8s.io", Set.of("clusterrolebindings", "clusterroles", "rolebindings", "roles"),
            "apiextensions.k8s.io", Set.of("customresourcedefinitions"),
            "coordination.k8s.io", Set.of("leasecandidates", "leases")));

    private BuiltInResources() {}

    /** Groups of Kubernetes itself have no dot, or end in k8s.io. */
    static boolean isCustomGroup(String group) {
        return group.indexOf('.') >= 0 && !group.endsWith(".k8s.io");
    }

    /** What is odd about a name, and what to write instead; empty for wildcards and groups that are not known here. */
    static Optional<String> doubtAbout(ResourceRule rule) {
        if (rule.resource().indexOf('/') >= 0) {
            return Optional.of("a subresource is not stored; write the resource alone");
        }
        if (rule.group().isEmpty() && !rule.isWildcard()) {
            return doubtAboutCore(rule.resource());
        }
        Set<String> known = GROUPS.get(rule.group());
        if (known == null
                ? !rule.group().isEmpty()
                        && rule.group().indexOf('.') < 0
                        && !rule.group().equals("*")
                : !rule.isWildcard() && !known.contains(rule.resource())) {
            return Optional.of("Kubernetes has no resource '" + Names.shown(rule.text())
                    + "', so nothing is encrypted by this rule; write plural and group, such as deployments.apps");
        }
        return Optional.empty();
    }

    private static Optional<String> doubtAboutCore(String resource) {
        if (CORE.contains(resource)) {
            return Optional.empty();
        }
        String hint = GROUPS.entrySet().stream()
                .filter(group -> group.getValue().contains(resource))
                .findFirst()
                .map(group -> "write " + resource + "." + group.getKey())
                .or(() -> similar(resource).map(name -> "did you mean " + name + "?"))
                .orElse("write the plural in lower case, with its group unless it is the core group");
        return Optional.of("the core group has no resource '" + Names.shown(resource)
                + "', so nothing is encrypted by this rule; " + hint);
    }

    private static Optional<String> similar(String resource) {
        return CORE.stream()
                .filter(name -> distance(name, resource) <= 2)
                .min(Comparator.comparingInt((String name) -> distance(name, resource))
                        .thenComparing(name -> name));
    }

    /** Letters to change, add or leave out; names that differ much in length are not looked at. */
    private static int distance(String a, String b) {
        if (Math.abs(a.length() - b.length()) > 2) {
            return Integer.MAX_VALUE;
        }
        int[] row = new int[b.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
