package dev.arcticsynth.api;

import static dev.arcticsynth.api.Http.LINE;
import static dev.arcticsynth.api.Http.call;
import static dev.arcticsynth.api.Http.expect;
import static dev.arcticsynth.api.Http.freshName;
import static dev.arcticsynth.api.Http.get;
import static dev.arcticsynth.api.Http.json;
import static dev.arcticsynth.api.Http.lines;
import static dev.arcticsynth.api.Http.open;
import static dev.arcticsynth.api.Http.post;
import static dev.arcticsynth.api.Http.problem;
import static dev.arcticsynth.api.Http.running;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@QuarkusTest
@TestProfile(WithoutPipeline.class)
@SuppressWarnings("NullAway.Init") // the framework injects the field
class ReadEndpointsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TestHTTPResource("/")
  URL service;

  @Test
  void pages_of_tasks_hold_each_task_once_the_newest_first() {
    // Given
    var made = new ArrayList<String>();
    for (int i = 0; i < 9; i++) {
      made.addFirst(open());
    }

    // When
    List<String> seen = new ArrayList<>();
    Response page = get("/v1/tasks?limit=3");
    for (int pages = 0; pages < 3; pages++) {
      seen.addAll(page.path("data.name"));
      // Tasks made meanwhile are newer and do not shift what is still to come.
      String newer = open();
      assertThat(newer).isNotBlank();
      page = get("/v1/tasks?limit=3&after=" + page.path("next"));
    }

    // Then
    assertThat(seen).startsWith(made.toArray(String[]::new)).doesNotHaveDuplicates().hasSize(9);
  }

  @Test
  void the_last_page_says_that_it_is_the_last() {
    // Given
    String name = open();

    // When
    Response all = get("/v1/tasks?limit=1000");
    List<String> names = all.path("data.name");
    Response behind = get("/v1/tasks?after=" + names.getLast());

    // Then
    assertThat(names).contains(name);
    assertThat((boolean) all.path("has_more")).isFalse();
    assertThat((Object) all.path("next")).isNull();
    assertThat((List<?>) behind.path("data")).isEmpty();
  }

  @Test
  void the_history_comes_in_pages() {
    // Given
    String name = open();
    for (int i = 0; i < 4; i++) {
      expect(lines("/v1/tasks/" + name + "/requests", LINE), 200);
    }

    // When
    Response first = get("/v1/tasks/" + name + "/events?limit=3");
    Response second = get("/v1/tasks/" + name + "/events?limit=3&after=" + first.path("next"));

    // Then
    assertThat((List<String>) first.path("data.event"))
        .containsExactly("task.created", "task.appended", "task.appended");
    assertThat((boolean) first.path("has_more")).isTrue();
    assertThat((List<String>) second.path("data.event"))
        .containsExactly("task.appended", "task.appended");
    assertThat((boolean) second.path("has_more")).isFalse();
    assertThat((List<String>) first.path("data.actor")).containsOnly("caller");
  }

  @Test
  void the_history_is_streamed_live_until_the_task_is_over() throws Exception {
    // Given
    String name = open();
    expect(lines("/v1/tasks/" + name + "/requests", LINE), 200);
    var request =
        HttpRequest.newBuilder(service.toURI().resolve("/v1/tasks/" + name + "/events"))
            .header("Accept", "text/event-stream")
            .timeout(PATIENCE)
            .build();
    var told = new ArrayList<String>();

    // When
    try (var client = HttpClient.newHttpClient();
        var lines = client.send(request, HttpResponse.BodyHandlers.ofLines()).body()) {
      lines
          .filter(line -> line.startsWith("event: "))
          .peek(told::add)
          .filter(line -> line.equals("event: task.appended"))
          .forEach(line -> expect(post("/v1/tasks/" + name + "/cancel"), 202));
    }

    // Then
    assertThat(told)
        .containsExactly("event: task.created", "event: task.appended", "event: task.cancel_asked");
  }

  @Test
  void a_reconnected_listener_gets_only_new_events() {
    // Given
    String name = open();
    expect(lines("/v1/tasks/" + name + "/requests", LINE), 200);
    expect(post("/v1/tasks/" + name + "/cancel"), 202);
    List<Integer> ids = get("/v1/tasks/" + name + "/events").path("data.id");

    // When
    String rest = live(name, String.valueOf(ids.get(1)));

    // Then
    assertThat(rest.lines().filter(line -> line.startsWith("event: ")))
        .containsExactly("event: task.cancel_asked");
    assertThat(rest).contains("id: " + ids.get(2) + "\n").contains("data: {\"id\":" + ids.get(2));
  }

  @Test
  void waiting_ends_when_the_task_is_over() {
    // Given
    String name = running();
    Instant begun = Instant.now();
    var waiting = CompletableFuture.supplyAsync(() -> get("/v1/tasks/" + name + "?wait=60s"));

    // When
    Rows.complete(name);

    // Then
    assertThat(waiting).succeedsWithin(PATIENCE);
    assertThat((String) waiting.join().path("state")).isEqualTo("completed");
    assertThat(Duration.between(begun, Instant.now())).isLessThan(PATIENCE);
  }

  @Test
  void all_waiters_and_listeners_are_answered_when_the_task_is_over() {
    // Given
    String name = running();
    var waiting = new ArrayList<CompletableFuture<Response>>();
    var listening = new ArrayList<CompletableFuture<String>>();
    for (int i = 0; i < 10; i++) {
      waiting.add(async(() -> get("/v1/tasks/" + name + "?wait=60s")));
      listening.add(async(() -> live(name, "0")));
    }

    // When
    Rows.complete(name);

    // Then
    assertThat(waiting)
        .allSatisfy(call -> assertThat(call).succeedsWithin(PATIENCE))
        .extracting(call -> call.join().<String>path("state"))
        .containsOnly("completed");
    assertThat(listening).allSatisfy(call -> assertThat(call).succeedsWithin(PATIENCE));
    assertThat(listening).extracting(CompletableFuture::join).containsOnly(live(name, "0"));
  }

  @Test
  void waiting_ends_with_the_time_that_the_caller_gave() {
    // Given
    String name = running();

    // When
    Response response = get("/v1/tasks/" + name + "?wait=300ms");

    // Then
    expect(response, 200);
    assertThat((String) response.path("state")).isEqualTo("running");
  }

  @Test
  void a_task_shows_what_it_was_given() {
    // Given
    String name = freshName();

    // When
    Response response =
        json(
            "/v1/tasks",
            """
            {"name":"%s","model":"m","endpoint":"/chat/completions","auto":false,"max_attempts":10,"batch_size":1,
             "metadata":{"é":"😀","k":""},"requests":[{"messages":[1]}]}\
            """
                .formatted(name));

    // Then
    expect(response, 201);
    assertThat(response.header("Location")).isEqualTo("/v1/tasks/" + name);
    assertThat((String) response.path("state")).isEqualTo("open");
    assertThat((String) response.path("endpoint")).isEqualTo("/v1/chat/completions");
    assertThat((String) response.path("metadata.é")).isEqualTo("😀");
    assertThat((int) response.path("counts.total")).isEqualTo(1);
  }

  @Test
  void results_of_a_task_that_was_never_split_are_its_cancellations_in_order() {
    // Given
    String name = open();
    expect(
        lines(
            "/v1/tasks/" + name + "/requests",
            Http.request("a") + "\n" + Http.request("b") + "\n" + Http.request("c")),
        200);
    Response before = get("/v1/tasks/" + name + "/results");
    expect(post("/v1/tasks/" + name + "/cancel"), 202);

    // When
    Response all = get("/v1/tasks/" + name + "/results");
    Response some = get("/v1/tasks/" + name + "/results?from=1&view=messages&outcome=cancelled");
    Response none = get("/v1/tasks/" + name + "/results?outcome=succeeded,failed");
    Response behind = get("/v1/tasks/" + name + "/results?from=9223372036854775807");

    // Then
    assertThat(before.header("X-Arctic-Complete")).isEqualTo("false");
    assertThat(before.asString()).isEmpty();
    assertThat(all.header("X-Arctic-Complete")).isEqualTo("true");
    assertThat(all.contentType()).startsWith(Http.NDJSON);
    assertThat(all.asString().lines())
        .hasSize(3)
        .first()
        .asString()
        .contains("\"custom_id\":\"a\"");
    assertThat(some.asString().lines())
        .containsExactly(
            "{\"custom_id\":\"b\",\"choices\":[],\"error\":{\"code\":\"cancelled\",\"message\":\"Cancelled"
                + " before it was answered.\"}}",
            "{\"custom_id\":\"c\",\"choices\":[],\"error\":{\"code\":\"cancelled\",\"message\":\"Cancelled"
                + " before it was answered.\"}}");
    assertThat(none.asString()).isEmpty();
    assertThat(behind.asString()).isEmpty();
  }

  @Test
  void the_providers_are_listed_and_an_unknown_one_is_not_found() {
    // When
    Response all = get("/v1/providers");
    Response one = get("/v1/providers/nowhere");

    // Then
    assertThat((List<String>) all.path("data.name")).containsExactly("nowhere");
    assertThat((String) one.path("type")).isEqualTo("openai");
    assertThat(one.asString()).doesNotContain("none");
    var _ = problem(get("/v1/providers/none"), 404, "not-found");
  }

  @Test
  void the_description_of_the_api_names_every_path() {
    // When
    Response response = call().accept("application/json").get("/q/openapi?format=json");

    // Then
    expect(response, 200);
    java.util.Map<String, Object> paths = response.path("paths");
    assertThat(paths)
        .containsOnlyKeys(
            "/v1/providers",
            "/v1/providers/{provider}",
            "/v1/providers/{provider}/files",
            "/v1/providers/{provider}/webhook",
            "/v1/tasks",
            "/v1/tasks/{name}",
            "/v1/tasks/{name}/adopt",
            "/v1/tasks/{name}/answers",
            "/v1/tasks/{name}/callback/secret",
            "/v1/tasks/{name}/callbacks",
            "/v1/tasks/{name}/callbacks/{id}/redeliver",
            "/v1/tasks/{name}/cancel",
            "/v1/tasks/{name}/events",
            "/v1/tasks/{name}/partitions",
            "/v1/tasks/{name}/refresh",
            "/v1/tasks/{name}/requests",
            "/v1/tasks/{name}/results",
            "/v1/tasks/{name}/retry",
            "/v1/tasks/{name}/submit",
            "/v1/tasks/{name}/upload");
    assertThat((String) response.path("openapi")).startsWith("3.1");
  }

  private static <T> CompletableFuture<T> async(Supplier<T> call) {
    return CompletableFuture.supplyAsync(call, command -> Thread.ofVirtual().start(command));
  }

  /// All events behind one, up to the end of the task.
  private static String live(String name, String after) {
    return call()
        .accept("text/event-stream")
        .header("Last-Event-ID", after)
        .get("/v1/tasks/" + name + "/events")
        .asString();
  }
}
