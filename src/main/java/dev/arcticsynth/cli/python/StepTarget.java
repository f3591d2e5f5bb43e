package dev.arcticsynth.cli.python;

import dev.arcticsynth.api.model.ProviderView;
import dev.arcticsynth.cli.client.ArcticClient;
import dev.arcticsynth.cli.client.Sha256;
import dev.arcticsynth.cli.client.TaskName;
import dev.arcticsynth.cli.options.CliContext;
import dev.arcticsynth.cli.service.RunningService;
import dev.arcticsynth.cli.terminal.Failure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The service that runs the steps: one in this process, with the credentials of the file; or a
/// server, with its own.
final class StepTarget implements AutoCloseable {
  private final CliContext context;
  private final ArcticClient client;
  private final Optional<String> provider;
  private final Optional<TaskAccountFile> note;
  private final Optional<String> account;
  private final Optional<RunningService> service;

  private StepTarget(
      CliContext context,
      ArcticClient client,
      Optional<String> provider,
      Optional<TaskAccountFile> note,
      Optional<String> account,
      Optional<RunningService> service) {
    this.context = context;
    this.client = client;
    this.provider = provider;
    this.note = note;
    this.account = account;
    this.service = service;
  }

  static StepTarget of(
      CliContext context,
      StepFlags flags,
      Optional<WorkFolder> folder,
      RunningService.Starter starter) {
    if (context.isServerNamed()) {
      return server(context, flags);
    }
    return flags.provider().isPresent()
        ? local(
            context, starter, flags.provider().get(), noteOf(folder), Optional.empty(), Map.of())
        : withCredentials(context, flags, folder, starter);
  }

  private static StepTarget server(CliContext context, StepFlags flags) {
    Path file = flags.credential(context.shell());
    if (Files.exists(file)) {
      context
          .notices()
          .accept("The credentials in %s stay here: the server has its own.".formatted(file));
    }
    return new StepTarget(
        context,
        context.client(),
        flags.provider(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static StepTarget withCredentials(
      CliContext context,
      StepFlags flags,
      Optional<WorkFolder> folder,
      RunningService.Starter starter) {
    var file = new CredentialsFile(flags.credential(context.shell()));
    var clientCredentials = ClientCredentials.of(file, context.shell()::variable);
    Optional<TaskAccountFile> note = noteOf(folder);
    String account = clientCredentials.account();
    String name = note.map(known -> known.nameFor(account, flags.isSameAccount())).orElse(account);
    warn(context, file.path(), file.isOpenToOthers(), clientCredentials.unused());
    return local(
        context, starter, name, note, Optional.of(name), clientCredentials.properties(name));
  }

  private static Optional<TaskAccountFile> noteOf(Optional<WorkFolder> folder) {
    return folder.map(WorkFolder::accounts).map(TaskAccountFile::new);
  }

  static void warn(CliContext context, Path file, boolean open, List<String> unused) {
    if (open) {
      context
          .notices()
          .accept(
              "Others can read the credentials file %s; 'chmod 600' makes it yours alone."
                  .formatted(file));
    }
    if (!unused.isEmpty()) {
      context
          .notices()
          .accept("Without effect in %s: %s.".formatted(file, String.join(", ", unused)));
    }
  }

  private static StepTarget local(
      CliContext context,
      RunningService.Starter starter,
      String provider,
      Optional<TaskAccountFile> note,
      Optional<String> account,
      Map<String, String> properties) {
    RunningService service = starter.start(properties, context.phases());
    return new StepTarget(
        context,
        context.clientOf(service.uri()),
        Optional.of(provider),
        note,
        account,
        Optional.of(service));
  }

  ArcticClient client() {
    return client;
  }

  /// On a server a task is called what the user calls it. Here all work folders share one database,
  /// so the folder is part of the name: the one that it was uploaded from, wherever it is now.
  StepTask task(WorkFolder folder) {
    TaskName name =
        service.isPresent()
            ? note.flatMap(TaskAccountFile::task)
                .orElseGet(
                    () -> TaskName.of(Path.of(folder.task()), Sha256.sha256(folder.identity())))
            : new TaskName(folder.task());
    return new StepTask(context, client, folder, name, provider);
  }

  /// Written before anything is sent: a later run must find the account and the task.
  void keepAccount(TaskName task) {
    note.ifPresent(file -> file.keep(account, task));
  }

  /// The provider of the files to clean.
  String providerName() {
    return provider.orElseGet(() -> {
      List<String> names = client.providers().stream().map(ProviderView::name).toList();
      if (names.size() != 1) {
        throw new Failure.Usage(
            "The server has several providers; select one with --provider NAME: %s."
                .formatted(String.join(", ", names)));
      }
      return names.getFirst();
    });
  }

  @Override
  public void close() {
    service.ifPresent(RunningService::close);
  }
}
