package dev.rekey.rotation;

import dev.rekey.InvalidInputException;
import dev.rekey.RefusedException;
import dev.rekey.config.EncryptionConfiguration;
import dev.rekey.config.Finding;
import dev.rekey.config.Finding.Severity;
import dev.rekey.config.ServerProfile;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What stages lead from and to: nothing that no kube-apiserver takes. What only some take (a KMS version, a gate) is for those who know
 * theirs.
 */
final class Ends {
    /** Takes all that any version takes: no rule is checked yet, and both versions of KMS start. */
    private static final ServerProfile MOST_LENIENT = ServerProfile.of("1.25.0").withFeatureGate("KMSv2", true);

    /** As all do since 1.27, but for what gates and automatic reload decide. */
    private static final ServerProfile OF_TODAY = ServerProfile.of("1.36.3").withFeatureGate("KMSv1", true);

    private static final int TOLD = 5;

    private final ServerProfile server;

    private Ends(ServerProfile server) {
        this.server = server;
    }

    /** Refuses what cannot be there. What is loaded tells how strict the servers are. */
    static Ends from(Map<String, MemberConfigurations> members) {
        members.forEach((name, member) -> {
            String where = name.isEmpty() ? "what is there" : "member " + name;
            refuse(where + ", as loaded", List.of(member.loaded()), "Say what its apiserver has loaded");
            refuse(
                    where + ", on file",
                    member.files(),
                    "It may hold the only copy of a key: mend the file, or move it away by hand");
        });
        boolean today = members.values().stream().allMatch(member -> isTaken(member.loaded(), OF_TODAY));
        return new Ends(today ? OF_TODAY : MOST_LENIENT);
    }

    void requireTarget(EncryptionConfiguration target) {
        if (!isTaken(target, server)) {
            throw new InvalidInputException("the target: " + errors(target, server)
                    + "; nothing was changed. Mend it: no apiserver since 1.27 starts with it");
        }
    }

    /** A file that nothing has loaded may bring a rule along that these servers refuse. */
    void requireStage(EncryptionConfiguration stage) {
        if (!isTaken(stage, server)) {
            throw new RefusedException("on the way, an apiserver would refuse what a file on a member brings along: "
                    + errors(stage, server)
                    + "; nothing was changed. Mend that file, or move it away by hand");
        }
    }

    private static void refuse(String where, Collection<EncryptionConfiguration> all, String advice) {
        for (EncryptionConfiguration one : all) {
            if (!isTaken(one, MOST_LENIENT)) {
                throw new RefusedException(where + ": " + errors(one, MOST_LENIENT)
                        + "; no apiserver takes that. Nothing was changed. " + advice);
            }
        }
    }

    /** No configuration at all is fine for every apiserver. */
    private static boolean isTaken(EncryptionConfiguration configuration, ServerProfile server) {
        return configuration.entries().isEmpty()
                || errorsOf(configuration, server).isEmpty();
    }

    private static String errors(EncryptionConfiguration configuration, ServerProfile server) {
        List<Finding> errors = errorsOf(configuration, server);
        String more = errors.size() > TOLD ? " (and " + (errors.size() - TOLD) + " more)" : "";
        return errors.stream()
                        .limit(TOLD)
                        .map(error -> error.path() + ": " + error.message())
                        .collect(Collectors.joining("; "))
                + more;
    }

    private static List<Finding> errorsOf(EncryptionConfiguration configuration, ServerProfile server) {
        return configuration.validate(server).stream()
                .filter(finding -> finding.severity() == Severity.ERROR)
                .toList();
    }
}
