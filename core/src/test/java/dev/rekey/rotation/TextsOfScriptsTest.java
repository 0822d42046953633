package dev.rekey.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekey.InvalidInputException;
import dev.rekey.config.EncryptionConfiguration;
import dev.rekey.config.Entry;
import dev.rekey.config.KeyRef;
import dev.rekey.config.KubernetesVersion;
import dev.rekey.config.ManagedSettings;
import dev.rekey.config.Provider;
import dev.rekey.config.ServerProfile;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Groovy's {@code "${host}"} is no String where it stands in a list or is the key of a map; another CharSequence stands for it here. */
class TextsOfScriptsTest {
    private static final EncryptionConfiguration GIVEN = Sketch.read("secrets = aescbc[k1] identity");
    private static final Map<CharSequence, MemberConfigurations> MEMBERS =
            Map.of(text("cp1"), new MemberConfigurations(GIVEN, List.of(GIVEN)));

    @Test
    void resources() {
        assertThat(ManagedSettings.DEFAULT.withResources(List.of(text("secrets"))))
                .isEqualTo(ManagedSettings.DEFAULT.withResources(List.of("secrets")));
        List<String> raw = asInGroovy(List.of(text("secrets")));
        assertThat(new Entry(raw, List.of(new Provider.Identity())))
                .isEqualTo(new Entry(List.of("secrets"), List.of(new Provider.Identity())));
    }

    /** A gate that nobody finds would be off without a word. */
    @Test
    void featureGates() {
        Map<String, Boolean> raw = asInGroovy(Map.of(text("KMSv1"), true));

        assertThat(new ServerProfile(KubernetesVersion.parse("1.36.3"), raw, false).kmsV1())
                .isTrue();
    }

    @Test
    void membersOfStages() {
        Stages stages = Stages.between(MEMBERS, Sketch.read("secrets = aescbc[k2] identity"));

        assertThat(stages.introduce()).containsOnlyKeys("cp1");
        Map<String, EncryptionConfiguration> raw = asInGroovy(Map.of(text("cp1"), GIVEN));
        assertThat(new Stages(raw, GIVEN, GIVEN, asInGroovy(List.of(text("secrets"))), Set.of()))
                .isEqualTo(new Stages(Map.of("cp1", GIVEN), GIVEN, GIVEN, List.of("secrets"), Set.of()));
    }

    @Test
    void membersAndRulesOfSafety() {
        Map<String, Set<KeyRef>> raw = asInGroovy(Map.of(text("secrets"), Set.of(KeyRef.IDENTITY)));
        StoredReaders stored = new StoredReaders(raw);
        EncryptionConfiguration next = Sketch.read("secrets = aescbc[k1]");

        assertThat(Safety.check(MEMBERS, next, stored))
                .isEqualTo(Safety.check(MEMBERS, Map.of(text("cp1"), next), stored))
                .singleElement()
                .satisfies(finding -> assertThat(finding.code()).isEqualTo("identity-leaves"));
        assertThatThrownBy(() -> Safety.check(MEMBERS, Map.of(text("cp2"), next), stored))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("a push to cp2");
    }

    private static CharSequence text(String text) {
        return new StringBuilder(text);
    }

    /** Groovy does not look at what a list is declared to hold. */
    @SuppressWarnings("unchecked")
    private static List<String> asInGroovy(List<CharSequence> texts) {
        return (List<String>) (List<?>) texts;
    }

    @SuppressWarnings("unchecked")
    private static <V> Map<String, V> asInGroovy(Map<CharSequence, V> map) {
        return (Map<String, V>) (Map<?, ?>) new HashMap<>(map);
    }
}
