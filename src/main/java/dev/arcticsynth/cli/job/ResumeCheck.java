package dev.arcticsynth.cli.job;

import dev.arcticsynth.api.model.TaskView;
import dev.arcticsynth.cli.client.TaskName;
import dev.arcticsynth.cli.terminal.Failure;
import dev.arcticsynth.cli.terminal.Formats;
import java.nio.file.Path;
import java.util.Optional;

/// Whether a task of the same name is the one that this command would have made.
record ResumeCheck(
    TaskName name,
    Path input,
    String sha256,
    Optional<String> model,
    Optional<String> provider,
    ProviderChoice providers) {

  TaskView checked(TaskView task) {
    difference(task)
        .ifPresent(difference -> {
          throw new Failure.Usage(
              "There is a task %s already, and %s; choose another name with --task or delete that task."
                  .formatted(name, difference));
        });
    return task;
  }

  private Optional<String> difference(TaskView task) {
    if (!sha256.equals(task.metadata().get(RunJob.INPUT_SHA256))) {
      return Optional.of("it was not made from %s as that file is now".formatted(input));
    }
    if (provider.filter(wanted -> !wanted.equals(task.provider())).isPresent()) {
      return Optional.of("its provider is " + task.provider());
    }
    if (model.filter(wanted -> !wanted.equals(task.model())).isPresent()) {
      return Optional.of("its model is " + Formats.of(task.model()));
    }
    // The key was configured after the first run: simulated answers must not pass for real ones.
    if (provider.isEmpty() && providers.isSimulatedThoughRealExist(task.provider())) {
      return Optional.of(
          "its answers are simulated, while real providers are configured now (for the simulated ones, pass --provider %s)"
              .formatted(task.provider()));
    }
    return Optional.empty();
  }
}
