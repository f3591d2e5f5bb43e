package dev.arcticsynth.cli.python;

import dev.arcticsynth.api.model.ProviderView;
import dev.arcticsynth.cli.options.CliContext;
import dev.arcticsynth.cli.terminal.Failure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// The account that `run` uses: the one of the credentials file where it is named, or where no
/// other provider is configured. With a credentials file, simulated answers must be asked for.
///
/// @param file the credentials file
/// @param name the provider of the file; empty where none is used
/// @param properties its configuration; holds the secret
/// @param isNamed whether the file was named
/// @param unusable why the default file cannot be used; told where nothing else can
public record RunAccount(
    Path file,
    Optional<String> name,
    Map<String, String> properties,
    boolean isNamed,
    Optional<Failure.Usage> unusable) {
  private static final String SIMULATOR = "simulator";
  private static final String DEFAULT = "openai";

  public RunAccount {
    properties = Map.copyOf(properties);
  }

  /// @param file as named with `-c`
  /// @param provider as named with `--provider`, which makes a credentials file needless
  public static RunAccount of(CliContext context, Optional<Path> file, Optional<String> provider) {
    if (file.isPresent() && provider.isPresent()) {
      throw new Failure.Usage("-c and --provider name two accounts; pass one of them.");
    }
    Path path = CredentialsPath.of(file, context.shell());
    if (provider.isPresent() || (file.isEmpty() && !Files.exists(path))) {
      return new RunAccount(path, Optional.empty(), Map.of(), false, Optional.empty());
    }
    try {
      var credentialsFile = new CredentialsFile(path);
      var credentials = ClientCredentials.of(credentialsFile, context.shell()::variable);
      String name = credentials.account();
      if (file.isPresent()) {
        StepTarget.warn(context, path, credentialsFile.isOpenToOthers(), credentials.unused());
      }
      return new RunAccount(
          path,
          Optional.of(name),
          credentials.properties(name),
          file.isPresent(),
          Optional.empty());
    } catch (Failure.Usage failure) {
      if (file.isPresent()) {
        throw failure;
      }
      return new RunAccount(path, Optional.empty(), Map.of(), false, Optional.of(failure));
    }
  }

  /// The provider of the task; empty for the service's default.
  ///
  /// @param notices told which file pays, where it was not named
  public Optional<String> choose(List<ProviderView> providers, Consumer<String> notices) {
    if (isNamed) {
      return name;
    }
    List<String> others =
        providers.stream()
            .filter(provider -> !provider.type().equals(SIMULATOR))
            .map(ProviderView::name)
            .filter(other -> !name.equals(Optional.of(other)))
            .toList();
    if (!others.isEmpty() && name.isEmpty()) {
      return Optional.empty();
    }
    if (!others.isEmpty()) {
      // As the service chooses where the file's provider is not there.
      return others.size() == 1
          ? Optional.of(others.getFirst())
          : Optional.of(DEFAULT).filter(others::contains);
    }
    unusable.ifPresent(why -> {
      throw new Failure.Usage(
          why.sentence() + " (For simulated answers, pass --provider simulator.)");
    });
    name.ifPresent(_ -> notices.accept("The credentials in %s are used.".formatted(file)));
    return name;
  }

  @Override
  public String toString() {
    return name.toString();
  }
}
