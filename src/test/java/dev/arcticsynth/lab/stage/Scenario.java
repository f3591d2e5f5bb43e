package dev.arcticsynth.lab.stage;

import dev.arcticsynth.lab.evidence.Expected.Fate;
import dev.arcticsynth.lab.process.ReplicaProcess;
import java.time.Duration;

/// What callers and the provider do in a round. Each drives its tasks to their end, whatever
/// happens to the replicas meanwhile, and says when the strike may come.
public enum Scenario {
  /// Submit, and nothing else.
  SUBMIT {
    @Override
    public void drive(Stage stage) {
      stage.strike();
      stage.awaitOver(stage.submit(Fate.ANSWERED));
    }
  },
  /// The same, struck only after the caller has the answer.
  ANSWER {
    @Override
    public void drive(Stage stage) {
      String task = stage.submit(Fate.ANSWERED);
      stage.awaitPartitions(task, Stage.REQUESTS / Stage.BATCH, "remote_batch_id IS NOT NULL");
      stage.strike();
      stage.awaitOver(task);
    }
  },
  /// Create, append, upload and hold, go on.
  STEPS {
    @Override
    public void drive(Stage stage) {
      stage.strike();
      String task = stage.create(Fate.ANSWERED);
      stage.client().append(task, Stage.lines(task));
      stage.client().act(task, "upload");
      stage.awaitPartitions(
          task,
          Stage.REQUESTS / Stage.BATCH,
          "p.wait_reason = 'CALLER' AND p.remote_file_id IS NOT NULL");
      stage.client().act(task, "submit");
      stage.awaitOver(task);
    }
  },
  /// More than the replicas have permits for.
  CROWD {
    @Override
    public void drive(Stage stage) {
      stage.strike();
      var tasks =
          java.util.stream.IntStream.range(0, 4)
              .mapToObj(_ -> stage.submit(Fate.ANSWERED))
              .toList();
      tasks.forEach(stage::awaitOver);
    }
  },
  /// Uploads that outlast a renewal.
  SLOW {
    @Override
    public void drive(Stage stage) {
      stage.fault("too_late", "UPLOAD", 3, "\"by\":\"PT1.5S\"");
      stage.strike();
      stage.awaitOver(stage.submit(Fate.ANSWERED));
    }
  },
  CANCEL_WHILE_WAITING {
    @Override
    public void drive(Stage stage) {
      stage.fault("refused", "CREATE", 0, "\"status\":429", "\"html\":false");
      String task = stage.submit(Fate.OVER);
      stage.awaitPartitions(
          task,
          Stage.REQUESTS / Stage.BATCH,
          "p.turned_away > 0 AND p.state IN ('READY', 'UPLOADING')");
      stage.strike();
      stage.client().act(task, "cancel");
      stage.awaitOver(task);
    }
  },
  CANCEL_WHILE_RUNNING {
    @Override
    public void drive(Stage stage) {
      stage.strike();
      String task = stage.submit(Fate.OVER);
      stage.awaitPartitions(
          task, 1, "p.state IN ('SUBMITTED', 'CANCELLING', 'ENDED', 'DOWNLOADED')");
      stage.client().act(task, "cancel");
      stage.awaitOver(task);
    }
  },
  /// Requests that failed for a passing reason are asked again by themselves.
  REPAIR {
    @Override
    public void drive(Stage stage) {
      stage.fault("row_status", "", 1, "\"status\":500", "\"rows\":{\"share\":0,\"count\":2}");
      stage.strike();
      stage.awaitOver(stage.submit(Fate.ANSWERED));
    }
  },
  /// Requests that failed for good are asked again since the caller retries.
  RETRY {
    @Override
    public void drive(Stage stage) {
      stage.fault("row_status", "", 1, "\"status\":400", "\"rows\":{\"share\":0,\"count\":2}");
      String task = stage.submit(Fate.ANSWERED);
      stage.awaitTask(task, "state = 'COMPLETED' AND failed = 2");
      stage.strike();
      stage.client().act(task, "retry");
      stage.awaitTask(task, "state = 'COMPLETED' AND failed = 0");
    }
  },
  /// A batch whose create was not answered.
  LOST_REPLY {
    @Override
    public void drive(Stage stage) {
      stage.fault("lost_reply", "CREATE", 1);
      stage.strike();
      stage.awaitOver(stage.submit(Fate.ANSWERED));
    }
  },
  /// A create whose outcome is unknown, and which did not work.
  NEVER_CREATED {
    @Override
    public void drive(Stage stage) {
      stage.fault("refused", "CREATE", 1, "\"status\":500", "\"html\":true");
      stage.strike();
      stage.awaitOver(stage.submit(Fate.ANSWERED));
    }
  },
  THROTTLED {
    @Override
    public void drive(Stage stage) {
      stage.fault("refused", "CREATE", 1, "\"status\":429", "\"html\":false");
      stage.strike();
      stage.awaitOver(stage.submit(Fate.ANSWERED));
    }
  },
  REFUSED {
    @Override
    public void drive(Stage stage) {
      stage.fault("refused", "CREATE", 1, "\"status\":400", "\"html\":false");
      stage.strike();
      stage.awaitOver(stage.submit(Fate.ANSWERED));
    }
  },
  /// The credentials are bad for a moment, and a refresh says that they are good again.
  PARKED {
    @Override
    public void drive(Stage stage) {
      stage.fault("refused", "CREATE", 1, "\"status\":401", "\"html\":false");
      stage.strike();
      String task = stage.submit(Fate.ANSWERED);
      while (!stage.isTask(task, "finished_at IS NOT NULL")) {
        stage.pause(Duration.ofMillis(500));
        stage.client().act(task, "refresh");
      }
      stage.awaitOver(task);
    }
  },
  DEFERRED {
    @Override
    public void drive(Stage stage) {
      stage.fault("refused", "RETRIEVE", 1, "\"status\":429", "\"html\":false");
      stage.strike();
      stage.awaitOver(stage.submit(Fate.ANSWERED));
    }
  },
  DOUBTED {
    @Override
    public void drive(Stage stage) {
      stage.fault("vanished", "RETRIEVE", 1);
      stage.strike();
      stage.awaitOver(stage.submit(Fate.ANSWERED));
    }
  },
  CUT_DOWNLOAD {
    @Override
    public void drive(Stage stage) {
      stage.fault("cut_mid_line", "CONTENT", 1);
      stage.strike();
      stage.awaitOver(stage.submit(Fate.ANSWERED));
    }
  },
  DELETE {
    @Override
    public void drive(Stage stage) {
      String task = stage.submit(Fate.DELETED);
      stage.awaitOver(task);
      stage.strike();
      stage.client().delete(task);
    }
  },
  /// More than a model may have enqueued: one batch fits, two do not.
  FULL {
    @Override
    public void drive(Stage stage) {
      stage.fault("enqueued_tokens", "", 0, "\"limit\":" + TOKENS, "\"at_once\":true");
      stage.strike();
      stage.awaitOver(stage.submitFor("full-" + stage.prefix(), Fate.ANSWERED));
    }
  },
  /// A request for which the whole file is refused, without naming the line.
  POISON {
    @Override
    public void drive(Stage stage) {
      String marker = stage.prefix() + "-0-r07";
      stage.fault(
          "poison_row", "", 0, "\"marker\":\"" + marker + "\"", "\"code\":\"invalid_request\"");
      stage.strike();
      String task = stage.submit(Fate.OVER);
      stage.awaitOver(task);
      stage.awaitTask(task, "state = 'COMPLETED' AND succeeded = requests - 1 AND failed = 1");
    }
  },
  DEADLINE {
    @Override
    public void drive(Stage stage) {
      stage.fault("refused", "CREATE", 0, "\"status\":429", "\"html\":false");
      stage.strike();
      stage.awaitOver(stage.submitUntil("4s", Fate.OVER));
    }
  },
  /// A caller that repeats a call under its key until it has an answer.
  KEYED {
    @Override
    public void drive(Stage stage) {
      stage.strike();
      stage.awaitOver(stage.submitOnce(Fate.ANSWERED));
    }
  },
  /// The account is audited, and files of old attempts go.
  AUDIT {
    @Override
    public void drive(Stage stage) {
      String task = stage.submit(Fate.ANSWERED);
      stage.awaitOver(task);
      stage.lab().simulator().keepFiles();
      stage.strike();
      stage
          .lab()
          .execute(
              """
              UPDATE attempt SET ended_at = ended_at - interval '2 days' WHERE partition_id IN (
                SELECT p.id FROM partition p JOIN task t ON t.id = p.task_id WHERE t.name = '%s');
              UPDATE provider_account SET due_at = now()\
              """
                  .formatted(task));
      stage.awaitPartitions(
          task,
          Stage.REQUESTS / Stage.BATCH,
          "EXISTS (SELECT 1 FROM attempt a WHERE a.partition_id = p.id AND a.files_deleted_at IS NOT NULL)");
    }
  },
  /// The database has lost that a batch was ever begun. No caller can do that, so the lab does.
  RECALL {
    @Override
    public void drive(Stage stage) {
      stage.strike();
      String task = stage.submit(Fate.ANSWERED);
      stage.awaitPartitions(task, Stage.REQUESTS / Stage.BATCH, "p.state <> 'READY'");
      stage.lab().execute(LOSE_A_BATCH.formatted(task));
      stage.awaitOver(task);
    }
  },
  /// A task that is over and due all the same: no caller can do that, so the lab does.
  SETTLE {
    @Override
    public void drive(Stage stage) {
      String task = stage.submit(Fate.ANSWERED);
      stage.awaitOver(task);
      stage.strike();
      stage.lab().execute("UPDATE task SET due_at = created_at WHERE name = '" + task + "'");
      stage.awaitTask(task, "due_at IS NULL");
    }
  },
  /// A process that held a lease dies, and starts again at once.
  START {
    @Override
    public void drive(Stage stage) {
      stage.fault("too_late", "UPLOAD", 3, "\"by\":\"PT2S\"");
      String task = stage.submit(Fate.ANSWERED);
      stage.awaitPartitions(task, 1, "p.lease_owner IS NOT NULL AND p.state = 'UPLOADING'");
      ReplicaProcess dying = stage.lab().ownerOfALease(task);
      dying.kill();
      // A machine under load may take longer than a lease to start a process.
      stage.lab().execute(LONGER_LEASES.formatted(dying.pid()));
      stage.strike();
      dying.restart();
      stage.awaitOver(task);
    }
  };

  /// By the simulator's count a batch of the lab's has some 450.
  private static final int TOKENS = 700;

  private static final String LONGER_LEASES =
      "UPDATE partition SET lease_until = now() + interval '20 seconds' WHERE lease_owner LIKE '%d@%%'";

  /// One batch, past the triggers, as only the loss of the log can; and another timeline.
  private static final String LOSE_A_BATCH =
      """
      BEGIN;
      SET LOCAL session_replication_role = replica;
      CREATE TEMP TABLE forgotten ON COMMIT DROP AS
        SELECT p.id FROM partition p JOIN task t ON t.id = p.task_id
         WHERE t.name = '%s' AND p.state = 'SUBMITTED' LIMIT 1 FOR UPDATE OF p;
      DELETE FROM attempt WHERE partition_id IN (SELECT id FROM forgotten);
      UPDATE partition SET state = 'READY', attempt = 0, remote_file_id = NULL, remote_batch_id = NULL,
             creating_at = NULL, due_at = created_at, lease_token = NULL, lease_owner = NULL, lease_until = NULL
       WHERE id IN (SELECT id FROM forgotten);
      UPDATE provider_account SET timeline = 'another', sweeping = NULL, fences = 0, due_at = now(),
             lease_token = NULL, lease_owner = NULL, lease_until = NULL;
      COMMIT\
      """;

  public abstract void drive(Stage stage);

  /// Whether its points come about so often, or again after a strike, that two of them can be
  /// struck in one round: not where the provider errs just once, and not where there is one step.
  public boolean bearsTwo() {
    return switch (this) {
      case SUBMIT,
          ANSWER,
          STEPS,
          CROWD,
          SLOW,
          CANCEL_WHILE_RUNNING,
          FULL,
          POISON,
          KEYED,
          AUDIT,
          RECALL ->
          true;
      case CANCEL_WHILE_WAITING,
          REPAIR,
          RETRY,
          LOST_REPLY,
          NEVER_CREATED,
          THROTTLED,
          REFUSED,
          PARKED,
          DEFERRED,
          DOUBTED,
          CUT_DOWNLOAD,
          DELETE,
          DEADLINE,
          SETTLE,
          START ->
          false;
    };
  }
}
