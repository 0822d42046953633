package dev.rekey.manifest;

import static dev.rekey.manifest.Shapes.ADDED;
import static dev.rekey.manifest.Shapes.CONFIG;
import static dev.rekey.manifest.Shapes.RELOAD;
import static dev.rekey.manifest.Shapes.SMALL;
import static dev.rekey.manifest.Shapes.flags;
import static dev.rekey.manifest.Shapes.mount;
import static dev.rekey.manifest.Shapes.small;
import static dev.rekey.manifest.Shapes.volume;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What stands around the edit: each shape is enabled under all laws, and annotated and back. */
class ManifestSurroundingsTest {
    private static final String MOUNTS = """
                volumeMounts:
                - name: pki
                  mountPath: /etc/kubernetes/pki
            """;
    private static final String COMMAND = """
                command:
                - kube-apiserver
                - --secure-port=6443
            """;

    @ParameterizedTest(name = "{0}")
    @MethodSource({"comments", "containers", "elsewhere"})
    void enabled(String shape, String before, String diff) {
        Laws.enablingAndMarking(before, diff);
    }

    static Stream<Arguments> comments() {
        return Stream.of(
                Arguments.of("comments everywhere => all stay where they are", """
                        # top
                        apiVersion: v1 # version
                        kind: Pod
                        metadata: # who
                          # name
                          name: kube-apiserver
                          namespace: kube-system
                          # end of metadata
                        spec:
                          containers:
                          # the one
                          - name: kube-apiserver # name
                            command:
                            # program
                            - kube-apiserver
                            # port
                            - --secure-port=6443 # secure

                            # end of command
                            volumeMounts:
                            - name: pki
                              mountPath: /etc/kubernetes/pki # certificates
                              # end of mounts
                          # before volumes
                          volumes:
                          - name: pki
                            hostPath:
                              path: /etc/kubernetes/pki
                        # end
                        """, ADDED),
                Arguments.of(
                        "a comment and no line end at the end => after it",
                        SMALL.substring(0, SMALL.length() - 1) + " # end",
                        ADDED),
                Arguments.of(
                        "tabs before a comment => they stay",
                        small("    - --secure-port=6443\n", "    - --secure-port=6443\t # a\ttab\n"),
                        ADDED),
                Arguments.of(
                        "emoji before, beside and after the edit => lands between the right chars",
                        small("    - --secure-port=6443\n", "    - --secure-port=6443 # 🔑🔑\n")
                                .replace("kind: Pod\n", "kind: Pod # 🚀🚀🚀\n")
                                .replace("  volumes:\n", "  # 🎉\n  volumes:\n"),
                        ADDED),
                Arguments.of(
                        "emoji in keys and flow lists => lands between the right chars",
                        small(
                                COMMAND,
                                "    env: [{name: \"🔑\", value: \"漢字\"}]\n"
                                        + "    command: [kube-apiserver, \"--x=🔑\"] # 🔑\n"),
                        "-    command: [kube-apiserver, \"--x=🔑\"] # 🔑\n+    command: [kube-apiserver, \"--x=🔑\", \""
                                + CONFIG + "\", \"" + RELOAD + "\"] # 🔑\n" + mount(4) + volume(2)));
    }

    static Stream<Arguments> containers() {
        return Stream.of(
                Arguments.of(
                        "a sidecar first, with a shell and variables => the apiserver's container",
                        small("  containers:\n", """
                                  initContainers:
                                  - name: init
                                    command: [sh, -c, "touch /tmp/${HOSTNAME}"]
                                  containers:
                                  - name: kms
                                    command: ["/bin/sh", "-c", "exec kms --log=$LOG"]
                                  - name: logs
                                    command: [tail, -f, /var/log/kube-apiserver]
                                """),
                        ADDED),
                Arguments.of(
                        "a sidecar after it => between the two",
                        small("  volumes:\n", "  - name: kms\n    image: kms\n    args: []\n  volumes:\n"),
                        ADDED),
                Arguments.of(
                        "the program by its path => the same",
                        small("    - kube-apiserver\n", "    - /usr/local/bin/kube-apiserver\n"),
                        ADDED),
                Arguments.of(
                        "go-runner with flags of its own before the program => at the end",
                        small(
                                "    - kube-apiserver\n",
                                "    - /go-runner\n    - --log-file=/x\n    - /usr/local/bin/kube-apiserver\n"),
                        ADDED),
                Arguments.of(
                        "the container's map begins on the line after the dash => the same",
                        small("  - name: kube-apiserver\n", "  -\n    name: kube-apiserver\n"),
                        ADDED),
                Arguments.of(
                        "another name of the container => told by its program",
                        small("  - name: kube-apiserver\n", "  - name: server\n"),
                        ADDED));
    }

    static Stream<Arguments> elsewhere() {
        return Stream.of(
                Arguments.of(
                        "anchors, aliases, merge keys and tags elsewhere => they stay",
                        small("    volumeMounts:\n", """
                                    livenessProbe: &probe
                                      httpGet: {path: /livez, port: 6443}
                                    readinessProbe:
                                      <<: *probe
                                      periodSeconds: !!int "1"
                                    volumeMounts:
                                """),
                        ADDED),
                Arguments.of(
                        "block scalars elsewhere, one at the end => they stay",
                        small("metadata:\n", "metadata:\n  labels:\n    a: >-\n      long\n      text\n") + """
                          hostname: |
                            name

                          """,
                        ADDED),
                Arguments.of(
                        "a block scalar right before a new list => after its lines",
                        small(MOUNTS, "    workingDir: |+\n      /tmp\n\n"),
                        flags(4) + "+    volumeMounts:\n" + mount(4) + volume(2)),
                Arguments.of(
                        "a mirror pod's dump with status => only what is to change",
                        SMALL + "status:\n  phase: Running\n  conditions: []\n",
                        ADDED));
    }
}
