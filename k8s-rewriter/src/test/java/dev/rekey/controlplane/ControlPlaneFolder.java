package dev.rekey.controlplane;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** The files of one test cluster: a folder for etcd, and one for each member with what kubeadm leaves on a host. */
final class ControlPlaneFolder {
    private final Path root;
    private final Credentials credentials = new Credentials();
    private final Pki.Identity serviceAccounts = Pki.serviceAccountKey();

    private ControlPlaneFolder(Path root) {
        this.root = root;
    }

    static ControlPlaneFolder create() {
        try {
            ControlPlaneFolder folder = new ControlPlaneFolder(
                    Files.createTempDirectory("rekey-control-plane-").toRealPath());
            Files.createDirectory(folder.etcd());
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path root() {
        return root;
    }

    Path etcd() {
        return root.resolve("etcd");
    }

    Path member(String name) {
        return root.resolve(name);
    }

    Credentials credentials() {
        return credentials;
    }

    /** Keys, certificates and the manifest; returns the manifest directory. */
    Path prepareMember(String name, String manifest) {
        Path pki = member(name).resolve("etc/kubernetes/pki");
        Path manifests = member(name).resolve("etc/kubernetes/manifests");
        try {
            Files.createDirectories(pki);
            Files.createDirectories(manifests);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Pki.Identity serving = credentials.pki().serving();
        write(pki.resolve("ca.crt"), credentials.pki().pem());
        write(pki.resolve("apiserver.crt"), serving.publicPem());
        write(pki.resolve("apiserver.key"), serving.privatePem());
        write(pki.resolve("sa.pub"), serviceAccounts.publicPem());
        write(pki.resolve("sa.key"), serviceAccounts.privatePem());
        write(pki.resolve("tokens.csv"), credentials.tokenFile());
        write(manifests.resolve("kube-apiserver.yaml"), manifest);
        return manifests;
    }

    Path write(String name, String text) {
        return write(root.resolve(name), text);
    }

    private static Path write(Path file, String text) {
        try {
            Files.writeString(file, text);
            return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
