package io.ringcast.transport;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

/** Which package of sockets may know which: the admin port knows all, an upstream knows no client. */
class TransportArchitectureTest
{
    private static final String TOP = "io.ringcast.transport";

    /** Read once for all rules. */
    private static final JavaClasses MAIN = new ClassFileImporter()
        .withImportOption(new ImportOption.DoNotIncludeTests())
        .importPackages(TOP);

    @Test
    void shouldNotKnowClientsInUpstream()
    {
        noClasses().that().resideInAPackage(TOP + ".upstream")
            .should().dependOnClassesThat().resideInAPackage(TOP + ".door")
            .check(MAIN);
    }

    @Test
    void shouldNotKnowClientsInLoops()
    {
        noClasses().that().resideInAPackage(TOP + ".loop")
            .should().dependOnClassesThat().resideInAPackage(TOP + ".door")
            .check(MAIN);
    }

    @Test
    void shouldKnowTheAdminPortAtTheTopAlone()
    {
        classes().that().resideInAPackage(TOP + ".admin")
            .should().onlyHaveDependentClassesThat().resideInAnyPackage(TOP, TOP + ".admin")
            .check(MAIN);
    }

    /** The embedding API rests on the packages below it, not they on it, but for the levels of the log. */
    @Test
    void shouldNotKnowTheEmbeddingApiBelowIt()
    {
        noClasses().that().resideOutsideOfPackage(TOP)
            .and().resideOutsideOfPackage(TOP + ".admin")
            .should().dependOnClassesThat().resideInAPackage(TOP)
            .check(MAIN);
    }

    /** They can be read, tested and fuzzed without a loop. */
    @Test
    void shouldKeepFramesAndPollersToThemselves()
    {
        noClasses().that().resideInAnyPackage(TOP + ".websocket", TOP + ".poll")
            .should().dependOnClassesThat()
            .resideInAnyPackage(TOP, TOP + ".loop", TOP + ".door", TOP + ".upstream", TOP + ".admin", TOP + ".journal")
            .check(MAIN);
    }
}
