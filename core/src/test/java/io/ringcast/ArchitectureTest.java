package io.ringcast;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

/** What may depend on what: a stage can be read, tested and replaced without the others. */
class ArchitectureTest
{
    private static final String[] SHARED_BY_STAGES =
    {
        "io.ringcast.frame", "io.ringcast.session", "io.ringcast.metrics", "io.ringcast.config",
        "io.ringcast.image",
        "java..", "org.agrona..", "com.dslplatform.json..", "org.slf4j.."
    };

    /** Read once for all rules: to read them takes seconds, to look at them next to nothing. */
    private static final JavaClasses MAIN = new ClassFileImporter()
        .withImportOption(new ImportOption.DoNotIncludeTests())
        .importPackages("io.ringcast");

    @Test
    void shouldKeepCorrelateToItself()
    {
        classes().that().resideInAPackage("io.ringcast.correlate")
            .should().onlyDependOnClassesThat()
            .resideInAnyPackage(with("io.ringcast.correlate", "io.ringcast.lane"))
            .check(MAIN);
    }

    @Test
    void shouldKeepMatchToItself()
    {
        classes().that().resideInAPackage("io.ringcast.match")
            .should().onlyDependOnClassesThat().resideInAnyPackage(with("io.ringcast.match", "io.ringcast.lane"))
            .check(MAIN);
    }

    @Test
    void shouldKeepLaneToItself()
    {
        classes().that().resideInAPackage("io.ringcast.lane")
            .should().onlyDependOnClassesThat().resideInAnyPackage(with("io.ringcast.lane", "org.HdrHistogram.."))
            .check(MAIN);
    }

    @Test
    void shouldKeepEncodeToItselfAndToBuffers()
    {
        classes().that().resideInAPackage("io.ringcast.encode")
            .should().onlyDependOnClassesThat()
            .resideInAnyPackage(with("io.ringcast.encode", "io.netty.buffer", "io.netty.util"))
            .check(MAIN);
    }

    @Test
    void shouldKnowPipelineNowhereElse()
    {
        noClasses().that().resideOutsideOfPackage("io.ringcast.pipeline")
            .should().dependOnClassesThat().resideInAPackage("io.ringcast.pipeline")
            .check(MAIN);
    }

    @Test
    void shouldKnowTheRingInPipelineAlone()
    {
        noClasses().that().resideOutsideOfPackage("io.ringcast.pipeline")
            .should().dependOnClassesThat().resideInAPackage("com.lmax.disruptor..")
            .check(MAIN);
    }

    @Test
    void shouldUseNothingOfNettyButBuffers()
    {
        noClasses().should().dependOnClassesThat()
            .resideInAnyPackage("io.netty.channel..", "io.netty.handler..", "io.netty.bootstrap..")
            .check(MAIN);
    }

    @Test
    void shouldNameClassesAfterWhatTheyDo()
    {
        noClasses().should().haveNameMatching(".*(Manager|Helper|Util|Utils|Impl)")
            .check(MAIN);
    }

    private static String[] with(final String... more)
    {
        final String[] all = new String[SHARED_BY_STAGES.length + more.length];
        System.arraycopy(SHARED_BY_STAGES, 0, all, 0, SHARED_BY_STAGES.length);
        System.arraycopy(more, 0, all, SHARED_BY_STAGES.length, more.length);
        return all;
    }
}
