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

    private static final String INDENTED = """
            apiVersion: v1
            kind: Pod
            metadata:
                name: kube-apiserver
            spec:
                containers:
                    - name: kube-apiserver
                      command:
                          - kube-apiserver
                          - "--secure-port=6443"
                      volumeMounts:
                          - {name: pki, mountPath: /etc/kubernetes/pki}
                volumes:
                    - name: pki
                      hostPath: {path: /etc/kubernetes/pki}
            """;

    @ParameterizedTest(name = "{0}")
    @MethodSource({"lists", "collections", "lines"})
    void enabled(String shape, String before, String diff) {
        Laws.enablingAndMarking(before, diff);
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
                Arguments.of("every list with indentation => the same", INDENTED, flags(14) + mount(14) + volume(8)),
                Arguments.of(
                        "flags in args => at the end of args, which come after command", small(COMMAND, """
                                    command:
                                    - kube-apiserver
                                    args:
                                    - --secure-port=6443
                                """), ADDED),
                Arguments.of("flags in command and in args => at the end of args", small(COMMAND, """
                                    command:
                                    - kube-apiserver
                                    - --secure-port=6443
                                    args:
                                    - --v=2
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
                        "volumes: [] => one in it",
                        small(MOUNTS + VOLUMES, "    volumeMounts: [] # none\n  volumes: [  ]\n"),
                        "-    volumeMounts: [] # none\n-  volumes: [  ]\n" + flags(4) + "+    volumeMounts: [" + MOUNT
                                + "] # none\n+  volumes: [" + VOLUME + "  ]\n"),
                Arguments.of(
                        "volumes: null and ~ => one in a flow list whose blanks tell which it was",
                        small(MOUNTS + VOLUMES, "    volumeMounts: null\n  volumes: ~\n"),
                        "-    volumeMounts: null\n-  volumes: ~\n" + flags(4) + "+    volumeMounts: [  " + MOUNT
                                + "  ]\n+  volumes: [   " + VOLUME + "   ]\n"),
                Arguments.of(
                        "volumes: and nothing after it => one in a flow list whose blanks tell it",
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
}
