package dev.rekey.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rekey.config.Reader;
import dev.rekey.testing.FakeControlPlane;
import dev.rekey.testing.FakeObject;
import dev.rekey.testing.Fault;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeakTest {
    @TempDir
    private Path folder;

    private final FakeControlPlane plane = FakeControlPlane.withMembers(3);

    @Test
    void noOutputHoldsAKey_andTheNeedlesAreOnesThatWouldBeFound() {
        plane.createSecrets(10);
        CommandRun command = CommandRun.on(plane, folder).asked(question -> true);
        List<CommandRun.Result> results = new ArrayList<>();
        plane.archiveFails(true);
        results.add(command.run("enable", "--yes"));
        plane.archiveFails(false);
        results.add(command.run("plan", "enable"));
        results.add(command.run("enable"));
        String filesWithFirstKey = files();
        plane.etcd().breakObject(FakeObject.secret("secret-3"));
        results.add(command.run("rotate", "--yes", "--output", "json"));
        results.add(command.run("status"));
        results.add(command.run("status", "--output", "json"));
        plane.member("cp1").put(plane.layout().managedPath(), "apiVersion: [" + files());
        results.add(command.run("status"));
        results.add(command.run("plan", "disable", "--output", "json"));
        plane.member("cp1").put(plane.layout().managedPath(), managedFile("cp2"));
        plane.etcd().mendObject(FakeObject.secret("secret-3"));
        results.add(command.run("rotate", "--yes"));
        plane.member("cp2").once(Fault.TRANSPORT_DOWN);
        results.add(command.run("plan", "rotate"));
        results.add(command.run("rewrite", "--output", "json"));
        String filesWithLastKey = files();
        results.add(command.run("disable", "--output", "json"));
        List<Reader.OfKey> keys = plane.archived().stream().distinct().toList();
        String everything =
                String.join("\n", results.stream().map(CommandRun.Result::all).toList());

        assertThat(results).extracting(CommandRun.Result::status).contains(0, 1, 3);
        assertThat(keys).hasSizeGreaterThanOrEqualTo(2);
        for (Reader.OfKey key : keys) {
            byte[] bytes = key.key().material().exposeBytes();
            String base64 = Base64.getEncoder().encodeToString(bytes);
            List<String> needles = List.of(
                    base64.replace("=", ""),
                    Base64.getUrlEncoder().withoutPadding().encodeToString(bytes),
                    HexFormat.of().formatHex(bytes),
                    HexFormat.of().withUpperCase().formatHex(bytes),
                    new String(bytes, ISO_8859_1));
            assertThat(everything).contains(key.key().name()).doesNotContain(needles);
        }
        assertThat(filesWithFirstKey + filesWithLastKey)
                .contains(keys.stream()
                        .map(key -> Base64.getEncoder()
                                .encodeToString(key.key().material().exposeBytes()))
                        .toList());
    }

    private String managedFile(String member) {
        return plane.member(member).file(plane.layout().managedPath()).orElseThrow();
    }

    private String files() {
        return String.join("", plane.member("cp2").files().values());
    }
}
