package dev.arcticsynth.callback;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Positive;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Callbacks: signatures, allowed receivers, limits.
@ConfigMapping(prefix = "arctic.callback")
public interface CallbackConfig {

  /// Secrets (`whsec_…`, up to three) that sign callbacks of tasks without their own secret. The
  /// first is the current one; the others sign as well, so that receivers can change over.
  Optional<List<String>> secrets();

  /// Key that encrypts the secrets of tasks: 32 bytes in base64 (`openssl rand -base64 32`). Keep
  /// it with the database. Never printed.
  Optional<String> key();

  /// File with that key. With the embedded database, `callback.key` in `ARCTIC_HOME`, which is
  /// created when it is missing.
  @WithDefault("${arctic.embedded.callback-key-file:}")
  Optional<Path> keyFile();

  /// Whether callbacks may go to `http://`.
  @WithDefault("false")
  boolean allowHttp();

  /// Ports that callbacks may go to.
  @WithDefault("443")
  Set<Integer> ports();

  /// Receivers that are exempt from all rules, with any scheme and port: host names, `*.suffix`,
  /// blocks of addresses.
  Optional<List<String>> allow();

  /// Blocks of addresses that are denied in addition to the special ranges, such as those of pods,
  /// services and nodes.
  Optional<List<String>> deny();

  /// Callbacks that this process sends concurrently, at most two of them to one host.
  @WithDefault("16")
  @Positive
  int concurrency();

  /// Limit for one attempt: name, connection, TLS, headers and body together. A receiver that used
  /// it up has 5 s for an hour, or until it answers.
  @WithDefault("20s")
  Duration timeout();
}
