package dev.rekey.manifest;

/** Small manifests that tests bring into the shape that they are about. */
final class Shapes {
    static final String SMALL = """
            apiVersion: v1
            kind: Pod
            metadata:
              name: kube-apiserver
              namespace: kube-system
            spec:
              containers:
              - name: kube-apiserver
                command:
                - kube-apiserver
                - --secure-port=6443
                volumeMounts:
                - name: pki
                  mountPath: /etc/kubernetes/pki
              volumes:
              - name: pki
                hostPath:
                  path: /etc/kubernetes/pki
            """;

    static final String CONFIG =
            "--encryption-provider-config=/etc/kubernetes/encryption-providers/encryption-providers.yaml";
    static final String RELOAD = "--encryption-provider-config-automatic-reload=true";
    static final String MOUNT =
            "{\"mountPath\": \"/etc/kubernetes/encryption-providers\", \"name\": \"encryption-providers-conf\","
                    + " \"readOnly\": true}";
    static final String VOLUME =
            "{\"hostPath\": { \"path\": \"/etc/kubernetes/encryption-providers\", \"type\": \"DirectoryOrCreate\" },"
                    + " \"name\": \"encryption-providers-conf\"}";

    /** What is added to {@link #SMALL}. */
    static final String ADDED = flags(4) + mount(4) + volume(2);

    private Shapes() {}

    /** {@link #SMALL} with one part, which must be there once, put for another. */
    static String small(String part, String with) {
        return replaced(SMALL, part, with);
    }

    static String replaced(String text, String part, String with) {
        if (text.indexOf(part) < 0 || text.indexOf(part) != text.lastIndexOf(part)) {
            throw new IllegalArgumentException("not there once: " + part);
        }
        return text.replace(part, with);
    }

    static String flags(int indent) {
        String blanks = "+" + " ".repeat(indent);
        return blanks + "- " + CONFIG + "\n" + blanks + "- " + RELOAD + "\n";
    }

    static String mount(int indent) {
        String blanks = "+" + " ".repeat(indent);
        return blanks + "- mountPath: /etc/kubernetes/encryption-providers\n"
                + blanks + "  name: encryption-providers-conf\n"
                + blanks + "  readOnly: true\n";
    }

    static String volume(int indent) {
        String blanks = "+" + " ".repeat(indent);
        return blanks + "- hostPath:\n"
                + blanks + "    path: /etc/kubernetes/encryption-providers\n"
                + blanks + "    type: DirectoryOrCreate\n"
                + blanks + "  name: encryption-providers-conf\n";
    }
}
