package dev.rekey.lifecycle;

import dev.rekey.config.Provider;
import dev.rekey.config.Reader;
import dev.rekey.lifecycle.MemberState.Home;
import dev.rekey.manifest.KubeadmClusterConfiguration;
import dev.rekey.manifest.NodeLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is not as it should be, for the status. */
final class Drift {
    private final Situation situation;
    private final List<String> lines = new ArrayList<>();

    Drift(Situation situation) {
        this.situation = situation;
    }

    List<String> lines() {
        boolean somewhere = situation.members().stream().anyMatch(member -> member.home() != Home.NONE);
        for (MemberState member : situation.members()) {
            ofMember(member, somewhere);
        }
        writesPlain();
        kubeadm(somewhere);
        return List.copyOf(lines);
    }

    private void ofMember(MemberState member, boolean somewhere) {
        String name = "member " + member.name() + ": ";
        if (!member.seen().apiServer().ready()) {
            lines.add(name + "its apiserver is not ready: "
                    + member.seen().apiServer().problem());
        }
        if (member.home() == Home.NONE && somewhere) {
            lines.add(name + "its manifest has no encryption flag, others' have");
        }
        if (member.home() == Home.NONE && !member.configurations().isEmpty()) {
            lines.add(name + "no flag refers to " + member.configurations().keySet()
                    + ", which may hold the only copy of a key");
        }
        if (!member.loadedHash().equals(member.fileHash())) {
            lines.add(name + "what its apiserver has loaded is not what a restart would load");
        }
        String first = situation.members().get(0).fileHash();
        if (member.home() != Home.NONE && !member.fileHash().equals(first) && !first.equals(Mark.NONE)) {
            lines.add(name + "its file differs from that of "
                    + situation.members().get(0).name());
        }
        member.seen()
                .looseModes()
                .forEach((path, mode) -> lines.add(
                        name + path + " has mode " + Integer.toOctalString(mode) + "; only root should read it"));
        if (!member.seen().leftovers().isEmpty()) {
            lines.add(name + "a stopped run left " + member.seen().leftovers());
        }
    }

    private void writesPlain() {
        for (String rule : situation.rules()) {
            boolean plain = situation.members().stream()
                    .anyMatch(member -> member.loaded().writerOf(rule) instanceof Reader.Plain
                            && member.loaded().providersOf(rule).stream()
                                    .anyMatch(provider -> !(provider instanceof Provider.Identity)));
            if (plain) {
                lines.add(rule + " is written plain though there is a key for it");
            }
        }
    }

    private void kubeadm(boolean encrypting) {
        Optional<String> text = situation.seen().kubeadm().map(document -> document.text());
        NodeLayout layout = situation.seen().layout();
        if (text.isEmpty()) {
            return;
        }
        boolean named =
                KubeadmClusterConfiguration.parse(text.get()).encryption().isPresent();
        if (encrypting && !named) {
            lines.add("kubeadm's ClusterConfiguration does not name "
                    + layout.managedPath().name() + ": the next kubeadm upgrade or join would drop the flag");
        } else if (!encrypting && named) {
            lines.add("kubeadm's ClusterConfiguration names an encryption configuration, the manifests do not");
        }
    }
}
