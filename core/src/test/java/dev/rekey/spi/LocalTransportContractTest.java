package dev.rekey.spi;

import dev.rekey.manifest.NodePath;
import dev.rekey.testing.NodeTransportContract;
import dev.rekey.testing.NodeTransportContract.Member;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class LocalTransportContractTest {
    @TempDir
    Path directory;

    @TestFactory
    Stream<DynamicTest> keepsThePromiseOfATransport() throws Exception {
        NodePath empty = NodePath.of(directory.toRealPath().toString());
        return NodeTransportContract.cases(LocalTransport::new, empty, Member.THIS_MACHINE).stream()
                .map(c -> DynamicTest.dynamicTest(c.name(), c.body()::run));
    }
}
