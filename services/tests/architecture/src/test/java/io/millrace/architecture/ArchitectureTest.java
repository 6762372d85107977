package io.millrace.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ArchitectureTest {
    private static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.millrace");

    /** A rule and the package in which a breach of it is planted. */
    record Case(String planted, Function<Rules, ArchRule> rule) {
        @Override
        public String toString() {
            return planted;
        }
    }

    static List<Case> rules() {
        return List.of(
                new Case("arrows", Rules::arrowsPointInwards),
                new Case("ports", Rules::theEngineKnowsItsPortsOnly),
                new Case("strangers", Rules::adaptersAreStrangers),
                new Case("others", Rules::adaptersAreStrangersTheOtherWayToo),
                new Case("purity", Rules::theModelIsPure),
                new Case("clocks.instant", Rules::timeAndChanceComeInAsArguments),
                new Case("clocks.nanos", Rules::timeAndChanceComeInAsArguments),
                new Case("clocks.dice", Rules::timeAndChanceComeInAsArguments),
                new Case("clocks.uuid", Rules::timeAndChanceComeInAsArguments),
                new Case("threads.started", Rules::threadsComeInAsArguments),
                new Case("threads.pooled", Rules::threadsComeInAsArguments),
                new Case("threads.borrowed", Rules::threadsComeInAsArguments),
                new Case("cycles", Rules::packagesHaveNoCycles),
                new Case("names.manager", Rules::namesSayWhatSetsATypeApart),
                new Case("names.utils", Rules::namesSayWhatSetsATypeApart),
                new Case("names.parent", Rules::namesSayWhatSetsATypeApart));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rules")
    void theRuleHoldsForEverythingWeShip(Case tested) {
        tested.rule().apply(new Rules("io.millrace")).check(OURS);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rules")
    void theRuleNoticesAPlantedBreach(Case tested) {
        String root = "planted." + tested.planted();
        JavaClasses planted = new ClassFileImporter().importPackages(root);
        assertThat(planted).as("planted breach").isNotEmpty();
        assertThat(tested.rule()
                        .apply(new Rules(root))
                        .allowEmptyShould(true)
                        .evaluate(planted)
                        .hasViolation())
                .isTrue();
    }

    @Test
    void anAdapterShowsHalfOfItsTypesAtMost() {
        assertThat(share("io.millrace.kafka")).isLessThanOrEqualTo(0.5);
        assertThat(share("io.millrace.web")).isLessThanOrEqualTo(0.5);
    }

    /** Of the types that stand in files of their own, how many are public. */
    private static double share(String root) {
        List<JavaClass> types = OURS.stream()
                .filter(type -> type.getPackageName().equals(root)
                        || type.getPackageName().startsWith(root + "."))
                .filter(type -> type.isTopLevelClass() && !type.getSimpleName().equals("package-info"))
                .toList();
        assertThat(types).isNotEmpty();
        Stream<JavaClass> shown =
                types.stream().filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC));
        return (double) shown.count() / types.size();
    }
}
