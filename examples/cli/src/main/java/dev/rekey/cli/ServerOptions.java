package dev.rekey.cli;

import dev.rekey.InvalidInputException;
import dev.rekey.config.Finding;
import dev.rekey.config.KubernetesVersion;
import dev.rekey.config.ServerProfile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** Which kube-apiserver a configuration is judged for. */
class ServerOptions {
    @Option(
            names = "--kubernetes",
            paramLabel = "VERSION",
            defaultValue = "1.36.3",
            description = "of the kube-apiserver; without it ${DEFAULT-VALUE}")
    private KubernetesVersion version = new KubernetesVersion(1, 36, 3, "");

    KubernetesVersion version() {
        return version;
    }

    /** As Rekey runs it: with automatic reload where there is such a thing. */
    ServerProfile profile() {
        ServerProfile profile = ServerProfile.of(version);
        return profile.withAutomaticReload(profile.capabilities().automaticReload());
    }

    /** Throws where a server would refuse what is called {@code name}; {@code advice} says what to do then. */
    static void requireValid(String name, List<Finding> findings, String advice) {
        List<Finding> errors = findings.stream()
                .filter(finding -> finding.severity() == Finding.Severity.ERROR)
                .toList();
        if (!errors.isEmpty()) {
            throw new InvalidInputException(Findings.line(name, errors.get(0))
                    + (errors.size() > 1 ? " (and " + (errors.size() - 1) + " more)" : "")
                    + "; nothing was changed. " + advice);
        }
    }

    /** With all that decides, for a judgement that is to be a certain server's. */
    static final class Exact extends ServerOptions {
        @Option(
                names = "--feature-gate",
                paramLabel = "NAME=true|false",
                description = "as it is set on the kube-apiserver, such as KMSv1=true; may be repeated")
        private Map<String, Boolean> gates = new LinkedHashMap<>();

        @Option(
                names = "--automatic-reload",
                description = "the kube-apiserver has --encryption-provider-config-automatic-reload")
        private boolean automaticReload;

        @Override
        ServerProfile profile() {
            return new ServerProfile(version(), gates, automaticReload);
        }
    }
}
