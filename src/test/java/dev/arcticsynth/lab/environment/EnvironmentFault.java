package dev.arcticsynth.lab.environment;

import dev.arcticsynth.lab.process.Polling;
import dev.arcticsynth.lab.process.ReplicaProcess;
import dev.arcticsynth.lab.stage.Lab;
import dev.arcticsynth.lab.wire.BadWires;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/// What happens to the world around the replicas, for some seconds, while a task is under way.
///
/// None of them is a reason to lose or to pay twice. Some are a reason to log an error: a step that
/// cannot reach the database has failed.
public enum EnvironmentFault {
  DATABASE_KILLED(Said.BY_THE_DATABASE) {
    @Override
    void strike(Lab lab) {
      lab.postgres().killHard();
      Polling.pause(Duration.ofSeconds(1));
      lab.postgres().start();
    }
  },
  /// They are started once only.
  ALL_STARTED_BEFORE_THE_DATABASE(Said.BY_THE_DATABASE) {
    @Override
    void strike(Lab lab) {
      lab.postgres().killHard();
      lab.replicas().forEach(ReplicaProcess::restart);
      Polling.pause(Duration.ofSeconds(4));
      lab.postgres().start();
    }
  },
  DATABASE_RESTARTED(Said.BY_THE_DATABASE) {
    @Override
    void strike(Lab lab) {
      lab.postgres().stopFast();
      lab.postgres().start();
    }
  },
  SESSIONS_TERMINATED(Said.BY_THE_DATABASE) {
    @Override
    void strike(Lab lab) {
      repeat(8, Duration.ofMillis(500), () -> lab.execute(END_SESSIONS));
    }
  },
  DATABASE_CONNECTIONS_RESET(Said.BY_THE_DATABASE) {
    @Override
    void strike(Lab lab) {
      repeat(8, Duration.ofMillis(500), wires(lab).database()::reset);
    }
  },
  DATABASE_UNREACHABLE(Said.BY_THE_DATABASE) {
    @Override
    void strike(Lab lab) {
      wires(lab).database().down();
      Polling.pause(Duration.ofSeconds(5));
      lab.wires().mend();
    }
  },
  /// One connection stays open for ever, and nothing arrives on it any more.
  DATABASE_CONNECTION_BLACKHOLED(Said.BY_THE_DATABASE) {
    @Override
    void strike(Lab lab) {
      wires(lab).database().blackholeOne();
    }
  },
  /// All that are open do, as when a primary's machine is gone without a word; new ones are fine.
  DATABASE_CONNECTIONS_BLACKHOLED(Said.BY_THE_DATABASE) {
    @Override
    void strike(Lab lab) {
      wires(lab).database().blackholeAll();
    }
  },
  /// As after a fail-over whose old name still leads to the standby: sessions come back, and
  /// nothing can be changed on them.
  DATABASE_READ_ONLY(Said.BY_THE_DATABASE) {
    @Override
    void strike(Lab lab) {
      lab.execute(READ_ONLY.formatted("on"));
      lab.execute(END_SESSIONS);
      Polling.pause(Duration.ofSeconds(5));
      lab.execute(READ_ONLY.formatted("off"));
    }
  },
  /// Others have taken all connections that there are.
  DATABASE_CROWDED(Said.BY_THE_DATABASE) {
    @Override
    void strike(Lab lab) {
      lab.execute(END_SESSIONS);
      List<Connection> others = new ArrayList<>();
      try {
        while (others.size() < 1_000) {
          others.add(lab.connect());
        }
      } catch (SQLException full) {
        Polling.pause(Duration.ofSeconds(5));
      } finally {
        others.forEach(EnvironmentFault::close);
      }
    }
  },
  /// For longer than a statement waits for a lock.
  DATABASE_LOCKED(Said.BY_THE_DATABASE) {
    @Override
    void strike(Lab lab) {
      lab.execute("BEGIN; LOCK TABLE partition IN EXCLUSIVE MODE; SELECT pg_sleep(12); COMMIT");
    }
  },
  DATABASE_SLOW(Said.NOTHING) {
    @Override
    void strike(Lab lab) {
      wires(lab).database().delay(Duration.ofMillis(60));
      wires(lab).database().slice(700);
      Polling.pause(Duration.ofSeconds(8));
      lab.wires().mend();
    }
  },
  PROVIDER_UNREACHABLE(Said.NOTHING) {
    @Override
    void strike(Lab lab) {
      wires(lab).provider().down();
      Polling.pause(Duration.ofSeconds(5));
      lab.wires().mend();
    }
  },
  PROVIDER_CONNECTIONS_RESET(Said.NOTHING) {
    @Override
    void strike(Lab lab) {
      repeat(15, Duration.ofMillis(200), wires(lab).provider()::reset);
    }
  },
  PROVIDER_REPLIES_DROPPED(Said.NOTHING) {
    @Override
    void strike(Lab lab) {
      wires(lab).provider().dropRepliesTo("POST /v1/batches", 2);
      Polling.pause(Duration.ofSeconds(6));
      lab.wires().mend();
    }
  },
  PROVIDER_SLOW(Said.NOTHING) {
    @Override
    void strike(Lab lab) {
      wires(lab).provider().delay(Duration.ofMillis(100));
      wires(lab).provider().bandwidth(10_000);
      wires(lab).provider().slice(500);
      Polling.pause(Duration.ofSeconds(8));
      lab.wires().mend();
    }
  },
  SIMULATOR_KILLED(Said.NOTHING) {
    @Override
    void strike(Lab lab) {
      lab.simulator().killHard();
      Polling.pause(Duration.ofSeconds(1));
      lab.simulator().start();
    }
  };

  private static final String END_SESSIONS =
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()";

  private static final String READ_ONLY =
      """
      BEGIN READ WRITE;
      DO $$BEGIN EXECUTE 'ALTER DATABASE ' || current_database() || ' SET default_transaction_read_only = %s'; END$$;
      COMMIT\
      """;

  private final Pattern allowed;

  EnvironmentFault(Pattern allowed) {
    this.allowed = allowed;
  }

  /// Returns when it is over.
  abstract void strike(Lab lab);

  /// Whether a replica may seem to live on and yet be of no use.
  boolean maims() {
    return this == DATABASE_CONNECTION_BLACKHOLED || this == DATABASE_CONNECTIONS_BLACKHOLED;
  }

  public boolean explains(String logLine) {
    return allowed.matcher(logLine).matches();
  }

  private static void close(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static BadWires wires(Lab lab) {
    return (BadWires) lab.wires();
  }

  private static void repeat(int times, Duration pause, Runnable what) {
    Consumer<Integer> once =
        _ -> {
          what.run();
          Polling.pause(pause);
        };
    java.util.stream.IntStream.range(0, times).boxed().forEach(once);
  }

  /// Errors that are logged for a good reason.
  private static final class Said {
    static final Pattern NOTHING = Pattern.compile("nothing");

    /// A step, a call or the pool that lost its connection.
    static final Pattern BY_THE_DATABASE =
        Pattern.compile(
            ".*(Step failed|SocketConnectionBase|SqlExceptionHelper|HTTP Request to|Connection|pool|Uncaught exception|TransactionalExecutionTemplate).*");
  }
}
