package io.millrace.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaConstructorCall;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * The rules of the house. Each says how to mend a breach, and is shown to notice one that was planted.
 *
 * @param root the package they are about: ours, or that of planted breaches
 */
record Rules(String root) {
    private static final Set<String> CLOCKS_AND_CHANCE = Set.of(
            "java.lang.System.currentTimeMillis",
            "java.lang.System.nanoTime",
            "java.lang.System.getenv",
            "java.lang.System.getProperty",
            "java.lang.Math.random",
            "java.util.UUID.randomUUID",
            "java.util.concurrent.ThreadLocalRandom.current",
            "java.time.Clock.systemUTC",
            "java.time.Clock.systemDefaultZone",
            "java.time.Clock.system",
            "java.time.InstantSource.system",
            "java.util.Locale.getDefault",
            "java.util.TimeZone.getDefault",
            "java.time.ZoneId.systemDefault");

    /** Threads of one's own, and those that are nobody's. */
    private static final Map<String, Set<String>> THREADS = Map.of(
            "java.lang.Thread", Set.of("ofPlatform", "ofVirtual", "startVirtualThread", "sleep"),
            "java.util.concurrent.CompletableFuture", Set.of("orTimeout", "completeOnTimeout", "delayedExecutor"),
            "java.util.concurrent.ForkJoinPool", Set.of("commonPool"));

    private static final Set<Class<?>> UNSEEDED = Set.of(Random.class, SplittableRandom.class);

    // @spotless:off
    ArchRule arrowsPointInwards() {
        return noClasses().that(resideInAPackage(in("core"))).should().dependOnClassesThat(
                        resideInAnyPackage(in("engine"), in("kafka"), in("web"), in("node")))
                .because("core knows nothing but itself: move what it needs into core, or the code that needs it outwards");
    }

    ArchRule theEngineKnowsItsPortsOnly() {
        return noClasses().that(resideInAPackage(in("engine"))).should().dependOnClassesThat(
                        resideInAnyPackage(in("kafka"), in("web"), in("node")))
                .because("the engine must run in a simulation: say what is needed as an interface in engine.port");
    }

    ArchRule adaptersAreStrangers() {
        return noClasses().that(resideInAPackage(in("kafka"))).should().dependOnClassesThat(
                        resideInAnyPackage(in("web"), in("node")))
                .because("adapters meet in the node only: give the node something to hand over");
    }

    ArchRule adaptersAreStrangersTheOtherWayToo() {
        return noClasses().that(resideInAPackage(in("web"))).should().dependOnClassesThat(
                        resideInAnyPackage(in("kafka"), in("node")))
                .because("adapters meet in the node only: give the node something to hand over");
    }

    ArchRule theModelIsPure() {
        return classes().that(resideInAnyPackage(in("core"), in("engine"))).should().onlyDependOnClassesThat(
                        resideInAnyPackage(in("core"), in("engine"), "java.lang..", "java.util..", "java.time..", "java.math..",
                                "java.nio", "java.nio.charset..", "java.io..", "java.security..", "tools.jackson..", "com.fasterxml.jackson.annotation..",
                                "org.jspecify.."))
                .because("no library, no file and no socket belongs into the model: put it behind a port, into an adapter");
    }

    ArchRule timeAndChanceComeInAsArguments() {
        return noClasses().that(resideInAnyPackage(in("core"), in("engine")))
                .should().callCodeUnitWhere(describe("reads a clock, the dice or the machine", Rules::isClockOrChance))
                .because("a simulation must be able to repeat it: take an InstantSource, a MicroClock or a Supplier");
    }

    ArchRule threadsComeInAsArguments() {
        return noClasses().that(resideInAnyPackage(in("core"), in("engine")))
                .should().callCodeUnitWhere(describe("makes or borrows a thread", Rules::isThread))
                .because("a simulation has one thread: take an Executor, a Scheduler or a ThreadFactory");
    }

    ArchRule packagesHaveNoCycles() {
        return slices().matching(root + ".(**)").should().beFreeOfCycles()
                .because("two packages that need each other are one: join them, or move what both need into a third");
    }

    ArchRule namesSayWhatSetsATypeApart() {
        return noClasses().that(resideInAPackage(root + ".."))
                .should().haveSimpleNameEndingWith("Manager")
                .orShould().haveSimpleNameEndingWith("Helper")
                .orShould().haveSimpleNameEndingWith("Impl")
                .orShould().haveNameMatching(".*[a-z]Utils?")
                .orShould().haveNameMatching(".*\\.Abstract[A-Z].*")
                .because("such a name says nothing: name what it is in the words of the design, or what sets it apart");
    }
    // @spotless:on

    private String in(String module) {
        return root + "." + module + "..";
    }

    private static boolean isClockOrChance(JavaCall<?> call) {
        String called = call.getTargetOwner().getName() + "." + call.getName();
        boolean now = called.startsWith("java.time.")
                && call.getName().equals("now")
                && call.getTarget().getRawParameterTypes().isEmpty();
        boolean unseeded = call instanceof JavaConstructorCall
                && UNSEEDED.stream().anyMatch(call.getTargetOwner()::isEquivalentTo)
                && call.getTarget().getRawParameterTypes().isEmpty();
        return now || unseeded || CLOCKS_AND_CHANCE.contains(called);
    }

    private static boolean isThread(JavaCall<?> call) {
        String owner = call.getTargetOwner().getName();
        boolean made = call instanceof JavaConstructorCall && owner.equals("java.lang.Thread");
        boolean pooled = owner.equals("java.util.concurrent.Executors");
        boolean parallel =
                call.getName().equals("parallelStream") || call.getName().equals("parallel");
        boolean borrowed = owner.equals("java.util.concurrent.CompletableFuture")
                && call.getName().endsWith("Async")
                && call.getTarget().getRawParameterTypes().stream()
                        .noneMatch(type -> type.isEquivalentTo(java.util.concurrent.Executor.class));
        return made
                || pooled
                || parallel
                || borrowed
                || THREADS.getOrDefault(owner, Set.of()).contains(call.getName());
    }
}
