import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Says whether a file of results answers a file of requests: a line each, in the same order, valid
/// JSON, every answer with status 200.
class CheckResults {

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final List<String> wrong = new ArrayList<>();

  public static void main(String... args) throws IOException {
    if (args.length != 2) {
      System.err.println("usage: CheckResults REQUESTS.jsonl RESULTS.jsonl");
      System.exit(2);
    }
    System.exit(new CheckResults().check(Path.of(args[0]), Path.of(args[1])) ? 0 : 1);
  }

  private boolean check(Path requests, Path results) throws IOException {
    // Fails on anything that is not UTF-8.
    List<String> asked = Files.readString(requests).lines().toList();
    String answers = Files.readString(results);
    List<String> answered = List.of(answers.split("\n", -1));
    expect(answers.endsWith("\n"), "the last line is not ended by a newline");
    answered = answered.subList(0, answered.size() - (answers.endsWith("\n") ? 1 : 0));
    expect(
        answered.size() == asked.size(),
        "%d lines for %d requests".formatted(answered.size(), asked.size()));
    for (int i = 0; i < Math.min(asked.size(), answered.size()); i++) {
      checkLine(i + 1, asked.get(i), answered.get(i));
    }
    wrong.stream().limit(20).forEach(what -> System.err.println(results + ": " + what));
    System.out.printf(
        "%s: %d results for %d requests, %d wrong%n",
        results, answered.size(), asked.size(), wrong.size());
    return wrong.isEmpty() && !asked.isEmpty();
  }

  private void checkLine(int number, String request, String result) throws IOException {
    String wanted = JSON.readTree(request).path("custom_id").textValue();
    JsonNode line;
    try {
      line = JSON.readTree(result);
    } catch (IOException notJson) {
      wrong.add("line %d is not JSON: %s".formatted(number, notJson.getMessage()));
      return;
    }
    String id = line.path("custom_id").asText();
    expect(id.equals(wanted), "line %d answers %s, not %s".formatted(number, id, wanted));
    int status = line.at("/response/status_code").asInt();
    expect(status == 200, "line %d has status %d".formatted(number, status));
    expect(
        line.at("/response/body/choices/0/message/content").isTextual(),
        "line %d holds no answer".formatted(number));
    expect(
        line.path("error").isNull() || line.path("error").isMissingNode(),
        "line %d has an error beside its answer".formatted(number));
  }

  private void expect(boolean holds, String otherwise) {
    if (!holds) {
      wrong.add(otherwise);
    }
  }
}
