package dev.arcticsynth;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.core.domain.properties.CanBeAnnotated.Predicates.annotatedWith;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.persistence.Entity;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/// Which package may use which, and which types may be seen. The compiler holds the rest.
@AnalyzeClasses(packages = "dev.arcticsynth", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  private static final String OURS = "dev.arcticsynth";

  /// Each package, and the packages of ours that it may import. An arrow that no class needs any
  /// more is taken out: the table is what is, and every new arrow is a decision.
  private static final String MAY_USE =
      """
      cli                        → cli.command cli.options cli.service cli.terminal
      cli.client                 → api.model cli.terminal http
      cli.command                → api.model cli.client cli.job cli.options cli.python cli.service
                                   cli.terminal provider.simulator.server
      cli.job                    → api.model cli.client cli.options cli.terminal
      cli.options                → cli.client cli.terminal
      cli.python                 → api.model cli.client cli.job cli.options cli.service
                                   cli.terminal http
      cli.service                → cli.terminal embedded home
      cli.terminal               → api.model
      api                        → api.callback api.http api.idempotency api.model api.provider
                                   blob database pipeline.body pipeline.decode pipeline.ingest
                                   pipeline.results provider task task.audit task.idempotency
      api.access                 → api.http api.model
      api.callback               → api.http api.model callback callback.delivery callback.secret
                                   task
      api.http                   → api.model pipeline pipeline.body pipeline.decode pipeline.ingest
      api.idempotency            → task.idempotency
      api.model                  →
      api.provider               → api.http api.model callback.secret pipeline.account provider
                                   task task.quota
      api.task                   → api.http api.idempotency api.model blob callback
                                   callback.delivery pipeline pipeline.account pipeline.batch
                                   pipeline.ingest pipeline.results provider task task.payload task.quota
      pipeline                   → blob callback callback.delivery callback.secret database
                                   pipeline.account pipeline.batch pipeline.results pipeline.retry
                                   provider task task.audit task.idempotency task.lease task.quota
      pipeline.account           → pipeline.batch pipeline.retry provider task task.audit
                                   task.lease task.quota
      pipeline.batch             → blob pipeline.ingest pipeline.lines pipeline.retry provider
                                   task task.lease task.payload task.quota
      pipeline.body              →
      pipeline.decode            →
      pipeline.ingest            → blob failpoint pipeline.body pipeline.decode pipeline.lines task
                                   task.payload
      pipeline.lines             → blob provider task task.payload
      pipeline.results           → blob failpoint home pipeline.lines pipeline.retry provider task
                                   task.lease task.payload
      pipeline.retry             → provider task
      callback                   →
      callback.delivery          → callback callback.destination callback.secret failpoint http
      callback.destination       → callback
      callback.secret            → callback
      provider                   →
      provider.http              → failpoint http provider
      provider.openai            → provider provider.http
      provider.openai.azure      → http provider provider.http provider.openai
      provider.simulator         → home provider provider.openai provider.openai.azure
                                   provider.simulator.run provider.simulator.server
      provider.simulator.fault   →
      provider.simulator.run     → provider.simulator.fault provider.simulator.store
      provider.simulator.server  → provider.simulator.fault provider.simulator.run
                                   provider.simulator.store
      provider.simulator.store   → home provider.simulator.fault
      task                       → failpoint task.lease task.payload task.sql
      task.audit                 → failpoint task task.lease task.sql
      task.idempotency           → failpoint task.lease task.sql
      task.lease                 → failpoint task.sql
      task.payload               → failpoint task.sql
      task.quota                 → task task.sql
      task.sql                   →
      blob                       → failpoint
      database                   →
      embedded                   →
      home                       →
      connection                 →
      http                       →
      probes                     →
      settings                   →
      failpoint                  →
      """;

  @ArchTest
  static void packages_use_what_the_table_says_and_nothing_else(JavaClasses all) {
    var used = arrows(all);
    var allowed = table();
    assertThat(used.keySet()).as("packages").isEqualTo(allowed.keySet());
    assertThat(lines(used, allowed)).as("arrows that are not in the table").isEmpty();
    assertThat(lines(allowed, used)).as("arrows that no class needs").isEmpty();
  }

  @ArchTest
  static final ArchRule no_package_needs_itself_in_a_circle =
      slices().matching(OURS + ".(**)").should().beFreeOfCycles();

  /// The command line speaks to the service over HTTP: of the API it knows the JSON.
  @ArchTest
  static final ArchRule the_command_line_knows_records_of_the_api_only =
      noClasses()
          .that(resideInAPackage(OURS + ".cli.."))
          .should()
          .dependOnClassesThat(resideInAPackage(OURS + ".api..").and(not(records())));

  /// A new one is a sign of a package that wants splitting.
  @ArchTest
  static void packages_stay_small(JavaClasses all) {
    var sizes =
        all.stream()
            .filter(JavaClass::isTopLevelClass)
            .collect(groupingBy(JavaClass::getPackageName, counting()));
    assertThat(sizes.values()).allSatisfy(size -> assertThat(size).isLessThanOrEqualTo(40));
    assertThat(sizes.values().stream().sorted().toList().get(sizes.size() / 2))
        .as("median")
        .isLessThanOrEqualTo(10);
  }

  // Who may be seen.

  /// Adapters are found by injection; Azure's is built on OpenAI's, the simulator's on both.
  @ArchTest
  static final ArchRule adapters_are_found_by_injection =
      noClasses()
          .that(resideOutsideOfPackages(OURS + ".provider.(*)..", OURS + ".cli.."))
          .should()
          .dependOnClassesThat(resideInAPackage(OURS + ".provider.(*).."));

  @ArchTest
  static final ArchRule the_store_is_found_by_injection =
      classes().that().implement(OURS + ".blob.BlobStore").should().notBePublic();

  /// Only the flow decides which step a row takes.
  @ArchTest
  static final ArchRule steps_are_run_by_the_pipeline_only =
      noClasses()
          .that(
              not(
                  nameMatching(
                      OURS + "\\.pipeline\\.(Pipeline|batch\\..*|results\\..*|account\\..*)")))
          .should()
          .dependOnClassesThat(
              nameMatching(
                  OURS
                      + "\\.pipeline\\.(batch|results)\\.(Split|Submit|Poll|Download|Reconcile|Publish)"));

  /// A partition, a task and an attempt change by what happened to them, and where they live.
  @ArchTest
  static final ArchRule rows_change_in_their_own_package =
      noMethods()
          .that()
          .haveName("apply")
          .and()
          .areDeclaredInClassesThat(annotatedWith(Entity.class))
          .should()
          .bePublic();

  // How it is written.

  @ArchTest
  static void every_package_says_what_may_be_null(JavaClasses all) {
    var marked =
        all.stream()
            .filter(c -> c.getSimpleName().equals("package-info"))
            .filter(c -> c.isAnnotatedWith(NullMarked.class))
            .map(JavaClass::getPackageName)
            .collect(toSet());
    assertThat(all.stream().map(JavaClass::getPackageName).distinct())
        .containsExactlyInAnyOrderElementsOf(marked);
  }

  /// The framework subscribes once a call or a tick; a tick has many isolated contexts.
  @ArchTest
  static final ArchRule only_isolated_contexts_subscribe_by_themselves =
      noClasses()
          .that(not(nameMatching(OURS + "\\.pipeline\\.IsolatedContexts")))
          .should()
          .callMethod(Uni.class, "subscribe")
          .orShould()
          .callMethod(Multi.class, "subscribe");

  /// The command line waits as a person would; the service never does.
  @ArchTest
  static final ArchRule no_thread_sleeps =
      noClasses()
          .that(not(nameMatching(OURS + "\\.cli\\.terminal\\.Time.*")))
          .should()
          .callMethod(Thread.class, "sleep", long.class)
          .orShould()
          .callMethod(Thread.class, "sleep", java.time.Duration.class);

  /// Time is a parameter: steps, tasks and the api take the injected clock.
  @ArchTest
  static final ArchRule time_is_asked_of_the_injected_clock =
      noClasses()
          .that(
              resideInAnyPackage(
                  OURS + ".task..", OURS + ".api..", OURS + ".blob", OURS + ".callback.."))
          .or(resideInAnyPackage(OURS + ".pipeline..", OURS + ".database"))
          .should()
          .callMethod(java.time.Instant.class, "now")
          .orShould()
          .callMethod(System.class, "currentTimeMillis");

  /// Its offset is shown to people, and used for nothing else.
  @ArchTest
  static final ArchRule only_the_clock_looks_at_the_wall =
      noClasses()
          .that(resideInAnyPackage(OURS + ".task..", OURS + ".api..", OURS + ".blob"))
          .or(resideInAnyPackage(OURS + ".pipeline..", OURS + ".database"))
          .and(not(nameMatching(OURS + "\\.database\\.(ClockProducer|WallClockSteps)")))
          .should()
          .callMethod(java.time.InstantSource.class, "system");

  private static List<String> lines(
      Map<String, Set<String>> arrows, Map<String, Set<String>> without) {
    return arrows.entrySet().stream()
        .flatMap(row ->
            row.getValue().stream()
                .filter(to -> !without.getOrDefault(row.getKey(), Set.of()).contains(to))
                .map(to -> row.getKey() + " → " + to))
        .toList();
  }

  private static Map<String, Set<String>> table() {
    var rows = new TreeMap<String, Set<String>>();
    String from = "";
    for (String line : MAY_USE.lines().toList()) {
      int arrow = line.indexOf('→');
      from = arrow < 0 ? from : line.substring(0, arrow).strip();
      Stream.of(line.substring(arrow + 1).strip().split(" +"))
          .filter(word -> !word.isEmpty())
          .forEach(rows.computeIfAbsent(from, row -> new TreeSet<>())::add);
    }
    return rows;
  }

  private static Map<String, Set<String>> arrows(JavaClasses all) {
    var arrows = new TreeMap<String, Set<String>>();
    for (JavaClass from : all) {
      var uses = arrows.computeIfAbsent(nameOf(from), name -> new TreeSet<>());
      from.getDirectDependenciesFromSelf().stream()
          .map(dependency -> dependency.getTargetClass().getBaseComponentType())
          .filter(to -> to.getPackageName().startsWith(OURS + "."))
          .map(ArchitectureTest::nameOf)
          .filter(to -> !to.equals(nameOf(from)))
          .forEach(uses::add);
    }
    return arrows;
  }

  private static String nameOf(JavaClass type) {
    return type.getPackageName().substring(OURS.length() + 1);
  }

  private static DescribedPredicate<JavaClass> records() {
    return DescribedPredicate.describe("are records", JavaClass::isRecord);
  }
}
