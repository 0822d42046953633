package dev.rekey.lifecycle;

import dev.rekey.config.Rendered;
import dev.rekey.manifest.NodeLayout;
import dev.rekey.manifest.NodePath;
import dev.rekey.spi.ApiServerStatus;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What was read of one member. Holds whole files, and so keys: nothing of their content is in {@link #toString}.
 *
 * @param files that are there: manifest, configurations at the layout's paths and at the flag's, lock, beat, mark
 * @param looseModes of configuration files that others may read, and of the directory that others may enter
 * @param leftovers temporary files of Rekey
 * @param otherApiServerManifests files beside the manifest that kubelet would load as a kube-apiserver too
 */
public record MemberObservation(
        String name,
        NodeLayout layout,
        Map<NodePath, Rendered> files,
        Map<NodePath, Integer> looseModes,
        List<NodePath> leftovers,
        List<NodePath> otherApiServerManifests,
        ApiServerStatus apiServer) {

    /** Copies the collections. */
    public MemberObservation {
        files = Collections.unmodifiableMap(new TreeMap<>(files));
        looseModes = Collections.unmodifiableMap(new TreeMap<>(looseModes));
        leftovers = List.copyOf(leftovers);
        otherApiServerManifests = List.copyOf(otherApiServerManifests);
    }

    /** The file, where it is there. */
    Optional<Rendered> file(NodePath path) {
        return Optional.ofNullable(files.get(path));
    }
}
