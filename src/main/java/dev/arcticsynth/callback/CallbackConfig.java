package dev.arcticsynth.callback;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Positive;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// How callers are told that their tasks are over, and where they may be.
@ConfigMapping(prefix = "arctic.callback")
public interface CallbackConfig {

  /// What callbacks are signed with where a task has no secret of its own: `whsec_…`, up to three.
  /// The first is the current one; the others still sign, so that receivers can change over.
  Optional<List<String>> secrets();

  /// Encrypts secrets that callers give to their tasks: 32 bytes in base64. Never printed.
  Optional<String> key();

  /// The same, in a file. The command line makes one beside its embedded database.
  @WithDefault("${arctic.embedded.callback-key-file:}")
  Optional<Path> keyFile();

  /// Whether callbacks may go to `http://`.
  @WithDefault("false")
  boolean allowHttp();

  /// The ports that callbacks may go to.
  @WithDefault("443")
  Set<Integer> ports();

  /// Receivers in spite of all rules, with any scheme and port: host names, `*.suffix`, blocks of
  /// addresses.
  Optional<List<String>> allow();

  /// Blocks of addresses that are denied besides the special ranges: pods, services, nodes.
  Optional<List<String>> deny();

  /// Callbacks under way side by side in this process; of one host at most two.
  @WithDefault("16")
  @Positive
  int concurrency();

  /// For one attempt: name, connection, TLS, headers and body together.
  @WithDefault("20s")
  Duration timeout();
}
