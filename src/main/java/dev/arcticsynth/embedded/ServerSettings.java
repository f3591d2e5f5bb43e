package dev.arcticsynth.embedded;

/// PostgreSQL's settings, fit for a small machine. Written again at each start, so that a new
/// release of ours brings its own; what `initdb` wrote is left alone.
final class ServerSettings {
  /// For the single-user mode, which listens nowhere.
  static final int NO_PORT = 5432;

  private ServerSettings() {}

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
