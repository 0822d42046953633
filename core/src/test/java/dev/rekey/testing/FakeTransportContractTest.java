package dev.rekey.testing;

import dev.rekey.manifest.NodePath;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class FakeTransportContractTest {
    @TestFactory
    Stream<DynamicTest> keepsThePromiseOfATransport() {
        FakeControlPlane fake = FakeControlPlane.withMembers(1);
        FakeFiles files = fake.member("cp1").tree();
        NodePath empty = NodePath.of("/contract");
        files.makeDirectories(empty, 0, 0, 0700);
        NodeTransportContract.Member member = new NodeTransportContract.Member() {
            @Override
            public void makeLink(NodePath link, NodePath target) {
                files.link(link);
            }

            @Override
            public void setMode(NodePath path, int mode) {
                files.setMode(path, mode);
            }
        };
        return NodeTransportContract.cases(() -> fake.transport("cp1"), empty, member).stream()
                .map(c -> DynamicTest.dynamicTest(c.name(), c.body()::run));
    }
}
