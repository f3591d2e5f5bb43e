package dev.arcticsynth.cli.python;

import dev.arcticsynth.cli.terminal.Environment;
import dev.arcticsynth.cli.terminal.Failure;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/// The command line of the Python client, with additions.
public final class StepFlags {
  @Option(
      names = {"-c", "--credential"},
      paramLabel = "FILE",
      description =
          "YAML with api_key, for Azure also azure_endpoint and api_version"
              + " (~/.arctic_synth/credentials/default.yaml).")
  private Optional<Path> credential = Optional.empty();

  @Option(
      names = {"-w", "--work_dir", "--work-dir"},
      paramLabel = "DIR",
      description = "Where the tasks' folders are (./batch_work_dir).")
  private Path workDir = Path.of("batch_work_dir");

  @Option(
      names = {"-t", "--task"},
      paramLabel = "NAME",
      description = "The task: requests are in DIR/NAME/requests/*.jsonl.")
  private Optional<String> task = Optional.empty();

  @Option(
      names = {"-u", "--upload"},
      description = "Upload the requests, and wait until they are uploaded.")
  private boolean upload;

  @Option(
      names = {"-s", "--submit"},
      description = "Create the batches.")
  private boolean submit;

  @Option(names = "--cancel", description = "Cancel the batches; what is answered is kept.")
  private boolean cancel;

  @Option(
      names = {"-r", "--retrieve"},
      description = "Show the status of the batches at the provider.")
  private boolean retrieve;

  @Option(
      names = {"-d", "--download"},
      description =
          "Fetch what is answered into DIR/NAME/downloads, and all of it into DIR/NAME/results.jsonl.")
  private boolean download;

  @Option(names = "--wait", description = "With -d: wait until the task is over.")
  private boolean wait;

  @Option(
      names = "--messages",
      description = "With -d: also DIR/NAME/messages.jsonl, only the messages of the answers.")
  private boolean messages;

  @Option(
      names = "--from",
      paramLabel = "FILE",
      description =
          "With -d: turn this file of answers, fetched from the provider by other means, into"
              + " results with your ids (FILE.results.jsonl).")
  private Optional<Path> from = Optional.empty();

  @Option(names = "--retry", description = "With -s: retry what failed or was cancelled.")
  private boolean retry;

  @Option(
      names = "--provider",
      paramLabel = "NAME",
      description = "A configured provider instead of the credentials file.")
  private Optional<String> provider = Optional.empty();

  @Option(
      names = "--same-account",
      description = "The credentials are another key of the account that the task is on.")
  private boolean sameAccount;

  @Option(
      names = {"--clean_files_older_than_n_days", "--clean-files-older-than-n-days"},
      paramLabel = "N",
      description = "List the provider's older files, and delete them after a confirmation.")
  private Optional<Integer> cleanOlderThan = Optional.empty();

  @Option(names = "--all", description = "When cleaning: also files that are not ours.")
  private boolean all;

  @Option(names = "--yes", description = "When cleaning: no confirmation.")
  private boolean yes;

  public boolean isAction() {
    return isStep() || cleanOlderThan.isPresent();
  }

  boolean isStep() {
    return upload || submit || cancel || retrieve || download;
  }

  /// Fails where a flag needs another one.
  void check() {
    if (isStep() && task.isEmpty()) {
      throw new Failure.Usage("-u, -s, --cancel, -r and -d need a task: -t NAME.");
    }
    if (provider.filter(name -> !name.matches("[A-Za-z0-9._-]{1,100}")).isPresent()) {
      throw new Failure.Usage("'%s' is not the name of a provider.".formatted(provider.get()));
    }
    if ((wait || messages) && !download) {
      throw new Failure.Usage("--wait and --messages go with -d.");
    }
    if (from.isPresent() && (!download || wait || messages)) {
      throw new Failure.Usage("--from goes with -d, without --wait and --messages.");
    }
    if (retry && !submit) {
      throw new Failure.Usage("--retry goes with -s.");
    }
    if ((all || yes) && cleanOlderThan.isEmpty()) {
      throw new Failure.Usage("--all and --yes go with --clean_files_older_than_n_days.");
    }
    if (cleanOlderThan.filter(days -> days < 0).isPresent()) {
      throw new Failure.Usage(
          "Files cannot be older than %d days; N is at least 0.".formatted(cleanOlderThan.get()));
    }
  }

  Path credential(Environment environment) {
    return CredentialsPath.of(credential, environment);
  }

  WorkFolder folder() {
    return new WorkFolder(workDir, task.orElseThrow());
  }

  boolean isUpload() {
    return upload;
  }

  boolean isSubmit() {
    return submit;
  }

  boolean isCancel() {
    return cancel;
  }

  boolean isRetrieve() {
    return retrieve;
  }

  boolean isDownload() {
    return download;
  }

  boolean isWait() {
    return wait;
  }

  boolean isMessages() {
    return messages;
  }

  Optional<Path> from() {
    return from;
  }

  boolean isRetry() {
    return retry;
  }

  Optional<String> provider() {
    return provider;
  }

  boolean isSameAccount() {
    return sameAccount;
  }

  Optional<Integer> cleanOlderThan() {
    return cleanOlderThan;
  }

  boolean isAll() {
    return all;
  }

  boolean isYes() {
    return yes;
  }
}
