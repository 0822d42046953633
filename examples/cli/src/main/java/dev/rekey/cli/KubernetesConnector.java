package dev.rekey.cli;

import dev.rekey.InvalidInputException;
import dev.rekey.RefusedException;
import dev.rekey.k8s.KubernetesAccess;
import dev.rekey.lifecycle.EncryptionLifecycle;
import dev.rekey.lifecycle.Timing;
import dev.rekey.manifest.ApiServerManifest;
import dev.rekey.manifest.NodeLayout;
import dev.rekey.manifest.NodePath;
import dev.rekey.spi.KeyArchive;
import dev.rekey.spi.NodeTransport;
import dev.rekey.ssh.SshTransport;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Over the members' files, here or over SSH, and their own apiservers. */
final class KubernetesConnector implements Connector {
    /** As kubeadm makes it on every control-plane host. */
    private static final NodePath ADMIN = NodePath.of("/etc/kubernetes/admin.conf");

    private final Confirmation person;

    /** {@code person} is asked for the passphrases of private keys. */
    KubernetesConnector(Confirmation person) {
        this.person = person;
    }

    @Override
    public Connection connect(Inventory inventory, Timing timing) {
        KeyArchive archive = archive(inventory.archive());
        KubernetesAccess given =
                inventory.kubeconfig() == null ? null : KubernetesAccess.fromKubeconfig(inventory.kubeconfig());
        Transports transports = Transports.open(inventory.members(), person);
        boolean connected = false;
        try {
            Map<String, URI> addresses = addresses(inventory.members(), transports);
            KubernetesAccess kubernetes = given == null ? onAMember(inventory.members(), transports) : given;
            inventory.members().forEach(member -> add(member, addresses, transports, kubernetes));
            EncryptionLifecycle.Builder builder = EncryptionLifecycle.on(
                            transports.byMember(), kubernetes.access(), archive)
                    .layout(inventory.layout())
                    .timing(timing);
            inventory.members().forEach(member -> builder.layout(member.name(), member.layout()));
            Connection connection = new Connection(builder.build(), () -> {
                kubernetes.close();
                transports.close();
            });
            connected = true;
            return connection;
        } finally {
            if (!connected) {
                transports.close();
            }
        }
    }

    private static KubernetesAccess onAMember(List<Inventory.Member> members, Transports transports) {
        Set<String> having = ConcurrentHashMap.newKeySet();
        atOnce(members, member -> {
            if (member.ssh() != null && transports.of(member).stat(ADMIN).isPresent()) {
                having.add(member.name());
            }
        });
        return members.stream()
                .filter(member -> having.contains(member.name()))
                .findFirst()
                .map(member -> onMember(member.name(), transports.of(member)))
                .orElseThrow(() -> new InvalidInputException("no member that is reached over SSH has " + ADMIN
                        + ", and the inventory names no kubeconfig. Nothing was changed. Name one in the inventory"));
    }

    private static KubernetesAccess onMember(String name, NodeTransport transport) {
        try {
            return KubernetesAccess.fromKubeconfig(transport, ADMIN);
        } catch (InvalidInputException e) {
            throw new InvalidInputException("member " + name + ": " + e.getMessage());
        }
    }

    private static void add(
            Inventory.Member member, Map<String, URI> addresses, Transports transports, KubernetesAccess kubernetes) {
        String tlsServerName = member.tlsServerName();
        URI reachable = member.apiServer();
        if (reachable == null) {
            URI onItsHost = addresses.getOrDefault(member.name(), KubernetesAccess.USUAL_ADDRESS);
            SshTransport tunnel = transports.tunnelOf(member);
            if (tlsServerName.isEmpty()) {
                kubernetes.member(member.name(), onItsHost, tunnel);
            } else {
                kubernetes.member(member.name(), onItsHost, tlsServerName, tunnel);
            }
        } else if (tlsServerName.isEmpty()) {
            kubernetes.member(member.name(), reachable);
        } else {
            kubernetes.member(member.name(), reachable, tlsServerName);
        }
    }

    /** Of the apiservers that are asked through a tunnel, as seen from their own hosts. */
    private static Map<String, URI> addresses(List<Inventory.Member> members, Transports transports) {
        Map<String, URI> addresses = new ConcurrentHashMap<>();
        atOnce(members, member -> {
            if (member.apiServer() == null) {
                addresses.put(member.name(), address(transports.tunnelOf(member), member.layout()));
            }
        });
        return addresses;
    }

    private static void atOnce(List<Inventory.Member> members, Consumer<Inventory.Member> question) {
        Map<String, Runnable> work = new TreeMap<>();
        members.forEach(member -> work.put(member.name(), () -> question.accept(member)));
        AtOnce.run(work);
    }

    /** What cannot be read of the manifest is the lifecycle's to tell, with all the rest. */
    private static URI address(NodeTransport transport, NodeLayout layout) {
        String manifest = transport
                .read(layout.manifest())
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .orElse("");
        try {
            return KubernetesAccess.addressOnItsHost(ApiServerManifest.parse(manifest));
        } catch (InvalidInputException | RefusedException e) {
            return KubernetesAccess.USUAL_ADDRESS;
        }
    }

    private static KeyArchive archive(Inventory.Archive archive) {
        if (archive instanceof Inventory.Encrypted encrypted) {
            requireDirectory(encrypted.file());
            return KeyArchive.encryptedTo(KeyArchive.certificate(encrypted.certificate()), encrypted.file());
        }
        if (archive instanceof Inventory.None none) {
            return KeyArchive.none(none.reason());
        }
        throw new IllegalStateException("no such archive: " + archive.getClass());
    }

    /** Found out now, and not when the first key is to be kept. */
    private static void requireDirectory(Path file) {
        if (file.getParent() == null || !Files.isDirectory(file.getParent())) {
            throw new InvalidInputException(
                    "the archive " + file
                            + ": its directory is not there. Nothing was changed. Make it, or give another file in the inventory");
        }
    }
}
