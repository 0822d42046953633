package dev.rekey.quickstart;

import dev.rekey.k8s.KubernetesAccess;
import dev.rekey.lifecycle.Change;
import dev.rekey.lifecycle.EncryptionLifecycle;
import dev.rekey.spi.KeyArchive;
import dev.rekey.spi.LocalTransport;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;

/** What an installer writes to encrypt the one control-plane host that it runs on. */
public final class Quickstart {
    private Quickstart() {}

    /** Enables encryption and rotates the key. Made again after any stop, it goes on from there. */
    public static void main(String[] arguments) {
        // tag::readme[]
        KeyArchive archive = KeyArchive.encryptedTo(KeyArchive.certificate(Path.of("backup.pem")), Path.of("keys.cms"));
        try (KubernetesAccess cluster = KubernetesAccess.fromKubeconfig(Path.of("admin.conf"))
                .member("cp1", URI.create("https://10.0.0.1:6443"))) {
            EncryptionLifecycle lifecycle = EncryptionLifecycle.on(
                            Map.of("cp1", new LocalTransport()), cluster.access(), archive)
                    .build();
            System.out.println(lifecycle.plan(Change.enable())); // reads only
            lifecycle.apply(Change.enable()); // returns once everything is proved
            System.out.println(lifecycle.apply(Change.rotate()));
        }
        // end::readme[]
    }
}
