package dev.arcticsynth.pipeline;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.arcticsynth.provider.simulator.fault.Fault;
import dev.arcticsynth.provider.simulator.fault.Operation;
import dev.arcticsynth.support.DatabaseDump;
import dev.arcticsynth.support.PostgresForTests;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/// Makes the database that [FlowUpgradeTest] starts from, with a task in each state in which an
/// upgrade can find one, and keeps what the simulator knows of it:
///
/// `./mvnw test -Dtest=UpgradeRecorder -Darctic.upgrade.record=target/upgrade/v13`
///
/// It was run once, on the last commit with migrations up to V13, and is not run again for the
/// folder that is there: what it would write now is a database of today. A later release may add a
/// folder of its own beside it.
@QuarkusTest
@TestProfile(FlowProfile.class)
@EnabledIfSystemProperty(named = "arctic.upgrade.record", matches = ".+")
@SuppressWarnings("NullAway.Init") // the container fills the fields
class UpgradeRecorder extends Flow {

  @ConfigProperty(name = "arctic.home")
  String home;

  @ConfigProperty(name = "quarkus.datasource.jdbc.url")
  String database;

  @Test
  void record() throws Exception {
    begin("completed");
    submit(3);
    run();

    begin("owed");
    submit(2, "callback_url=http://127.0.0.1:1/told");
    run();
    tick();

    begin("ended");
    faults().next(new Fault.CutMidLine(), Operation.CONTENT);
    submit(3);
    runUntilPartitionIs("ended");

    begin("submitted");
    submit(5, "batch_size=2");
    tick();

    begin("cancelling");
    submit(3);
    tick();
    say("cancel");
    tick();

    begin("held");
    submit(4, "auto=false", "batch_size=2");
    say("upload");
    tick();

    begin("reconciling");
    faults().next(refused(500), Operation.CREATE);
    submit(3);
    tick();

    begin("ready");
    faults().next(refused(429), Operation.CREATE);
    submit(3);
    tick();

    begin("parked");
    faults().next(refused(401), Operation.CREATE);
    submit(3);
    tick();

    begin("new");
    submit(3);

    begin("open");
    given()
        .contentType("application/json")
        .body("{\"name\":\"open\",\"auto\":true}")
        .post("/v1/tasks")
        .then()
        .statusCode(201);
    given()
        .contentType("application/x-ndjson")
        .body(lines(3).getBytes(UTF_8))
        .post("/v1/tasks/open/requests")
        .then()
        .statusCode(200);

    assertThat(
            Stream.of("ended", "submitted", "cancelling", "reconciling", "ready", "parked")
                .map(this::stateOfFirstPartition))
        .containsExactly("ended", "submitted", "cancelling", "reconciling", "ready", "parked");
    var folder = Path.of(System.getProperty("arctic.upgrade.record", ""));
    DatabaseDump.write(PostgresForTests.withUser(database), folder);
    UpgradeProfile.copy(Path.of(home, "simulator"), folder.resolve("simulator"));
  }

  /// Time stands still after the first three, so that they stay as they are.
  private void begin(String name) {
    task = name;
  }

  private String stateOfFirstPartition(String name) {
    task = name;
    return partitions().getFirst().path("state").asText();
  }
}
