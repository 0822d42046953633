package dev.rekey.lifecycle;

import dev.rekey.config.EncryptionConfiguration;
import dev.rekey.config.Rendered;
import dev.rekey.manifest.NodePath;
import dev.rekey.rotation.Stage;
import dev.rekey.rotation.Stages;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The file of each member at each stage; a member without one has none. The files hold keys. */
final class StageFiles {
    private final Map<Stage, Map<String, Rendered>> files = new EnumMap<>(Stage.class);

    private StageFiles() {}

    /** A file that already says the same keeps its bytes, so that nothing is pushed for its looks. */
    static StageFiles of(Situation situation, Stages stages, Goal goal) {
        StageFiles result = new StageFiles();
        for (Stage stage : Stage.values()) {
            Map<String, Rendered> byMember = new TreeMap<>();
            for (MemberState member : situation.members()) {
                EncryptionConfiguration wanted = wanted(stages, stage, member.name());
                if (!wanted.entries().isEmpty()) {
                    byMember.put(member.name(), file(member, goal, wanted));
                }
            }
            result.files.put(stage, byMember);
        }
        return result;
    }

    @Nullable
    Rendered of(Stage stage, String member) {
        return files.getOrDefault(stage, Map.of()).get(member);
    }

    /** The hash that the member's apiserver must report at that stage. */
    String hash(Stage stage, String member) {
        return hash(of(stage, member));
    }

    static String hash(@Nullable Rendered file) {
        return file == null ? Mark.NONE : file.sha256();
    }

    private static EncryptionConfiguration wanted(Stages stages, Stage stage, String member) {
        return switch (stage) {
            case INTRODUCE -> Objects.requireNonNull(stages.introduce().get(member));
            case PROMOTE -> stages.promote();
            case RETIRE -> stages.retire();
        };
    }

    private static Rendered file(MemberState member, Goal goal, EncryptionConfiguration wanted) {
        NodePath home = goal.home(member.seen().layout(), member.referred());
        EncryptionConfiguration there = member.configurations().get(home);
        return there != null && Stages.alike(there, wanted)
                ? member.seen().file(home).orElseThrow()
                : wanted.render();
    }
}
