package dev.rekey.manifest;

import dev.rekey.internal.YamlNode.Mapping;
import dev.rekey.manifest.Mounts.Mount;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What kubeadm itself mounts into an apiserver, each at the host's own path, beside extraVolumes; one of these takes the place of
 * a mount with its name. From {@code app/phases/controlplane/volumes.go} of kubeadm 1.26 to 1.36.
 *
 * @param certain on every host
 * @param perhaps on hosts that have the directory: two mounts at one path are no valid pod, so that none may be added there
 */
record KubeadmMounts(List<Mount> certain, List<Mount> perhaps) {
    private static final Reading READING = KubeadmReader.READING;
    private static final String CERTIFICATES = "/etc/kubernetes/pki";
    private static final String AUTHORITIES = "/etc/ssl/certs";

    private static final List<String> MORE_AUTHORITIES = List.of(
            "/etc/pki/ca-trust",
            "/etc/pki/tls/certs",
            "/etc/ca-certificates",
            "/usr/share/ca-certificates",
            "/usr/local/share/ca-certificates");

    /** Instead of the two below it, in older versions. */
    private static final String OLD_AUTHORITIES = "/etc/pki";

    static KubeadmMounts of(Mapping root, Mounts extraVolumes) {
        String given = READING.text(root, "certificatesDir");
        String certificates = given.isEmpty()
                ? CERTIFICATES
                : READING.path(root, "certificatesDir").value();
        int line = root.span().line();
        List<Mount> certain = new ArrayList<>();
        certain.add(mount("k8s-certs", certificates, line));
        certain.add(mount("ca-certs", AUTHORITIES, line));
        int number = 0;
        for (String directory : etcdCertificates(root, certificates)) {
            certain.add(mount("etcd-certs-" + number++, directory, line));
        }
        List<Mount> perhaps = new ArrayList<>();
        perhaps.add(mount(named(OLD_AUTHORITIES), OLD_AUTHORITIES, line));
        MORE_AUTHORITIES.forEach(path -> perhaps.add(mount(named(path), path, line)));
        certain.removeIf(own -> isNamed(extraVolumes, own));
        perhaps.removeIf(own -> isNamed(extraVolumes, own));
        return new KubeadmMounts(List.copyOf(certain), List.copyOf(perhaps));
    }

    /** The mounts of a pod made with these volumes; refused where it would have two at one path, which no apiserver survives. */
    Mounts with(Mounts extraVolumes) {
        List<Mount> all = new ArrayList<>(extraVolumes.all());
        for (Mount own : certain) {
            extraVolumes.all().stream()
                    .filter(mount -> mount.path().equals(own.path()))
                    .findFirst()
                    .ifPresent(mount -> {
                        throw READING.refused(
                                mount.line(),
                                "a volume is mounted at " + own.path() + ", where kubeadm mounts its own "
                                        + own.volume(),
                                "Remove it, or name it " + own.volume() + ", so that it takes the place of that one");
                    });
            all.add(own);
        }
        return new Mounts(all);
    }

    /** Refuses a volume that would make some host's pod invalid, or take the place of a mount of kubeadm's. */
    void requireNoneLike(MissingMount missing) {
        for (Mount own : perhaps) {
            if (own.path().equals(missing.path())) {
                throw READING.refused(
                        own.line(),
                        "kubeadm itself mounts " + own.path() + " on hosts that have it, and a pod with two mounts"
                                + " there does not start",
                        "Use another directory for the configuration or the socket, or mount that one in extraVolumes"
                                + " by kubeadm's own name for it, " + own.volume());
            }
            if (own.volume().equals(missing.volume())) {
                throw READING.refused(
                        own.line(),
                        "kubeadm itself has a volume named " + own.volume() + " on some hosts",
                        "Set the layout's volumeName to a free name");
            }
        }
    }

    /** Of an external etcd; directories are compared as texts, as kubeadm does. */
    private static TreeSet<String> etcdCertificates(Mapping root, String certificates) {
        TreeSet<String> directories = new TreeSet<>();
        Mapping etcd = READING.mapping(root, "etcd");
        Mapping external = etcd == null ? null : READING.mapping(etcd, "external");
        for (String key : List.of("caFile", "certFile", "keyFile")) {
            String directory = directory(external, key);
            boolean isMountedAnyway = directory.startsWith(certificates)
                    || directory.startsWith(AUTHORITIES)
                    || MORE_AUTHORITIES.stream().anyMatch(directory::startsWith);
            if (directory.isEmpty() || isMountedAnyway) {
                continue;
            }
            directories.removeIf(other -> other.startsWith(directory));
            if (directories.stream().noneMatch(directory::startsWith)) {
                directories.add(directory);
            }
        }
        return directories;
    }

    private static String directory(@Nullable Mapping external, String key) {
        return external == null || READING.text(external, key).isEmpty()
                ? ""
                : READING.path(external, key).parent().value();
    }

    private static boolean isNamed(Mounts volumes, Mount own) {
        return volumes.all().stream().anyMatch(mount -> mount.volume().equals(own.volume()));
    }

    private static String named(String path) {
        return path.substring(1).replace('/', '-');
    }

    private static Mount mount(String volume, String path, int line) {
        NodePath both = NodePath.of(path);
        return new Mount(volume, both, both, "DirectoryOrCreate", line);
    }
}
