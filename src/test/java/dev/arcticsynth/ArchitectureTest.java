package dev.arcticsynth;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.Arrays;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/// The floors of the house: who may use whom. The compiler holds the rest.
@AnalyzeClasses(packages = "dev.arcticsynth", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  private static final String OURS = "dev.arcticsynth";

  // Who may use what.

  @ArchTest static final ArchRule failpoints_know_nobody = in("failpoint").should(useOnly());

  @ArchTest static final ArchRule tasks_know_nobody = in("task").should(useOnly("failpoint"));

  @ArchTest static final ArchRule blobs_know_nobody = in("blob").should(useOnly("failpoint"));

  @ArchTest
  static final ArchRule callbacks_know_nobody = in("callback").should(useOnly("failpoint", "http"));

  @ArchTest static final ArchRule http_uses_nothing_of_ours = in("http").should(useOnly());

  @ArchTest
  static final ArchRule the_embedded_database_knows_nobody = in("embedded").should(useOnly());

  @ArchTest
  static final ArchRule the_way_to_the_database_knows_nobody = in("database").should(useOnly());

  @ArchTest
  static final ArchRule the_port_to_providers_knows_nobody = in("provider").should(useOnly());

  @ArchTest
  static final ArchRule the_simulator_knows_nobody = in("provider.simulator").should(useOnly());

  /// Its factory starts the simulator that runs in this process.
  @ArchTest
  static final ArchRule openai_knows_the_port =
      in("provider.openai").should(useOnly("provider", "provider.simulator", "failpoint", "http"));

  @ArchTest
  static final ArchRule the_flow_knows_tasks_providers_blobs_and_callbacks =
      in("pipeline")
          .should(useOnly("task", "provider", "blob", "callback", "database", "failpoint"));

  @ArchTest
  static final ArchRule the_api_knows_the_flow_and_what_it_knows =
      in("api").should(useOnly("pipeline", "task", "provider", "blob", "callback", "database"));

  /// It boots the simulator, too, as a process of its own.
  @ArchTest
  static final ArchRule the_command_line_knows_the_api_and_the_database =
      in("cli").should(useOnly("api", "embedded", "provider.simulator", "http"));

  @ArchTest
  static final ArchRule the_command_line_uses_records_of_the_api_only =
      noClasses()
          .that(resideInAPackage(OURS + ".cli"))
          .should()
          .dependOnClassesThat(resideInAPackage(OURS + ".api").and(not(records())));

  @ArchTest
  static final ArchRule no_package_needs_itself_in_a_circle =
      slices().matching(OURS + ".(**)").should().beFreeOfCycles();

  // Who may be seen.

  @ArchTest
  static final ArchRule adapters_are_found_by_injection =
      classes()
          .that(resideInAPackage(OURS + ".provider.openai"))
          .and(not(nameMatching(".*\\$.*")))
          .should()
          .notBePublic();

  @ArchTest
  static final ArchRule the_store_is_found_by_injection =
      classes().that().implement(OURS + ".blob.BlobStore").should().notBePublic();

  @ArchTest
  static final ArchRule steps_are_seen_by_the_flow_only =
      classes()
          .that(nameMatching(OURS + "\\.pipeline\\.(Split|Submit|Poll|Download|Reconcile|Publish)"))
          .should()
          .notBePublic();

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

  /// The framework subscribes once a call or a tick; a tick has many lanes.
  @ArchTest
  static final ArchRule only_lanes_subscribe_by_themselves =
      noClasses()
          .that(not(nameMatching(OURS + "\\.pipeline\\.Lanes")))
          .should()
          .callMethod(Uni.class, "subscribe")
          .orShould()
          .callMethod(Multi.class, "subscribe");

  /// The command line waits as a person would; the service never does.
  @ArchTest
  static final ArchRule nobody_sleeps =
      noClasses()
          .that(not(nameMatching(OURS + "\\.cli\\.Time.*")))
          .should()
          .callMethod(Thread.class, "sleep", long.class)
          .orShould()
          .callMethod(Thread.class, "sleep", java.time.Duration.class);

  /// Time is a parameter: steps, tasks and the api take the injected clock.
  @ArchTest
  static final ArchRule time_is_asked_of_the_injected_clock =
      noClasses()
          .that(
              resideInAnyPackage(OURS + ".task", OURS + ".api", OURS + ".blob", OURS + ".callback"))
          .or(resideInAnyPackage(OURS + ".pipeline", OURS + ".database"))
          .should()
          .callMethod(java.time.Instant.class, "now")
          .orShould()
          .callMethod(System.class, "currentTimeMillis");

  /// Its offset is told to people, and nothing else is made of it.
  @ArchTest
  static final ArchRule only_the_clock_looks_at_the_wall =
      noClasses()
          .that(resideInAnyPackage(OURS + ".task", OURS + ".api", OURS + ".blob"))
          .or(resideInAnyPackage(OURS + ".pipeline", OURS + ".database"))
          .and(not(nameMatching(OURS + "\\.database\\.ClockAtStart")))
          .should()
          .callMethod(java.time.InstantSource.class, "system");

  private static GivenClassesConjunction in(String name) {
    return classes().that(resideInAPackage(OURS + "." + name));
  }

  /// Of ours, only these packages and its own.
  private static ArchCondition<JavaClass> useOnly(String... packages) {
    return new ArchCondition<>("use of ours only " + Arrays.toString(packages)) {
      @Override
      public void check(JavaClass from, ConditionEvents events) {
        var allowed =
            Stream.concat(
                    Stream.of(from.getPackageName()), Stream.of(packages).map(p -> OURS + "." + p))
                .collect(toSet());
        from.getDirectDependenciesFromSelf().stream()
            .filter(
                d -> d.getTargetClass().getBaseComponentType().getPackageName().startsWith(OURS))
            .filter(
                d -> !allowed.contains(d.getTargetClass().getBaseComponentType().getPackageName()))
            .forEach(d -> events.add(SimpleConditionEvent.violated(from, d.getDescription())));
      }
    };
  }

  private static DescribedPredicate<JavaClass> records() {
    return DescribedPredicate.describe("are records", JavaClass::isRecord);
  }
}
