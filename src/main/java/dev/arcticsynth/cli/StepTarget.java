package dev.arcticsynth.cli;

import dev.arcticsynth.api.ProviderView;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Who does what the steps say: a service in this process, with the credentials of the file; or a
/// server, with its own.
final class StepTarget implements AutoCloseable {
  private final CommonOptions common;
  private final ArcticClient client;
  private final Optional<String> provider;
  private final Optional<AccountNote> note;
  private final Optional<RunningService> service;

  private StepTarget(
      CommonOptions common,
      ArcticClient client,
      Optional<String> provider,
      Optional<AccountNote> note,
      Optional<RunningService> service) {
    this.common = common;
    this.client = client;
    this.provider = provider;
    this.note = note;
    this.service = service;
  }

  static StepTarget of(
      CommonOptions common,
      StepFlags flags,
      Optional<WorkFolder> folder,
      RunningService.Starter starter) {
    if (common.isServerNamed()) {
      return server(common, flags);
    }
    return flags.provider().isPresent()
        ? local(common, starter, flags.provider().get(), Optional.empty(), Map.of())
        : withCredentials(common, flags, folder, starter);
  }

  private static StepTarget server(CommonOptions common, StepFlags flags) {
    Path file = flags.credential(common.shell());
    if (Files.exists(file)) {
      common
          .notices()
          .accept("The credentials in %s stay here: the server has its own.".formatted(file));
    }
    return new StepTarget(
        common, common.client(), flags.provider(), Optional.empty(), Optional.empty());
  }

  private static StepTarget withCredentials(
      CommonOptions common,
      StepFlags flags,
      Optional<WorkFolder> folder,
      RunningService.Starter starter) {
    var file = new CredentialsFile(flags.credential(common.shell()));
    var credentials = Credentials.of(file, common.shell()::variable);
    Optional<AccountNote> note = folder.map(WorkFolder::accounts).map(AccountNote::new);
    String account = credentials.account();
    String name = note.map(known -> known.nameFor(account, flags.isSameAccount())).orElse(account);
    warn(common, file.path(), file.isOpenToOthers(), credentials.unused());
    return local(common, starter, name, note, credentials.properties(name));
  }

  private static void warn(CommonOptions common, Path file, boolean open, List<String> unused) {
    if (open) {
      common
          .notices()
          .accept(
              "Others can read the credentials file %s; 'chmod 600' makes it yours alone."
                  .formatted(file));
    }
    if (!unused.isEmpty()) {
      common
          .notices()
          .accept("Without effect in %s: %s.".formatted(file, String.join(", ", unused)));
    }
  }

  private static StepTarget local(
      CommonOptions common,
      RunningService.Starter starter,
      String provider,
      Optional<AccountNote> note,
      Map<String, String> properties) {
    RunningService service = starter.start(properties);
    return new StepTarget(
        common, common.clientOf(service.uri()), Optional.of(provider), note, Optional.of(service));
  }

  ArcticClient client() {
    return client;
  }

  /// On a server a task is called what the user calls it. Here all work folders share one database,
  /// so the folder is part of the name.
  StepTask task(WorkFolder folder) {
    TaskName name =
        service.isPresent()
            ? TaskName.of(Path.of(folder.task()), Digest.sha256(folder.identity()))
            : new TaskName(folder.task());
    return new StepTask(common, client, folder, name, provider);
  }

  /// Before anything is sent: whoever comes back must find out whose it is.
  void keepAccount() {
    note.ifPresent(file -> file.keep(provider.orElseThrow()));
  }

  /// Whose files are cleaned.
  String providerName() {
    return provider.orElseGet(() -> {
      List<String> names = client.providers().stream().map(ProviderView::name).toList();
      if (names.size() != 1) {
        throw new Failure.Usage(
            "The server has several providers; say whose files with --provider NAME: %s."
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
