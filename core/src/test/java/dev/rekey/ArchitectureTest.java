package dev.rekey;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows between packages, and what the pure ones may not touch. */
@AnalyzeClasses(packages = "dev.rekey", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule ARROWS_POINT_DOWN = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("testing")
            .definedBy("dev.rekey.testing..")
            .layer("kubeone")
            .definedBy("dev.rekey.kubeone..")
            .layer("lifecycle")
            .definedBy("dev.rekey.lifecycle..")
            .layer("spi")
            .definedBy("dev.rekey.spi..")
            .layer("rotation")
            .definedBy("dev.rekey.rotation..")
            .layer("manifest")
            .definedBy("dev.rekey.manifest..")
            .layer("stored")
            .definedBy("dev.rekey.stored..")
            .layer("config")
            .definedBy("dev.rekey.config..")
            .layer("internal")
            .definedBy("dev.rekey.internal..")
            .whereLayer("testing")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("kubeone")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("lifecycle")
            .mayOnlyBeAccessedByLayers("testing", "kubeone")
            .whereLayer("spi")
            .mayOnlyBeAccessedByLayers("testing", "kubeone", "lifecycle")
            .whereLayer("rotation")
            .mayOnlyBeAccessedByLayers("testing", "kubeone", "lifecycle", "spi")
            .whereLayer("manifest")
            .mayOnlyBeAccessedByLayers("testing", "kubeone", "lifecycle", "spi")
            .whereLayer("stored")
            .mayOnlyBeAccessedByLayers("testing", "kubeone", "lifecycle", "spi")
            .whereLayer("config")
            .mayOnlyBeAccessedByLayers("testing", "kubeone", "lifecycle", "spi", "rotation", "manifest", "stored");

    @ArchTest
    static final ArchRule THE_PURE_CORE_HAS_NO_CLOCK_RANDOMNESS_FILES_OR_LOG = noClasses()
            .that()
            .resideInAnyPackage(
                    "dev.rekey.kubeone..",
                    "dev.rekey.rotation..",
                    "dev.rekey.manifest..",
                    "dev.rekey.stored..",
                    "dev.rekey.internal..")
            .or()
            .haveSimpleName("Planner")
            .or()
            .haveSimpleName("Itinerary")
            .or()
            .haveSimpleName("Goals")
            .or()
            .haveSimpleName("Situation")
            .should()
            .dependOnClassesThat()
            .haveNameMatching(
                    "java\\.time\\.Clock|java\\.util\\.Random|java\\.security\\.SecureRandom|java\\.nio\\.file\\..*"
                            + "|java\\.io\\.File.*|java\\.lang\\.System\\$Logger.*|java\\.util\\.logging\\..*|java\\.net\\.Socket.*");

    @ArchTest
    static final ArchRule NO_DEPENDENCY_IN_A_PUBLIC_SIGNATURE = noClasses()
            .that()
            .resideInAnyPackage(
                    "dev.rekey.config..",
                    "dev.rekey.rotation..",
                    "dev.rekey.manifest..",
                    "dev.rekey.lifecycle..",
                    "dev.rekey.kubeone..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.snakeyaml..", "org.bouncycastle..");
}
