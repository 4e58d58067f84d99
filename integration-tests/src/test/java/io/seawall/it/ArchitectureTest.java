package io.seawall.it;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.Timer;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules of the architecture: which module may depend on which, and which classes use the clock, random numbers and timers. */
class ArchitectureTest {
    private static final int LONGEST_FILE_LINES = 500;
    private static final int MOST_FILES = 30;

    /**
     * The main classes of all modules, from jars or from {@code target/classes}, depending on the class path that Maven
     * made.
     */
    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.seawall");

    @Test
    void seesTheClassesOfEveryModule() {
        var packages = MAIN.stream().map(JavaClass::getPackageName).collect(Collectors.toSet());

        assertThat(packages)
                .contains(
                        "io.seawall.wal",
                        "io.seawall.walkafka",
                        "io.seawall.walkafka.internal.client",
                        "io.seawall.kafkasim",
                        "io.seawall.lifetime",
                        "io.seawall.coordinator",
                        "io.seawall.coordinator.placement",
                        "io.seawall.coordinator.member",
                        "io.seawall.coordinator.kafka",
                        "io.seawall.flusher",
                        "io.seawall.flusher.s3",
                        "io.seawall.kafkalocal",
                        "io.seawall.client",
                        "io.seawall.client.internal.write",
                        "io.seawall.benchmarks.measure",
                        "io.seawall.node",
                        "io.seawall.node.cluster",
                        "io.seawall.node.http",
                        "io.seawall.node.grpc",
                        "io.seawall.node.segments",
                        "io.seawall.api.v1",
                        "io.seawall.cli")
                .doesNotContain("io.seawall.it");
    }

    @Test
    void theContractNeedsNothingButTheJdkAndTwoSmallApis() {
        classes()
                .that()
                .resideInAPackage("io.seawall.wal")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("io.seawall.wal", "java..", "org.slf4j..", "org.jspecify..")
                .check(MAIN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"io.seawall.walkafka", "io.seawall.flusher", "io.seawall.lifetime", "io.seawall.coordinator"})
    void ofOursAnImplementationKnowsTheContractAlone(String implementation) {
        noClasses()
                .that()
                .resideInAPackage(implementation + "..")
                .should()
                .dependOnClassesThat(resideInAPackage("io.seawall..")
                        .and(not(resideInAnyPackage("io.seawall.wal", implementation + ".."))))
                .check(MAIN);
    }

    @Test
    void onlyTheNodeAndTheBenchmarksWireTheImplementations() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "io.seawall.walkafka..",
                        "io.seawall.flusher..",
                        "io.seawall.lifetime",
                        "io.seawall.coordinator..",
                        "io.seawall.benchmarks..",
                        "io.seawall.kafkasim",
                        "io.seawall.node",
                        "io.seawall.node.peer",
                        "io.seawall.node.watch",
                        "io.seawall.node.cluster",
                        "io.seawall.node.segments",
                        "io.seawall.node.http",
                        "io.seawall.node.http.admin",
                        "io.seawall.node.http.cluster",
                        "io.seawall.node.grpc",
                        "io.seawall.node.grpc.admin")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.seawall.walkafka..",
                        "io.seawall.flusher..",
                        "io.seawall.lifetime",
                        "io.seawall.coordinator..")
                .check(MAIN);
    }

    @Test
    void ofTheImplementationsHttpAndGrpcKnowTheTopicsAlone() {
        noClasses()
                .that()
                .resideInAnyPackage("io.seawall.node.http..", "io.seawall.node.grpc..")
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage("io.seawall.walkafka..", "io.seawall.flusher..", "io.seawall.lifetime")
                                .and(areNotOneOf(
                                        "walkafka.admin.Topics",
                                        "walkafka.admin.Topic",
                                        "walkafka.admin.TopicSpec",
                                        "walkafka.admin.TopicOutcome")))
                .because(
                        "topics are modelled once, and everything else reaches HTTP and gRPC through ports of the node")
                .check(MAIN);
    }

    @Test
    void ofTheResourcesThoseOfTheClusterAloneKnowTheCoordinator() {
        noClasses()
                .that()
                .resideInAPackage("io.seawall.node.http..")
                .and()
                .resideOutsideOfPackage("io.seawall.node.http.cluster")
                .should()
                .dependOnClassesThat(
                        resideInAPackage("io.seawall.coordinator..").and(areNotOneOf("coordinator.member.Cluster")))
                .check(MAIN);
    }

    @Test
    void grpcIsKnownToItsPartOfTheNodeAloneAndNeedsNothingOfHttp() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "io.seawall.api..",
                        "io.seawall.node.grpc..",
                        "io.seawall.client..",
                        "io.seawall.benchmarks.wire..")
                .should()
                .dependOnClassesThat(resideInAnyPackage("io.grpc..", "com.google.protobuf..", "io.seawall.api..")
                        .and(not(resideInAPackage("io.grpc.util"))))
                .check(MAIN);
        noClasses()
                .that()
                .resideOutsideOfPackages("io.seawall.node.tls", "io.seawall.node.grpc..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.grpc.util")
                .because("gRPC's classes for certificates serve HTTP too")
                .check(MAIN);
        noClasses()
                .that()
                .resideInAPackage("io.seawall.node.grpc..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.seawall.node.http..")
                .check(MAIN);
        noClasses()
                .that()
                .resideInAPackage("io.seawall.node.http..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.seawall.node.grpc..")
                .check(MAIN);
    }

    @Test
    void benchmarksOfTheLogNeedNoNode() {
        noClasses()
                .that()
                .resideInAPackage("io.seawall.benchmarks..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.seawall.lifetime", "io.seawall.coordinator..", "io.seawall.node..")
                .check(MAIN);
    }

    @Test
    void nobodyNeedsTheSimulationWhichNeedsTheLogsAlone() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.seawall.kafkasim")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.seawall.kafkasim")
                .check(MAIN);
        noClasses()
                .that()
                .resideInAPackage("io.seawall.kafkasim")
                .should()
                .dependOnClassesThat(resideInAPackage("io.seawall..")
                        .and(not(resideInAnyPackage("io.seawall.wal", "io.seawall.walkafka..", "io.seawall.kafkasim"))))
                .check(MAIN);
    }

    @Test
    void nobodyNeedsTheCommandLine() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.seawall.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.seawall.cli..")
                .check(MAIN);
    }

    @Test
    void theBrokersOfDevModeNeedTheJdkAlone() {
        classes()
                .that()
                .resideInAPackage("io.seawall.kafkalocal")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("io.seawall.kafkalocal", "java..", "org.jspecify..")
                .check(MAIN);
    }

    @Test
    void theClientNeedsTheMessagesAndGrpcAlone() {
        classes()
                .that()
                .resideInAPackage("io.seawall.client..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "io.seawall.client..",
                        "io.seawall.api..",
                        "io.grpc..",
                        "com.google.protobuf..",
                        "com.google.rpc..",
                        "java..",
                        "org.jspecify..")
                .check(MAIN);
    }

    @Test
    void usersOfTheClientSeeNothingOfGrpc() {
        noClasses()
                .that()
                .resideInAPackage("io.seawall.client.log")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.seawall.api..", "io.grpc..", "com.google..")
                .because("users must not depend on a version of generated code")
                .check(MAIN);
    }

    @Test
    void kafkaIsKnownToTheClientsOfWalKafkaAndTheCoordinatorTheBenchmarksAndTheNodesConfigurationAndMetrics() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "io.seawall.walkafka.internal.client",
                        "io.seawall.coordinator.kafka",
                        "io.seawall.benchmarks..",
                        "io.seawall.node.config",
                        "io.seawall.node.metrics")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.kafka..")
                .check(MAIN);
    }

    @Test
    void theAwsSdkIsKnownToTheStoreOnS3Alone() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.seawall.flusher.s3")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("software.amazon..")
                .check(MAIN);
    }

    @Test
    void internalPackagesAreUsedByTheirModuleAlone() {
        var ours = new ClassFileImporter().importPackages("io.seawall");
        noClasses()
                .that()
                .resideOutsideOfPackage("io.seawall.walkafka..")
                .should()
                .dependOnClassesThat(resideInAPackage("io.seawall.walkafka.internal..")
                        .and(not(resideInAPackage("io.seawall.walkafka.internal.runtime"))))
                .because("these types are public for the other packages of wal-kafka only")
                .check(ours);
        noClasses()
                .that()
                .resideOutsideOfPackages("io.seawall.walkafka..", "io.seawall.kafkasim", "io.seawall.it.ports")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.seawall.walkafka.internal.runtime")
                .because("only the simulation and the tests of the ports put the protocol together themselves")
                .check(ours);
        noClasses()
                .that()
                .resideOutsideOfPackage("io.seawall.client..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.seawall.client.internal..")
                .because("users of the client see its root package and io.seawall.client.log")
                .check(ours);
    }

    /** Lowest first. A package may use those before it; packages in one text do not use each other. */
    private static Stream<List<String>> layers() {
        return Stream.of(
                List.of(
                        "io.seawall.walkafka.port",
                        "io.seawall.walkafka.settings io.seawall.walkafka.admin",
                        "io.seawall.walkafka.internal.serial",
                        "io.seawall.walkafka.internal.format",
                        "io.seawall.walkafka.internal.scan io.seawall.walkafka.internal.client",
                        "io.seawall.walkafka.internal.read io.seawall.walkafka.internal.open",
                        "io.seawall.walkafka.internal.lease",
                        "io.seawall.walkafka.internal.write",
                        "io.seawall.walkafka.internal.runtime",
                        "io.seawall.walkafka"),
                List.of(
                        "io.seawall.flusher.segment",
                        "io.seawall.flusher.store",
                        "io.seawall.flusher.s3 io.seawall.flusher.history",
                        "io.seawall.flusher"),
                // What drives the decisions is above them, and so above the root package here.
                List.of(
                        "io.seawall.coordinator.meta",
                        "io.seawall.coordinator.placement",
                        "io.seawall.coordinator",
                        "io.seawall.coordinator.member",
                        "io.seawall.coordinator.kafka"),
                List.of(
                        "io.seawall.node.ports io.seawall.node.config io.seawall.node.logging io.seawall.node.periodic"
                                + " io.seawall.node.reload io.seawall.node.http.json io.seawall.node.http.frames"
                                + " io.seawall.node.http.coding",
                        "io.seawall.node.metrics io.seawall.node.segments io.seawall.node.host io.seawall.node.tls"
                                + " io.seawall.node.access",
                        "io.seawall.node.serve io.seawall.node.guard",
                        "io.seawall.node.watch io.seawall.node.peer io.seawall.node.cluster io.seawall.node.tail",
                        "io.seawall.node.http.pace io.seawall.node.grpc.call",
                        "io.seawall.node.http.exchange io.seawall.node.grpc.append io.seawall.node.grpc.read"
                                + " io.seawall.node.grpc.admin",
                        "io.seawall.node.http.append io.seawall.node.http.read io.seawall.node.http.admin"
                                + " io.seawall.node.http.cluster",
                        "io.seawall.node.http io.seawall.node.grpc",
                        "io.seawall.node"),
                List.of(
                        "io.seawall.client.log",
                        "io.seawall.client.internal.rpc",
                        "io.seawall.client.internal.write io.seawall.client.internal.read"
                                + " io.seawall.client.internal.admin",
                        "io.seawall.client"),
                List.of(
                        "io.seawall.cli.command",
                        "io.seawall.cli.client",
                        "io.seawall.cli.append io.seawall.cli.read io.seawall.cli.logs io.seawall.cli.segments io.seawall.cli.cluster"
                                + " io.seawall.cli.bench io.seawall.cli.dev io.seawall.cli.token",
                        "io.seawall.cli"));
    }

    @ParameterizedTest
    @MethodSource("layers")
    void packagesOfAModuleUseThoseBelowThem(List<String> layers) {
        var known = new HashSet<String>();
        for (var at = 0; at < layers.size(); at++) {
            for (var lower : layers.get(at).split(" ", -1)) {
                known.add(lower);
                var notBelow = layers.subList(at, layers.size()).stream()
                        .flatMap(layer -> Stream.of(layer.split(" ", -1)))
                        .filter(other -> !other.equals(lower))
                        .toArray(String[]::new);
                if (notBelow.length > 0) {
                    noClasses()
                            .that()
                            .resideInAPackage(lower)
                            .should()
                            .dependOnClassesThat()
                            .resideInAnyPackage(notBelow)
                            .check(MAIN);
                }
            }
        }
        var top = Collections.min(known, Comparator.comparingInt(String::length));
        assertThat(packages().map(JavaPackage::getName))
                .filteredOn(name -> (name + ".").startsWith(top + "."))
                .as("each package below %s has its place among the layers", top)
                .filteredOn(name ->
                        MAIN.stream().anyMatch(type -> type.getPackageName().equals(name)))
                .allMatch(known::contains);
    }

    @Test
    void noPackageHasMoreFilesThanAReaderKeepsInMind() throws IOException {
        var files = sourceFiles().stream().collect(Collectors.groupingBy(Path::getParent, Collectors.counting()));

        assertThat(files)
                .allSatisfy((folder, count) ->
                        assertThat(count).as("files in %s", folder).isLessThanOrEqualTo(MOST_FILES));
    }

    @Test
    void noTwoPackagesNeedEachOther() {
        slices().assignedFrom(eachPackage()).should().beFreeOfCycles().check(MAIN);
    }

    @Test
    void theSystemClockIsReadInNamedPlaces() {
        noClasses()
                .that(areNotOneOf(
                        "walkafka.internal.serial.SystemTime",
                        "coordinator.kafka.KafkaClusterMember",
                        "client.internal.rpc.ClientThreads",
                        "kafkalocal.Deadline",
                        "benchmarks.measure.Clock",
                        "benchmarks.measure.BenchKafka",
                        "node.Node",
                        "cli.client.NodeOptions",
                        "cli.command.OutputOptions"))
                .should()
                .accessTargetWhere(calls(System.class, "nanoTime", "currentTimeMillis")
                        .or(calls(Instant.class, "now"))
                        .or(calls(Clock.class, "systemUTC", "systemDefaultZone", "system"))
                        .or(calls(InstantSource.class, "system")))
                .because("the clock is a constructor parameter, so that tests control it")
                .check(MAIN);
    }

    @Test
    void theNodeMeasuresDurationsByAMonotonicClock() {
        noClasses()
                .that()
                .resideInAPackage("io.seawall.node..")
                .and(areNotOneOf(
                        "node.watch.TransactionWatch",
                        "node.cluster.LogReports",
                        "node.tls.NodeTls",
                        "node.guard.AccessGuard"))
                .should()
                .accessTargetWhere(calls(InstantSource.class, "instant", "millis"))
                .because(
                        "the time of day can be set while a request waits; only what is shown to people is a time of day")
                .check(MAIN);
    }

    @Test
    void chanceComesFromNamedPlaces() {
        noClasses()
                .that(areNotOneOf(
                        "walkafka.internal.runtime.KafkaRuntime",
                        "coordinator.kafka.KafkaClusterMember",
                        "client.internal.rpc.ClientThreads",
                        "kafkalocal.LocalKafkaBuilder",
                        "flusher.Flusher",
                        "node.Node",
                        "node.segments.SegmentArchive",
                        "cli.Commands"))
                .should()
                .accessTargetWhere(calls(Random.class, "<init>")
                        .or(calls(ThreadLocalRandom.class, "current"))
                        .or(calls(RandomGenerator.class, "getDefault", "of"))
                        .or(calls(Math.class, "random"))
                        .or(calls(UUID.class, "randomUUID")))
                .because("the random source is a constructor parameter, so that a run can be repeated")
                .check(MAIN);
    }

    @Test
    void timersAreMadeInNamedPlaces() {
        noClasses()
                .that(areNotOneOf(
                        "walkafka.internal.runtime.KafkaRuntime",
                        "coordinator.kafka.KafkaClusterMember",
                        "client.internal.rpc.ClientThreads",
                        "benchmarks.flush.MemoryWatch",
                        "lifetime.Workers",
                        "flusher.FlusherThreads",
                        "node.grpc.Network",
                        "node.periodic.PeriodicTasks"))
                .should()
                .accessTargetWhere(calls(ScheduledExecutorService.class, "<init>")
                        .or(calls(Executors.class, "newScheduledThreadPool", "newSingleThreadScheduledExecutor"))
                        .or(calls(Timer.class, "<init>")))
                .because("few threads wait for time to pass, and these have names")
                .check(MAIN);
    }

    @Test
    void onlyACommandInTheForegroundSleeps() {
        noClasses()
                .that(areNotOneOf("cli.client.Retries", "cli.dev.DemoTopic"))
                .should()
                .accessTargetWhere(calls(Thread.class, "sleep").or(calls(TimeUnit.class, "sleep")))
                .because("a sleeping thread cannot be stopped, and a test has to wait for it")
                .check(MAIN);
    }

    @Test
    void everyPackageSaysThatNothingIsNullUnlessItSaysSo() {
        var unmarked = packages()
                .filter(known -> !known.getName().startsWith("io.seawall.api")) // made by protoc
                .filter(known -> !known.isAnnotatedWith(NullMarked.class))
                .map(JavaPackage::getName);

        assertThat(unmarked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "io.seawall.walkafka",
                "io.seawall.flusher",
                "io.seawall.flusher.s3",
                "io.seawall.lifetime",
                "io.seawall.coordinator"
            })
    void atMostHalfOfAnImplementationIsPublic(String implementation) {
        var types = MAIN.stream()
                .filter(type -> (type.getPackageName() + ".").startsWith(implementation + "."))
                .filter(JavaClass::isTopLevelClass)
                .filter(type -> !type.getSimpleName().equals("package-info"))
                .toList();
        var open = types.stream()
                .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                .filter(type -> !type.getPackageName().contains(".internal."))
                .map(JavaClass::getSimpleName)
                .toList();

        assertThat(open).hasSizeLessThanOrEqualTo(types.size() / 2);
    }

    @Test
    void noSourceFileIsTooLongToBeRead() throws IOException {
        var sources = sourceFiles();

        assertThat(sources).hasSizeGreaterThan(100).allSatisfy(file -> {
            try (var lines = Files.lines(file)) {
                // Imports do not count: their number depends on the packages of other classes.
                assertThat(lines.filter(line -> !line.startsWith("import ")).count())
                        .as("lines of %s", file)
                        .isLessThanOrEqualTo(LONGEST_FILE_LINES);
            }
        });
    }

    private static Set<Path> sourceFiles() throws IOException {
        var root = Path.of("").toAbsolutePath().getParent();
        try (var modules =
                Files.newDirectoryStream(root, module -> Files.isDirectory(module.resolve("src/main/java")))) {
            var sources = new TreeSet<Path>();
            for (var module : modules) {
                try (var files = Files.walk(module.resolve("src/main/java"))) {
                    files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
                }
            }
            return sources;
        }
    }

    private static Stream<JavaPackage> packages() {
        return MAIN.stream().map(JavaClass::getPackage).distinct();
    }

    private static DescribedPredicate<JavaClass> areNotOneOf(String... names) {
        var full = Stream.of(names).map(name -> "io.seawall." + name).collect(Collectors.toSet());
        return DescribedPredicate.describe(
                "are not one of " + String.join(", ", names),
                type -> !full.contains(type.getName().replaceFirst("\\$.*", "")));
    }

    /** Matches calls of a type's methods or constructors, or of a subtype's: a SecureRandom is a Random. */
    private static DescribedPredicate<JavaAccess<?>> calls(Class<?> owner, String... names) {
        return DescribedPredicate.describe(
                "calls " + owner.getSimpleName() + "." + String.join("|", names),
                access -> access.getTargetOwner().isAssignableTo(owner)
                        && Set.of(names).contains(access.getTarget().getName()));
    }

    private static SliceAssignment eachPackage() {
        return new SliceAssignment() {
            @Override
            public SliceIdentifier getIdentifierOf(JavaClass type) {
                return SliceIdentifier.of(type.getPackageName());
            }

            @Override
            public String getDescription() {
                return "packages";
            }
        };
    }
}
