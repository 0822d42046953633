package dev.rekey.testing;

import dev.rekey.ChangedMeanwhileException;
import dev.rekey.NodeException;
import dev.rekey.spi.KubeadmConfig;
import java.util.Optional;

/** The ConfigMap of kubeadm; like every object it can be had only while some apiserver is ready. */
final class FakeKubeadmConfig implements KubeadmConfig {
    private final World world;
    private final FakeOperator operator;

    FakeKubeadmConfig(World world, FakeOperator operator) {
        this.world = world;
        this.operator = operator;
    }

    @Override
    public Optional<Document> read() {
        return operator.look(5, () -> {
            server();
            return world.kubeadmText.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Document(world.kubeadmText, String.valueOf(world.kubeadmVersion)));
        });
    }

    @Override
    public void replace(Document read, String text) {
        operator.change("replace kubeadm's ClusterConfiguration", () -> {
            world.time.advance(5);
            FakeMember through = server();
            if (!read.resourceVersion().equals(String.valueOf(world.kubeadmVersion))) {
                throw new ChangedMeanwhileException("kubeadm's ClusterConfiguration is no longer version "
                        + read.resourceVersion() + "; it was not replaced. Make the same call again");
            }
            if (!world.kubeadmText.equals(text)) {
                world.kubeadmText = text;
                world.kubeadmVersion = world.etcd.nextRevision();
            }
            if (through.suffers(Fault.KUBEADM_ANSWER_LOST)) {
                throw new NodeException(
                        "the connection to an apiserver was lost; whether kubeadm's ClusterConfiguration was"
                                + " replaced is not known. Make the same call again");
            }
            return text;
        });
    }

    private FakeMember server() {
        return world.anyAnswering()
                .orElseThrow(
                        () -> new NodeException("no apiserver answers, so kubeadm's ClusterConfiguration cannot be had;"
                                + " it is as it was. Make the same call again when one does"));
    }
}
