package dev.rekey.controlplane;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The manifest of an apiserver as kubeadm writes it: same fields, order, indentation; paths below a member's root. */
final class KubeadmManifest {
    private KubeadmManifest() {}

    /** What differs between members. The address is only told to others: nobody needs to reach it. */
    record Member(Path root, String advertiseAddress, int port, String etcdUrl) {
        Path pki() {
            return root.resolve("etc/kubernetes/pki");
        }
    }

    static String text(Member member, List<String> moreFlags) {
        String flags = flags(member, moreFlags).entrySet().stream()
                .map(flag -> "    - " + flag.getKey() + (flag.getValue().isEmpty() ? "" : "=" + flag.getValue()) + "\n")
                .collect(Collectors.joining());
        return TEMPLATE.replace("@ADDRESS@", member.advertiseAddress())
                .replace("@PORT@", Integer.toString(member.port()))
                .replace("@ROOT@", member.root().toString())
                .replace("@FLAGS@", flags);
    }

    private static Map<String, String> flags(Member member, List<String> moreFlags) {
        Path pki = member.pki();
        // kubeadm sorts them by name.
        Map<String, String> flags = new TreeMap<>();
        flags.put("--advertise-address", member.advertiseAddress());
        flags.put("--allow-privileged", "true");
        flags.put("--authorization-mode", "Node,RBAC");
        flags.put("--bind-address", "127.0.0.1");
        flags.put("--cert-dir", pki.toString());
        flags.put("--client-ca-file", pki.resolve("ca.crt").toString());
        flags.put("--enable-admission-plugins", "NodeRestriction");
        flags.put("--enable-bootstrap-token-auth", "true");
        flags.put("--etcd-servers", member.etcdUrl());
        flags.put("--kubelet-preferred-address-types", "InternalIP,ExternalIP,Hostname");
        flags.put("--secure-port", Integer.toString(member.port()));
        flags.put("--service-account-issuer", "https://kubernetes.default.svc.cluster.local");
        flags.put("--service-account-key-file", pki.resolve("sa.pub").toString());
        flags.put("--service-account-signing-key-file", pki.resolve("sa.key").toString());
        flags.put("--service-cluster-ip-range", "10.96.0.0/12");
        flags.put("--tls-cert-file", pki.resolve("apiserver.crt").toString());
        flags.put("--tls-private-key-file", pki.resolve("apiserver.key").toString());
        flags.put("--token-auth-file", pki.resolve("tokens.csv").toString());
        for (String flag : moreFlags) {
            String[] nameAndValue = flag.split("=", 2);
            flags.put(nameAndValue[0], nameAndValue.length == 2 ? nameAndValue[1] : "");
        }
        return flags;
    }

    private static final String TEMPLATE = """
            apiVersion: v1
            kind: Pod
            metadata:
              annotations:
                kubeadm.kubernetes.io/kube-apiserver.advertise-address.endpoint: @ADDRESS@:@PORT@
              labels:
                component: kube-apiserver
                tier: control-plane
              name: kube-apiserver
              namespace: kube-system
            spec:
              containers:
              - command:
                - kube-apiserver
            @FLAGS@    image: kube-apiserver:v1.36.3
                imagePullPolicy: IfNotPresent
                livenessProbe:
                  failureThreshold: 8
                  httpGet:
                    host: 127.0.0.1
                    path: /livez
                    port: probe-port
                    scheme: HTTPS
                  initialDelaySeconds: 10
                  periodSeconds: 10
                  timeoutSeconds: 15
                name: kube-apiserver
                ports:
                - containerPort: @PORT@
                  name: probe-port
                  protocol: TCP
                readinessProbe:
                  failureThreshold: 3
                  httpGet:
                    host: 127.0.0.1
                    path: /readyz
                    port: probe-port
                    scheme: HTTPS
                  periodSeconds: 1
                  timeoutSeconds: 15
                resources:
                  requests:
                    cpu: 250m
                startupProbe:
                  failureThreshold: 24
                  httpGet:
                    host: 127.0.0.1
                    path: /livez
                    port: probe-port
                    scheme: HTTPS
                  initialDelaySeconds: 10
                  periodSeconds: 10
                  timeoutSeconds: 15
                volumeMounts:
                - mountPath: @ROOT@/etc/ssl/certs
                  name: ca-certs
                  readOnly: true
                - mountPath: @ROOT@/etc/kubernetes/pki
                  name: k8s-certs
                  readOnly: true
                - mountPath: @ROOT@/usr/share/ca-certificates
                  name: usr-share-ca-certificates
                  readOnly: true
              hostNetwork: true
              priority: 2000001000
              priorityClassName: system-node-critical
              securityContext:
                seccompProfile:
                  type: RuntimeDefault
              volumes:
              - hostPath:
                  path: @ROOT@/etc/ssl/certs
                  type: DirectoryOrCreate
                name: ca-certs
              - hostPath:
                  path: @ROOT@/etc/kubernetes/pki
                  type: DirectoryOrCreate
                name: k8s-certs
              - hostPath:
                  path: @ROOT@/usr/share/ca-certificates
                  type: DirectoryOrCreate
                name: usr-share-ca-certificates
            status: {}
            """;
}
