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
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.arcticsynth.api.model.Problem;
import dev.arcticsynth.api.model.TaskView;
import dev.arcticsynth.pipeline.body.BodyMemory;
import dev.arcticsynth.task.Task;
import dev.arcticsynth.task.TaskRepository;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.quarkus.vertx.VertxContextSupport;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.hibernate.Hibernate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(WithoutPipeline.class)
class InvalidCallsTest {

  @Inject BodyMemory bodyMemory;
  @Inject TaskRepository tasks;

  static Stream<Arguments> badTasks() {
    String metadata = "{\"name\":\"N\",\"metadata\":%s}";
    return Stream.of(
        bad("{}", "/name", "invalid_name"),
        bad("{\"name\":null}", "/name", "invalid_name"),
        bad("{\"name\":\"\"}", "/name", "invalid_name"),
        bad("{\"name\":\"../x\"}", "/name", "invalid_name"),
        bad("{\"name\":\"a/b\"}", "/name", "invalid_name"),
        bad("{\"name\":\"a\\u0000\"}", "/name", "invalid_name"),
        bad("{\"name\":\"a\\n\"}", "/name", "invalid_name"),
        bad("{\"name\":\"é\"}", "/name", "invalid_name"),
        bad("{\"name\":\"" + "n".repeat(129) + "\"}", "/name", "invalid_name"),
        bad("{\"name\":\"N\",\"provider\":\"none\"}", "/provider", "unknown_provider"),
        bad("{\"name\":\"N\",\"provider\":\"\"}", "/provider", "unknown_provider"),
        bad("{\"name\":\"N\",\"model\":\" \"}", "/model", "invalid_model"),
        bad("{\"name\":\"N\",\"model\":\"a\\u0000\"}", "/model", "invalid_model"),
        bad("{\"name\":\"N\",\"model\":\"" + "m".repeat(257) + "\"}", "/model", "invalid_model"),
        bad("{\"name\":\"N\",\"endpoint\":\"/v1/files\"}", "/endpoint", "unsupported_endpoint"),
        bad("{\"name\":\"N\",\"batch_size\":0}", "/batch_size", "out_of_range"),
        bad("{\"name\":\"N\",\"batch_size\":-1}", "/batch_size", "out_of_range"),
        bad("{\"name\":\"N\",\"max_file_bytes\":0}", "/max_file_bytes", "out_of_range"),
        bad("{\"name\":\"N\",\"max_attempts\":0}", "/max_attempts", "out_of_range"),
        bad("{\"name\":\"N\",\"max_attempts\":11}", "/max_attempts", "out_of_range"),
        bad(metadata.formatted("{\"k\":\"" + "v".repeat(513) + "\"}"), "/metadata", "out_of_range"),
        bad(metadata.formatted("{\"" + "k".repeat(65) + "\":\"v\"}"), "/metadata", "out_of_range"),
        bad(metadata.formatted("{\"k\":null}"), "/metadata", "out_of_range"),
        bad(metadata.formatted("{\"k\":\"\\u0000\"}"), "/metadata", "out_of_range"),
        bad(metadata.formatted(many(17)), "/metadata", "out_of_range"),
        bad("[]", "", "wrong_type"),
        bad("7", "", "wrong_type"),
        bad("", "", "wrong_type"),
        bad("{\"name\":\"N\"}{}", "", "trailing_content"),
        bad("{\"name\":\"N\",\"requests\":7}", "/requests", "wrong_type"),
        bad("{\"name\":\"N\",\"requests\":{}}", "/requests", "wrong_type"),
        bad("{\"name\":\"N\",\"requests\":\"x\"}", "/requests", "wrong_type"));
  }

  @ParameterizedTest
  @MethodSource("badTasks")
  void an_impossible_member_is_named(String body, String pointer, String code) {
    // Given
    String before = Rows.stored();

    // When
    Response response = json("/v1/tasks", body.replace("\"N\"", "\"" + freshName() + "\""));

    // Then
    assertThat(problem(response, 422, "bad-request").errors())
        .singleElement()
        .satisfies(entry -> {
          assertThat(entry.pointer()).isEqualTo(pointer);
          assertThat(entry.code()).isEqualTo(code);
          assertThat(entry.line()).isNull();
        });
    assertThat(Rows.stored()).isEqualTo(before);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "{",
        "{\"name\":",
        "{'name':'x'}",
        "{\"name\":\"x\"} x",
        "nonsense",
        "{\"name\":\"x\",\"requests\":[{]}",
        "{\"name\":\"x\",\"requests\":[",
        "{\"name\":\"x\",\"name\":\"y\"}",
        "{\"name\":\"x\",\"auto\":true,\"auto\":false}",
        "{\"name\":\"x\",\"metadata\":{\"k\":\"1\",\"k\":\"2\"}}",
        "{\"name\":\"x\",\"requests\":[],\"requests\":[]}",
        "{\"name\":\"x\",\"defaults\":{\"n\":1,\"n\":2}}"
      })
  void a_body_that_is_no_json_is_refused(String body) {
    // When
    Response response = json("/v1/tasks", body);

    // Then
    var _ = problem(response, 400, "invalid-json");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{\"name\":\"x\",\"colour\":1}|/colour",
        "{\"name\":\"x\",\"batchSize\":1}|/batchSize",
        "{\"name\":\"x\",\"batch_size\":\"many\"}|/batch_size",
        "{\"name\":\"x\",\"batch_size\":1.5}|/batch_size",
        "{\"name\":\"x\",\"batch_size\":99999999999}|/batch_size",
        "{\"name\":\"x\",\"max_attempts\":[]}|/max_attempts",
        "{\"name\":\"x\",\"auto\":\"maybe\"}|/auto",
        "{\"name\":[\"x\"]}|/name",
        "{\"name\":\"x\",\"metadata\":[]}|/metadata",
        "{\"name\":\"x\",\"metadata\":{\"k\":{}}}|/metadata/k",
        "{\"name\":\"x\",\"defaults\":7}|/defaults",
        "{\"name\":7}|/name",
        "{\"name\":true}|/name",
        "{\"name\":\"x\",\"model\":1.5}|/model",
        "{\"name\":\"x\",\"batch_size\":\"5\"}|/batch_size",
        "{\"name\":\"x\",\"batch_size\":\"\"}|/batch_size",
        "{\"name\":\"x\",\"batch_size\":true}|/batch_size",
        "{\"name\":\"x\",\"max_file_bytes\":\"5\"}|/max_file_bytes",
        "{\"name\":\"x\",\"auto\":\"true\"}|/auto",
        "{\"name\":\"x\",\"auto\":1}|/auto",
        "{\"name\":\"x\",\"metadata\":{\"k\":7}}|/metadata/k",
      })
  void a_member_that_is_unknown_or_of_another_type_is_named(String body, String pointer) {
    // When
    Response response = json("/v1/tasks", body);

    // Then
    assertThat(problem(response, 422, "bad-request").errors())
        .singleElement()
        .satisfies(entry -> assertThat(entry.pointer()).isEqualTo(pointer));
  }

  @Test
  void requests_in_a_new_task_are_checked_like_all_others() {
    // Given
    String name = freshName();
    String before = Rows.stored();

    // When
    Response response =
        json("/v1/tasks", "{\"name\":\"%s\",\"requests\":[%s,{}]}".formatted(name, LINE));

    // Then
    assertThat(problem(response, 422, "bad-lines").errors())
        .singleElement()
        .satisfies(entry -> assertThat(entry.line()).isEqualTo(2));
    assertThat(Rows.stored()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-32BE", "ISO-8859-1"})
  void json_that_is_neither_utf_8_nor_utf_16_is_refused(String charset) {
    // Given
    String name = open();
    String before = Rows.stored();
    String task = "{\"name\":\"%s\",\"metadata\":{\"é\":\"é\"},\"requests\":[%s]}";

    // When
    Response created =
        call()
            .contentType("application/json")
            .body(bytes(task.formatted(freshName(), LINE), charset))
            .post("/v1/tasks");
    Response appended =
        call()
            .contentType("application/json")
            .body(bytes("[" + LINE.replace("hi", "é") + "]", charset))
            .post("/v1/tasks/" + name + "/requests");

    // Then
    assertThat(created.statusCode()).isBetween(400, 422);
    assertThat(appended.statusCode()).isBetween(400, 422);
    assertThat(created.contentType()).startsWith(Problem.MEDIA_TYPE);
    assertThat(appended.contentType()).startsWith(Problem.MEDIA_TYPE);
    assertThat(Rows.stored()).isEqualTo(before);
  }

  @Test
  void half_a_character_in_a_task_is_refused_and_not_changed() {
    // Given
    String before = Rows.stored();

    // When
    Response metadata =
        json(
            "/v1/tasks",
            "{\"name\":\"%s\",\"metadata\":{\"k\":\"\\ud800\"}}".formatted(freshName()));
    Response defaults =
        json(
            "/v1/tasks",
            "{\"name\":\"%s\",\"defaults\":{\"k\":\"\\ud800\"}}".formatted(freshName()));
    Response model =
        json("/v1/tasks", "{\"name\":\"%s\",\"model\":\"\\ud800\"}".formatted(freshName()));

    // Then
    var _ = problem(metadata, 422, "bad-request");
    var _ = problem(defaults, 422, "bad-request");
    var _ = problem(model, 422, "bad-request");
    assertThat(Rows.stored()).isEqualTo(before);
  }

  @Test
  void the_defaults_of_a_task_are_short_since_every_request_gets_them() {
    // Given
    String task = "{\"name\":\"%s\",\"defaults\":{\"k\":\"%s\"}}";

    // When
    Response tooLong = json("/v1/tasks", task.formatted(freshName(), "d".repeat(64 * 1024)));
    Response fits = json("/v1/tasks", task.formatted(freshName(), "d".repeat(64 * 1024 - 20)));

    // Then
    assertThat(problem(tooLong, 422, "bad-request").errors().getFirst().pointer())
        .isEqualTo("/defaults");
    assertThat(fits.statusCode()).isEqualTo(201);
  }

  @Test
  void requests_come_in_gzip_and_utf_16_and_as_an_array_whatever_the_call_says()
      throws IOException {
    // Given
    String name = open();
    String path = "/v1/tasks/" + name + "/requests";
    String array = "[" + LINE + ",\n" + LINE + "]";

    // When
    List<Response> answers =
        List.of(
            lines(path, gzip(LINE + "\n" + LINE)),
            lines(path, (LINE + "\n" + LINE).getBytes(UTF_16LE)),
            lines(path, array),
            json(path, gzip(array)),
            json(path, array.getBytes(UTF_16LE)));

    // Then
    assertThat(answers).extracting(Response::statusCode).containsOnly(200);
    assertThat((int) get("/v1/tasks/" + name).path("counts.total")).isEqualTo(10);
    assertThat(problem(json(path, gzip("x").clone()), 400, "invalid-json").status()).isEqualTo(400);
    assertThat(
            problem(json(path, new byte[] {0x1f, (byte) 0x8b, 7, 0, 0}), 422, "bad-request")
                .errors())
        .extracting(Problem.Entry::code)
        .containsExactly("invalid_compression");
  }

  private static byte[] gzip(String text) throws IOException {
    var compressed = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(compressed)) {
      gzip.write(text.getBytes(UTF_8));
    }
    return compressed.toByteArray();
  }

  @Test
  void the_defaults_of_a_task_are_read_for_new_requests_and_never_with_a_list() throws Throwable {
    // Given
    String name = freshName();
    String task =
        "{\"name\":\"%s\",\"defaults\":{\"model\":\"m\",\"messages\":[1]}}".formatted(name);
    expect(json("/v1/tasks", task), 201);

    // When
    Response append = lines("/v1/tasks/" + name + "/requests", "{}\n");
    List<Task> listed =
        VertxContextSupport.subscribeAndAwait(() -> tasks.page("default", Optional.empty(), 10));

    // Then
    assertThat(append.statusCode()).isEqualTo(200);
    assertThat(listed)
        .isNotEmpty()
        .noneMatch(found -> Hibernate.isPropertyInitialized(found, "defaults"))
        .allMatch(found -> Hibernate.isPropertyInitialized(found, "metadata"));
  }

  @Test
  void a_call_for_whose_body_there_is_no_memory_is_sent_again_later_and_a_small_one_is_done() {
    // Given
    String body = (LINE + "\n").repeat(20_000 / LINE.length());
    String array = "[" + (LINE + ",").repeat(20_000 / LINE.length()) + LINE + "]";
    String name = open();
    Response lines;
    Response json;
    Response small;

    // When
    try (var others = bodyMemory.open()) {
      others.grow(Runtime.getRuntime().maxMemory() / 4 / 4 * 3 - 9_000);
      lines = lines("/v1/tasks?name=" + freshName(), body);
      json = json("/v1/tasks/" + name + "/requests", array);
      small = lines("/v1/tasks/" + name + "/requests", LINE);
    }

    // Then
    assertThat(problem(lines, 503, "busy").detail()).contains("Send the call again");
    assertThat(lines.header("Retry-After")).isEqualTo("5");
    var _ = problem(json, 503, "busy");
    assertThat(small.statusCode()).isEqualTo(200);
    assertThat(bodyMemory.inUse()).isZero();
  }

  @Test
  void the_defaults_of_a_task_cannot_stream_and_their_model_is_a_text() {
    // When
    Response model =
        json("/v1/tasks", "{\"name\":\"%s\",\"defaults\":{\"model\":7}}".formatted(freshName()));
    Response stream =
        json(
            "/v1/tasks", "{\"name\":\"%s\",\"defaults\":{\"stream\":true}}".formatted(freshName()));

    // Then
    assertThat(problem(model, 422, "bad-request").errors().getFirst().pointer())
        .isEqualTo("/defaults/model");
    assertThat(problem(stream, 422, "bad-request").errors().getFirst().pointer())
        .isEqualTo("/defaults/stream");
  }

  @ParameterizedTest
  @CsvSource({
    "batch_size=abc,batch_size",
    "batch_size=1.5,batch_size",
    "batch_size=99999999999,batch_size",
    "max_attempts=x,max_attempts",
    "max_file_bytes=x,max_file_bytes",
    "auto=maybe,auto",
  })
  void a_parameter_of_another_type_is_named(String parameter, String pointer) {
    // Given
    String before = Rows.stored();

    // When
    Response response = lines("/v1/tasks?name=" + freshName() + "&" + parameter, LINE);

    // Then
    assertThat(problem(response, 422, "bad-request").errors())
        .singleElement()
        .satisfies(entry -> assertThat(entry.pointer()).isEqualTo(pointer));
    assertThat(Rows.stored()).isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource({
    "name=,/name",
    "name=..%2Fx,/name",
    "name=a%00b,/name",
    "name=%C3%A9,/name",
    "name=NAME&provider=none,/provider",
    "name=NAME&model=%00,/model",
    "name=NAME&batch_size=0,/batch_size",
    "name=NAME&max_attempts=11,/max_attempts",
    "name=NAME&endpoint=%2Fv1%2Ffiles,/endpoint",
    "name=NAME&metadata.k=a%00,/metadata",
  })
  void an_impossible_parameter_is_named(String query, String pointer) {
    // Given
    String before = Rows.stored();

    // When
    Response response = lines("/v1/tasks?" + query.replace("NAME", freshName()), LINE);

    // Then
    assertThat(problem(response, 422, "bad-request").errors())
        .singleElement()
        .satisfies(entry -> assertThat(entry.pointer()).isEqualTo(pointer));
    assertThat(Rows.stored()).isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/tasks?limit=0,limit",
    "/v1/tasks?limit=-1,limit",
    "/v1/tasks?limit=1001,limit",
    "/v1/tasks?limit=abc,limit",
    "/v1/tasks?limit=99999999999,limit",
    "/v1/tasks/TASK/events?limit=0,limit",
    "/v1/tasks/TASK/events?after=abc,after",
    "/v1/tasks/TASK/partitions?limit=x,limit",
    "/v1/tasks/TASK/partitions?after=x,after",
    "/v1/tasks/TASK?wait=soon,wait",
    "/v1/tasks/TASK?wait=-1s,wait",
    "/v1/tasks/TASK/results?view=pretty,view",
    "/v1/tasks/TASK/results?outcome=good,outcome",
    "/v1/tasks/TASK/results?from=-1,from",
    "/v1/tasks/TASK/results?from=x,from",
  })
  void an_impossible_request_is_refused(String path, String pointer) {
    // Given
    String name = open();

    // When
    Response response = get(path.replace("TASK", name));

    // Then
    assertThat(problem(response, 422, "bad-request").errors())
        .singleElement()
        .satisfies(entry -> assertThat(entry.pointer()).isEqualTo(pointer));
  }

  @Test
  void a_last_event_id_that_is_no_number_is_refused() {
    // When
    Response response =
        call()
            .header("Last-Event-ID", "abc")
            .accept("text/event-stream")
            .get("/v1/tasks/" + open() + "/events");

    // Then
    assertThat(problem(response, 422, "bad-request").errors().getFirst().pointer())
        .isEqualTo("Last-Event-ID");
  }

  @ParameterizedTest
  @CsvSource({
    "GET,",
    "GET,/events",
    "GET,/partitions",
    "GET,/results",
    "POST,/submit",
    "POST,/upload",
    "POST,/refresh",
    "POST,/cancel",
    "POST,/retry",
    "DELETE,",
  })
  void an_unknown_task_is_not_found(String method, String action) {
    for (String name : new String[] {"no-such-task", "a%00b", "%F0%9F%98%80"}) {
      // When
      Response response =
          call().request(method, "/v1/tasks/" + name + (action == null ? "" : action));

      // Then
      var _ = problem(response, 404, "no-such-task");
    }
  }

  @Test
  void nothing_is_appended_to_an_unknown_task() {
    // Given
    String before = Rows.stored();

    // When
    Response ndjson = lines("/v1/tasks/no-such-task/requests", LINE);
    Response array = json("/v1/tasks/no-such-task/requests", "[" + LINE + "]");
    Response live = call().accept("text/event-stream").get("/v1/tasks/no-such-task/events");
    Response after = get("/v1/tasks?after=no-such-task");

    // Then
    var _ = problem(ndjson, 404, "no-such-task");
    var _ = problem(array, 404, "no-such-task");
    var _ = problem(live, 404, "no-such-task");
    var _ = problem(after, 404, "no-such-task");
    assertThat(Rows.stored()).isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource({
    "POST,/v1/tasks/TASK/submit",
    "POST,/v1/tasks/TASK/upload",
    "POST,/v1/tasks/TASK/retry",
    "DELETE,/v1/tasks/TASK"
  })
  void an_open_task_without_requests_cannot_run_be_retried_or_deleted(String method, String path) {
    // Given
    String name = open();

    // When
    Response response = call().request(method, path.replace("TASK", name));

    // Then
    assertThat(problem(response, 409, "wrong-state").detail()).contains(name);
    assertThat((String) get("/v1/tasks/" + name).path("state")).isEqualTo("open");
  }

  @Test
  void a_running_task_takes_no_more_requests_and_cannot_be_deleted_or_retried() {
    // Given
    String name = running();
    String before = Rows.stored();

    // When
    Response append = lines("/v1/tasks/" + name + "/requests", LINE);
    Response array = json("/v1/tasks/" + name + "/requests", "[" + LINE + "]");
    Response retry = post("/v1/tasks/" + name + "/retry");
    Response delete = call().delete("/v1/tasks/" + name);
    Response submit = post("/v1/tasks/" + name + "/submit");

    // Then
    var _ = problem(append, 409, "wrong-state");
    var _ = problem(array, 409, "wrong-state");
    var _ = problem(retry, 409, "wrong-state");
    var _ = problem(delete, 409, "wrong-state");
    expect(submit, 202);
    assertThat(Rows.stored().replaceAll(", events.*", ""))
        .isEqualTo(before.replaceAll(", events.*", ""));
  }

  @Test
  void a_completed_task_cannot_be_cancelled_and_its_submit_may_be_repeated() {
    // Given
    String name = running();
    Rows.complete(name);

    // When
    Response cancel = post("/v1/tasks/" + name + "/cancel");
    Response submit = post("/v1/tasks/" + name + "/submit");
    Response upload = post("/v1/tasks/" + name + "/upload");
    Response append = lines("/v1/tasks/" + name + "/requests", LINE);

    // Then
    var _ = problem(cancel, 409, "wrong-state");
    var _ = problem(append, 409, "wrong-state");
    for (Response again : List.of(submit, upload)) {
      expect(again, 202);
      assertThat(again.as(TaskView.class).state()).isEqualTo("completed");
    }
  }

  @Test
  void cancelling_twice_is_fine_and_a_cancelled_task_can_be_deleted() {
    // Given
    String name = open();
    expect(lines("/v1/tasks/" + name + "/requests", LINE), 200);
    String id = Rows.one("SELECT id FROM task WHERE name = '%s'".formatted(name));

    // When
    Response first = post("/v1/tasks/" + name + "/cancel");
    Response second = post("/v1/tasks/" + name + "/cancel");
    Response delete = call().delete("/v1/tasks/" + name);
    Response again = call().delete("/v1/tasks/" + name);

    // Then
    expect(first, 202);
    expect(second, 202);
    assertThat((String) second.path("state")).isEqualTo("cancelled");
    expect(delete, 204);
    var _ = problem(again, 404, "no-such-task");
    assertThat(Rows.one("SELECT count(*) FROM request_ids WHERE task_id = '%s'".formatted(id)))
        .isEqualTo("0");
  }

  @Test
  void a_name_is_given_once() {
    // Given
    String name = open();
    String before = Rows.stored();

    // When
    Response json = json("/v1/tasks", "{\"name\":\"%s\"}".formatted(name));
    Response withRequests =
        json("/v1/tasks", "{\"name\":\"%s\",\"requests\":[%s]}".formatted(name, LINE));
    Response lines = lines("/v1/tasks?name=" + name, LINE);

    // Then
    var _ = problem(json, 409, "task-exists");
    var _ = problem(withRequests, 409, "task-exists");
    var _ = problem(lines, 409, "task-exists");
    assertThat(Rows.stored()).isEqualTo(before);
  }

  @Test
  void a_json_body_over_its_limit_is_refused() {
    // Given
    String big =
        "[" + (LINE + ",").repeat(WithoutPipeline.MAX_JSON / LINE.length() + 1) + LINE + "]";
    String name = open();
    String before = Rows.stored();

    // When
    Response append = json("/v1/tasks/" + name + "/requests", big);
    Response create =
        json("/v1/tasks", "{\"name\":\"%s\",\"requests\":%s}".formatted(freshName(), big));

    // Then
    var _ = problem(append, 413, "too-large");
    var _ = problem(create, 413, "too-large");
    assertThat(Rows.stored()).isEqualTo(before);
  }

  @Test
  void a_body_over_its_limit_is_refused() {
    // Given
    byte[] big = (LINE + "\n").repeat(WithoutPipeline.MAX_BODY / LINE.length() + 1).getBytes(UTF_8);
    String before = Rows.stored();

    // When
    Response response = lines("/v1/tasks?name=" + freshName(), big);

    // Then
    var _ = problem(response, 413, "too-large");
    assertThat(Rows.stored()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain",
        "application/xml",
        "multipart/form-data; boundary=x",
        "nonsense",
        "application/jsonl"
      })
  void a_body_of_another_type_is_refused(String type) {
    // Given
    String name = open();

    // When
    Response create = call().contentType(type).body(LINE.getBytes(UTF_8)).post("/v1/tasks");
    Response append =
        call().contentType(type).body(LINE.getBytes(UTF_8)).post("/v1/tasks/" + name + "/requests");

    // Then
    assertThat(create.statusCode()).isIn(400, 415);
    assertThat(append.statusCode()).isIn(400, 415);
    assertThat(create.contentType()).startsWith(Problem.MEDIA_TYPE);
    assertThat(append.contentType()).startsWith(Problem.MEDIA_TYPE);
  }

  @Test
  void an_answer_that_cannot_be_given_in_the_wanted_form_is_refused() {
    // When
    Response response = call().accept("image/png").get("/v1/tasks");

    // Then
    var _ = problem(response, 406, "not-acceptable");
  }

  @ParameterizedTest
  @CsvSource({
    "PUT,/v1/tasks",
    "DELETE,/v1/tasks",
    "PATCH,/v1/tasks/x",
    "GET,/v1/tasks/x/submit",
    "POST,/v1/providers",
  })
  void a_method_that_does_not_exist_is_reported(String method, String path) {
    // When
    Response response = call().request(method, path);

    // Then
    assertThat(problem(response, 405, "method-not-allowed").detail()).contains(method, path);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/v1",
        "/v1/",
        "/v1/nothing",
        "/v1/tasks/x/nothing",
        "/v1/providers/none",
        "/v2/tasks",
        "/v1/%00"
      })
  void a_path_that_does_not_exist_is_reported(String path) {
    // When
    Response response = get(path);

    // Then
    var _ = problem(response, 404, "not-found");
  }

  private static Arguments bad(String body, String pointer, String code) {
    return Arguments.of(body, pointer, code);
  }

  private static byte[] bytes(String text, String charset) {
    return text.getBytes(java.nio.charset.Charset.forName(charset));
  }

  private static String many(int members) {
    var json = new StringBuilder("{");
    for (int i = 0; i < members; i++) {
      json.append(i == 0 ? "" : ",").append("\"k%d\":\"v\"".formatted(i));
    }
    return json.append('}').toString();
  }
}
