package dev.arcticsynth.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/// PostgreSQL's settings, fit for a small machine. Written again at each start, so that a new
/// release of ours brings its own; what `initdb` wrote is left alone.
final class ServerSettings {
  /// For the single-user mode, which listens nowhere.
  static final int NO_PORT = 5432;

  private static final Pattern PORT = Pattern.compile("(?m)^port = (\\d+)$");

  private ServerSettings() {}

  /// The port in the settings of the server before, where there was one.
  static Optional<Integer> port(Path file) {
    try {
      return PORT.matcher(Files.readString(file))
          .results()
          .map(found -> Integer.valueOf(found.group(1)))
          .filter(port -> port != NO_PORT)
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /// `wal_compression` is pglz since the binaries know neither lz4 nor zstd. The log is terse and
  /// without statements, since both details and statements quote values: prompts, answers, secrets.
  static String text(int port) {
    return """
    # Written by ArcticSynth at each start: changes are lost.
    listen_addresses = '127.0.0.1'
    unix_socket_directories = ''
    port = %d
    max_connections = 100

    shared_buffers = '128MB'
    max_wal_size = '2GB'
    wal_compression = 'pglz'
    checkpoint_timeout = '15min'
    fsync = on
    synchronous_commit = on

    timezone = 'UTC'
    log_timezone = 'UTC'
    log_statement = 'none'
    log_min_duration_statement = -1
    log_min_error_statement = 'panic'
    log_error_verbosity = 'terse'
    log_parameter_max_length = 0
    log_parameter_max_length_on_error = 0
    log_checkpoints = off
    """
        .formatted(port);
  }
}
