package dev.rekey.manifest;

import static dev.rekey.manifest.Shapes.ADDED;
import static dev.rekey.manifest.Shapes.CONFIG;
import static dev.rekey.manifest.Shapes.MOUNT;
import static dev.rekey.manifest.Shapes.RELOAD;
import static dev.rekey.manifest.Shapes.SMALL;
import static dev.rekey.manifest.Shapes.VOLUME;
import static dev.rekey.manifest.Shapes.flags;
import static dev.rekey.manifest.Shapes.mount;
import static dev.rekey.manifest.Shapes.small;
import static dev.rekey.manifest.Shapes.volume;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each shape is enabled under all laws, and annotated and back. */
class ManifestShapesTest {
    private static final String MOUNTS = """
                volumeMounts:
                - name: pki
                  mountPath: /etc/kubernetes/pki
            """;
    private static final String VOLUMES = """
              volumes:
              - name: pki
                hostPath:
                  path: /etc/kubernetes/pki
            """;
    private static final String COMMAND = """
                command:
                - kube-apiserver
                - --secure-port=6443
            """;

    @ParameterizedTest(name = "{0}")
    @MethodSource({"lists", "collections", "lines", "comments", "containers", "elsewhere"})
    void enabled(String shape, String before, String diff) {
        ApiServerManifest after = Laws.enabling(before, diff);
        ApiServerManifest marked = after.withAnnotation("rekey.dev/restart", "1/2");
        assertThat(marked.withAnnotation("rekey.dev/restart", "1/2")).isSameAs(marked);
        assertThat(ApiServerManifest.parse(marked.text()).encryption()).isPresent();
        assertThat(marked.withoutAnnotation("rekey.dev/restart").text()).isEqualTo(after.text());
        assertThat(marked.withoutEncryption(Laws.LAYOUT)
                        .withoutAnnotation("rekey.dev/restart")
                        .text())
                .isEqualTo(before);
    }

    static Stream<Arguments> lists() {
        return Stream.of(
                Arguments.of("lists without indentation => the same", SMALL, ADDED),
                Arguments.of(
                        "lists with indentation => the same", small(COMMAND, """
                                    command:
                                      - kube-apiserver
                                      - --secure-port=6443
                                """), flags(6) + mount(4) + volume(2)),
                Arguments.of(
                        "flags in args => at the end of args, which come after command", small(COMMAND, """
                                    command:
                                    - kube-apiserver
                                    args:
                                    - --secure-port=6443
                                """), ADDED),
                Arguments.of("args before command => at the end of args all the same", small(COMMAND, """
                                    args:
                                    - --secure-port=6443
                                    command: [kube-apiserver]
                                """), ADDED),
                Arguments.of(
                        "the image starts it and there is no argument => args",
                        small(COMMAND, ""),
                        mount(4) + "+    args:\n" + flags(4) + volume(2)),
                Arguments.of(
                        "args: [] beside command => command, and args stay",
                        small(COMMAND, COMMAND + "    args: []\n"),
                        ADDED),
                Arguments.of(
                        "a flow list on one line => two more in it, quoted for JSON",
                        small(COMMAND, "    command: [kube-apiserver, --secure-port=6443] # x\n"),
                        "-    command: [kube-apiserver, --secure-port=6443] # x\n"
                                + "+    command: [kube-apiserver, --secure-port=6443, \"" + CONFIG + "\", \"" + RELOAD
                                + "\"] # x\n" + mount(4) + volume(2)),
                Arguments.of(
                        "a flow list over lines => lines of their own",
                        small(COMMAND, """
                                    command: [
                                      kube-apiserver, # the program
                                      '--secure-port=6443' # the port
                                    ]
                                """),
                        "-      '--secure-port=6443' # the port\n+      '--secure-port=6443',\n+      \"" + CONFIG
                                + "\",\n+      \"" + RELOAD + "\" # the port\n" + mount(4) + volume(2)),
                Arguments.of(
                        "a comma after the last => it stays the last",
                        small(COMMAND, "    command: [kube-apiserver, --secure-port=6443, ]\n"),
                        "-    command: [kube-apiserver, --secure-port=6443, ]\n"
                                + "+    command: [kube-apiserver, --secure-port=6443, \"" + CONFIG + "\", \"" + RELOAD
                                + "\", ]\n" + mount(4) + volume(2)),
                Arguments.of(
                        "quoted arguments, one over two lines => plain ones after them",
                        small("    - --secure-port=6443\n", """
                                    - "--secure-port=6443"
                                    - '--feature-gates=A=true,
                                      B=true'
                                """),
                        ADDED),
                Arguments.of(
                        "values as items of their own => the last one is no program and no flag",
                        small("    - --secure-port=6443\n", """
                                    - --secure-port
                                    - "6443"
                                    - -v
                                    - "2"
                                """),
                        ADDED));
    }

    static Stream<Arguments> collections() {
        return Stream.of(
                Arguments.of(
                        "no mounts and no volumes => block lists under new keys",
                        small(MOUNTS + VOLUMES, ""),
                        flags(4) + "+    volumeMounts:\n" + mount(4) + "+  volumes:\n" + volume(2)),
                Arguments.of(
                        "[] => one in it",
                        small(MOUNTS + VOLUMES, "    volumeMounts: [] # none\n  volumes: [  ]\n"),
                        "-    volumeMounts: [] # none\n-  volumes: [  ]\n" + flags(4) + "+    volumeMounts: [" + MOUNT
                                + "] # none\n+  volumes: [" + VOLUME + "  ]\n"),
                Arguments.of(
                        "null and ~ => one in a flow list whose blanks tell which it was",
                        small(MOUNTS + VOLUMES, "    volumeMounts: null\n  volumes: ~\n"),
                        "-    volumeMounts: null\n-  volumes: ~\n" + flags(4) + "+    volumeMounts: [  " + MOUNT
                                + "  ]\n+  volumes: [   " + VOLUME + "   ]\n"),
                Arguments.of(
                        "nothing after the key => one in a flow list whose blanks tell it",
                        small(MOUNTS + VOLUMES, "    volumeMounts:   # none\n  volumes:\n"),
                        "-    volumeMounts:   # none\n-  volumes:\n" + flags(4) + "+    volumeMounts: [    " + MOUNT
                                + "    ]   # none\n+  volumes: [    " + VOLUME + "    ]\n"),
                Arguments.of(
                        "annotations: {} => stays one on undo",
                        small("metadata:\n", "metadata:\n  annotations: {}\n"),
                        ADDED),
                Arguments.of(
                        "annotations: null => stays null on undo",
                        small("metadata:\n", "metadata:\n  annotations: null\n"),
                        ADDED),
                Arguments.of(
                        "metadata in flow style => annotations in flow style",
                        small(
                                "metadata:\n  name: kube-apiserver\n  namespace: kube-system\n",
                                "metadata: {name: kube-apiserver, namespace: kube-system}\n"),
                        ADDED));
    }

    static Stream<Arguments> lines() {
        String unended = SMALL.substring(0, SMALL.length() - 1);
        return Stream.of(
                Arguments.of("CRLF => CRLF", SMALL.replace("\n", "\r\n"), ADDED),
                Arguments.of("CR alone => CR alone", SMALL.replace("\n", "\r"), ADDED),
                Arguments.of("mixed line ends => the first one", SMALL.replaceFirst("\n", "\r\n"), ADDED),
                Arguments.of("no line end at the end => none at the end", unended, ADDED),
                Arguments.of("CRLF and none at the end => the same", unended.replace("\n", "\r\n"), ADDED),
                Arguments.of("blanks after the last line end => they stay last", SMALL + "   ", ADDED),
                Arguments.of("empty lines at the end => they stay last", SMALL + "\n\n", ADDED),
                Arguments.of("a byte order mark => stays first", "\uFEFF" + SMALL, ADDED),
                Arguments.of("--- and ... => in between", "---\n" + SMALL + "...\n# end\n", ADDED),
                Arguments.of("--- with a comment => after it", "--- # pod\n" + SMALL, ADDED),
                Arguments.of("--- at the end => before it", SMALL + "---\n", ADDED));
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
