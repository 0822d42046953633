package dev.rekey.manifest;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekey.InvalidInputException;
import org.junit.jupiter.api.Test;

class NodeLayoutTest {
    private static final NodeLayout USUAL = NodeLayout.DEFAULT;
    private static final NodePath WATCHED = USUAL.manifest().parent();

    @Test
    void keysWhereKubeletLooksForManifests_areRefused() {
        assertThatThrownBy(() -> layout(WATCHED, USUAL.stateDirectory()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("configurationDirectory is /etc/kubernetes/manifests, where kubelet takes each file for a"
                        + " manifest; nothing was changed. Use another directory for what is none");
    }

    @Test
    void lockAndMarkWhereKubeletLooksForManifests_areRefused() {
        assertThatThrownBy(() -> layout(USUAL.configurationDirectory(), WATCHED))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("stateDirectory is /etc/kubernetes/manifests");
    }

    private static void layout(NodePath configurationDirectory, NodePath stateDirectory) {
        new NodeLayout(
                USUAL.manifest(),
                configurationDirectory,
                USUAL.managedFile(),
                USUAL.customFile(),
                stateDirectory,
                USUAL.volumeName());
    }
}
