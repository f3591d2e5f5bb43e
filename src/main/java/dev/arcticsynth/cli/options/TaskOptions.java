package dev.arcticsynth.cli.options;

import dev.arcticsynth.cli.client.TaskName;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/// Options of a new task.
public final class TaskOptions {
  @Option(
      names = "--task",
      paramLabel = "NAME",
      description = "The task's name (from the input's).")
  private Optional<String> task = Optional.empty();

  @Option(
      names = "--provider",
      paramLabel = "NAME",
      description = "The provider; see 'providers' (the server's default).")
  private Optional<String> provider = Optional.empty();

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      description = "The model of requests that name none.")
  private Optional<String> model = Optional.empty();

  @Option(
      names = "--endpoint",
      paramLabel = "PATH",
      description = "The url of requests that name none (/v1/chat/completions).")
  private Optional<String> endpoint = Optional.empty();

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      description = "At most so many requests a batch (the provider's limit).")
  private Optional<Integer> batchSize = Optional.empty();

  @Option(
      names = "--max-attempts",
      paramLabel = "N",
      description = "How often one request may be sent, 1 to 10 (3).")
  private Optional<Integer> maxAttempts = Optional.empty();

  @Option(
      names = "--deadline",
      paramLabel = "WHEN",
      description =
          "When the task ends, with the answers so far: 2027-01-31T18:00:00Z, or 36h from now.")
  private Optional<String> deadline = Optional.empty();

  public Optional<TaskName> task() {
    return task.map(TaskName::new);
  }

  public Optional<String> provider() {
    return provider;
  }

  public Optional<String> model() {
    return model;
  }

  public Map<String, String> query() {
    var query = new LinkedHashMap<String, String>();
    provider.ifPresent(value -> query.put("provider", value));
    model.ifPresent(value -> query.put("model", value));
    endpoint.ifPresent(value -> query.put("endpoint", value));
    batchSize.ifPresent(value -> query.put("batch_size", value.toString()));
    maxAttempts.ifPresent(value -> query.put("max_attempts", value.toString()));
    deadline.ifPresent(value -> query.put("deadline", value));
    return query;
  }
}
