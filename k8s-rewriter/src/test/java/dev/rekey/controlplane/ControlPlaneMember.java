package dev.rekey.controlplane;

import java.nio.file.Path;

/** One member of a {@link RealControlPlane}: a folder that stands for its file system, its host and its apiserver. */
public final class ControlPlaneMember {
    private final String name;
    private final Path root;
    private final String apiServerUrl;
    private final String advertiseAddress;
    private final StaticPodHost host;
    private final KubernetesApi api;

    ControlPlaneMember(
            String name,
            Path root,
            String apiServerUrl,
            String advertiseAddress,
            StaticPodHost host,
            KubernetesApi api) {
        this.name = name;
        this.root = root;
        this.apiServerUrl = apiServerUrl;
        this.advertiseAddress = advertiseAddress;
        this.host = host;
        this.api = api;
    }

    /** Also the host name that its apiserver sees. */
    public String name() {
        return name;
    }

    /** Stands for {@code /} of the host. */
    public Path root() {
        return root;
    }

    /** The apiserver of this very member. */
    public String apiServerUrl() {
        return apiServerUrl;
    }

    /** What its apiserver tells others as its address; nobody listens there. */
    public String advertiseAddress() {
        return advertiseAddress;
    }

    /** The file that kubelet runs. */
    public Path manifestPath() {
        return root.resolve("etc/kubernetes/manifests/kube-apiserver.yaml");
    }

    /** Where the encryption configuration is to lie; not made until somebody does. */
    public Path configurationDirectory() {
        return root.resolve("etc/kubernetes/encryption-providers");
    }

    /** Where lock and mark are to lie; not made until somebody does. */
    public Path stateDirectory() {
        return root.resolve("etc/kubernetes/rekey");
    }

    /** The stand-in for kubelet. */
    public StaticPodHost host() {
        return host;
    }

    /** The apiserver of this very member, asked directly. */
    public KubernetesApi api() {
        return api;
    }
}
