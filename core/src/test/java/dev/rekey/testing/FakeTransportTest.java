package dev.rekey.testing;

import dev.rekey.manifest.NodePath;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class FakeTransportTest {
    @TestFactory
    Stream<DynamicTest> keepsThePromiseOfEveryTransport() {
        FakeControlPlane plane = FakeControlPlane.withMembers(1);
        FakeFiles files = plane.member("cp1").tree();
        NodePath room = NodePath.of("/root/empty");
        files.makeDirectories(room, 0, 0, 0700);
        NodeTransportContract.Member member = new NodeTransportContract.Member() {
            @Override
            public void makeLink(NodePath link, NodePath target) {
                files.link(link);
            }

            @Override
            public void setMode(NodePath path, int mode) {
                files.setMode(path, mode);
            }

            @Override
            public void makeFile(NodePath directory, byte[] name) {
                files.entry(directory, new String(name, StandardCharsets.UTF_8));
            }
        };
        return NodeTransportContract.cases(() -> plane.transport("cp1"), room, member).stream()
                .map(c -> DynamicTest.dynamicTest(c.name(), c.body()::run));
    }
}
