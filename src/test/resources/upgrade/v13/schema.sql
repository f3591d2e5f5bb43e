CREATE TABLE flyway_schema_history (
  installed_rank integer NOT NULL CONSTRAINT flyway_schema_history_pk PRIMARY KEY,
  version varchar(50), description varchar(200) NOT NULL, type varchar(20) NOT NULL,
  script varchar(1000) NOT NULL, checksum integer, installed_by varchar(100) NOT NULL,
  installed_on timestamp NOT NULL DEFAULT now(), execution_time integer NOT NULL, success boolean NOT NULL);
CREATE INDEX flyway_schema_history_s_idx ON flyway_schema_history (success);

-- V1__schema.sql
-- What is true. States are text with a CHECK; every "only in that state" is one too.
-- Requests are not rows: they are lines of blobs, found through request_chunk.

-- Who we are towards the providers: tags begin with this, so that we never touch what others made.
CREATE TABLE deployment (
  only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
  id text NOT NULL DEFAULT substr(replace(gen_random_uuid()::text, '-', ''), 1, 12)
);
INSERT INTO deployment DEFAULT VALUES;

CREATE TABLE task (
  id uuid PRIMARY KEY,
  owner text NOT NULL,
  name text NOT NULL,
  state text NOT NULL CHECK (state IN ('OPEN', 'RUNNING', 'COMPLETED', 'CANCELLING', 'CANCELLED', 'FAILED')),
  provider text NOT NULL,
  model text,
  endpoint text NOT NULL,
  defaults text,
  batch_size integer CHECK (batch_size > 0),
  max_file_bytes bigint CHECK (max_file_bytes > 0),
  auto boolean NOT NULL,
  hold text NOT NULL CHECK (hold IN ('NONE', 'UPLOAD', 'SUBMIT')),
  max_attempts integer NOT NULL CHECK (max_attempts BETWEEN 1 AND 10),
  metadata text NOT NULL,
  requests bigint NOT NULL DEFAULT 0,
  explicit_ids boolean NOT NULL DEFAULT false,
  generated_ids boolean NOT NULL DEFAULT false,
  lookalike_ids boolean NOT NULL DEFAULT false,
  split boolean NOT NULL DEFAULT false,
  partitions integer NOT NULL DEFAULT 0,
  succeeded bigint NOT NULL DEFAULT 0,
  failed bigint NOT NULL DEFAULT 0,
  cancelled bigint NOT NULL DEFAULT 0,
  failure text,
  created_at timestamptz NOT NULL,
  submitted_at timestamptz,
  finished_at timestamptz,
  due_at timestamptz,
  lease_token uuid,
  lease_owner text,
  lease_until timestamptz,
  UNIQUE (owner, name),
  CHECK ((state IN ('COMPLETED', 'CANCELLED', 'FAILED')) = (finished_at IS NOT NULL)),
  CHECK (state <> 'FAILED' OR failure IS NOT NULL),
  -- Nothing may end with a request unaccounted for.
  CHECK (finished_at IS NULL OR succeeded + failed + cancelled = requests)
) WITH (fillfactor = 75);
CREATE INDEX task_due ON task (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX task_listed ON task (owner, created_at DESC, id DESC);

CREATE TABLE partition (
  id uuid PRIMARY KEY,
  task_id uuid NOT NULL REFERENCES task (id) ON DELETE CASCADE,
  ordinal integer NOT NULL,
  kind text NOT NULL CHECK (kind IN ('BASE', 'REPAIR')),
  provider text NOT NULL,
  model text NOT NULL,
  endpoint text NOT NULL,
  state text NOT NULL CHECK (state IN ('READY', 'UPLOADING', 'CREATING', 'RECONCILING', 'SUBMITTED',
    'CANCELLING', 'ENDED', 'DOWNLOADED', 'PARKED', 'FAILED', 'CANCELLED')),
  first_seq bigint NOT NULL,
  last_seq bigint NOT NULL,
  requests integer NOT NULL CHECK (requests > 0),
  wire_bytes bigint NOT NULL,
  tries integer NOT NULL CHECK (tries > 0),
  attempt integer NOT NULL DEFAULT 0,
  refusals integer NOT NULL DEFAULT 0,
  due_at timestamptz,
  lease_token uuid,
  lease_owner text,
  lease_until timestamptz,
  remote_file_id text,
  remote_batch_id text,
  creating_at timestamptz,
  fenced_at timestamptz,
  polls integer NOT NULL DEFAULT 0,
  provider_status text,
  answered integer NOT NULL DEFAULT 0,
  answer_files text,
  answers_expected integer,
  refused text,
  downloads integer NOT NULL DEFAULT 0,
  wait_reason text,
  last_error text,
  error_code text,
  succeeded integer NOT NULL DEFAULT 0,
  input_tokens bigint NOT NULL DEFAULT 0,
  output_tokens bigint NOT NULL DEFAULT 0,
  handed_over boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL,
  UNIQUE (task_id, ordinal),
  CHECK (state NOT IN ('SUBMITTED', 'CANCELLING', 'ENDED') OR remote_batch_id IS NOT NULL),
  -- Only a file whose id was committed may ever be used in a create call.
  CHECK (state NOT IN ('CREATING', 'RECONCILING') OR (remote_file_id IS NOT NULL AND creating_at IS NOT NULL)),
  CHECK (fenced_at IS NULL OR state = 'RECONCILING'),
  CHECK ((state IN ('DOWNLOADED', 'FAILED', 'CANCELLED')) <= (due_at IS NULL)),
  CHECK (state <> 'FAILED' OR last_error IS NOT NULL)
) WITH (fillfactor = 75);
CREATE INDEX partition_due ON partition (due_at)
  WHERE due_at IS NOT NULL;

-- The same table of legal moves as PartitionState.canBecome; a test compares the two. It stops ad-hoc SQL too.
CREATE TABLE partition_move (
  before text NOT NULL,
  after text NOT NULL,
  PRIMARY KEY (before, after)
);
INSERT INTO partition_move (before, after) VALUES
  ('READY', 'UPLOADING'), ('READY', 'PARKED'), ('READY', 'FAILED'), ('READY', 'CANCELLED'),
  ('UPLOADING', 'CREATING'), ('UPLOADING', 'READY'), ('UPLOADING', 'PARKED'), ('UPLOADING', 'FAILED'), ('UPLOADING', 'CANCELLED'),
  ('CREATING', 'SUBMITTED'), ('CREATING', 'RECONCILING'), ('CREATING', 'READY'), ('CREATING', 'PARKED'), ('CREATING', 'FAILED'),
  ('RECONCILING', 'SUBMITTED'), ('RECONCILING', 'READY'),
  ('SUBMITTED', 'ENDED'), ('SUBMITTED', 'CANCELLING'), ('SUBMITTED', 'READY'), ('SUBMITTED', 'PARKED'), ('SUBMITTED', 'FAILED'), ('SUBMITTED', 'CANCELLED'),
  ('CANCELLING', 'ENDED'), ('CANCELLING', 'CANCELLED'), ('CANCELLING', 'FAILED'),
  ('ENDED', 'DOWNLOADED'), ('ENDED', 'FAILED'),
  ('PARKED', 'READY'), ('PARKED', 'FAILED'), ('PARKED', 'CANCELLED');

CREATE FUNCTION partition_moves_legally() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM partition_move WHERE before = OLD.state AND after = NEW.state) THEN
    RAISE EXCEPTION 'partition % may not go from % to %', OLD.id, OLD.state, NEW.state USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER partition_moves BEFORE UPDATE OF state ON partition
  FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION partition_moves_legally();

-- One row a try to have a partition answered by its provider.
CREATE TABLE attempt (
  partition_id uuid NOT NULL REFERENCES partition (id) ON DELETE CASCADE,
  n integer NOT NULL,
  tag text NOT NULL UNIQUE,
  provider text NOT NULL,
  state text NOT NULL CHECK (state IN ('INTENT', 'CREATING', 'CREATED', 'ABANDONED', 'FAILED_UNBILLED', 'DONE')),
  remote_file_id text,
  remote_batch_id text,
  answer_files text,
  error text,
  started_at timestamptz NOT NULL,
  ended_at timestamptz,
  PRIMARY KEY (partition_id, n),
  UNIQUE (provider, remote_batch_id),
  CHECK (state <> 'CREATED' OR remote_batch_id IS NOT NULL)
) WITH (fillfactor = 75);
CREATE UNIQUE INDEX attempt_one_open ON attempt (partition_id) WHERE state IN ('INTENT', 'CREATING', 'CREATED');

-- Where the requests are. seqs: offsets from first_seq of the chunk's lines, NULL when there is no gap.
CREATE TABLE request_chunk (
  task_id uuid NOT NULL REFERENCES task (id) ON DELETE CASCADE,
  blob_id uuid NOT NULL,
  n integer NOT NULL,
  model text NOT NULL,
  endpoint text NOT NULL,
  first_seq bigint NOT NULL,
  last_seq bigint NOT NULL,
  requests integer NOT NULL,
  seqs bytea,
  body_bytes bigint NOT NULL,
  inputs bigint NOT NULL,
  PRIMARY KEY (blob_id, n)
);
CREATE INDEX request_chunk_found ON request_chunk (task_id, model, endpoint, first_seq);

-- Hashes of the ids that callers gave, a row a chunk: duplicates are found by the database, not in the heap.
CREATE TABLE request_ids (
  blob_id uuid NOT NULL,
  n integer NOT NULL,
  task_id uuid,
  hashes bigint[] NOT NULL,
  PRIMARY KEY (blob_id, n)
);
ALTER TABLE request_ids ALTER COLUMN hashes SET STORAGE EXTERNAL;
CREATE INDEX request_ids_of_task ON request_ids (task_id);

-- Where the answers of requests that succeeded are, in input order within a partition.
CREATE TABLE result_chunk (
  task_id uuid NOT NULL REFERENCES task (id) ON DELETE CASCADE,
  partition_id uuid NOT NULL,
  blob_id uuid NOT NULL,
  n integer NOT NULL,
  first_seq bigint NOT NULL,
  last_seq bigint NOT NULL,
  results integer NOT NULL,
  seqs bytea,
  PRIMARY KEY (blob_id, n)
);
CREATE INDEX result_chunk_ordered ON result_chunk (task_id, first_seq);

-- The fate of a request that has not succeeded; one that succeeds at last loses its row.
-- Requests of a partition that failed or was cancelled as a whole have no rows: its state says it.
CREATE TABLE request_outcome (
  task_id uuid NOT NULL REFERENCES task (id) ON DELETE CASCADE,
  seq bigint NOT NULL,
  partition_id uuid NOT NULL,
  state text NOT NULL CHECK (state IN ('FAILED', 'CANCELLED', 'WAITING', 'RETRYING')),
  tries integer NOT NULL,
  model text NOT NULL,
  endpoint text NOT NULL,
  wire_bytes bigint NOT NULL,
  code text NOT NULL,
  message text NOT NULL,
  custom_id bytea NOT NULL,
  response bytea,
  PRIMARY KEY (task_id, seq)
);
CREATE INDEX request_outcome_held ON request_outcome (partition_id, seq);
CREATE INDEX request_outcome_waiting ON request_outcome (task_id, model, endpoint, seq) WHERE state = 'WAITING';

-- Append only: who did what, when.
CREATE TABLE task_event (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  task_id uuid NOT NULL REFERENCES task (id) ON DELETE CASCADE,
  at timestamptz NOT NULL,
  actor text NOT NULL,
  event text NOT NULL,
  partition integer,
  detail text,
  provider_request_id text
);
CREATE INDEX task_event_of_task ON task_event (task_id, id);

-- Blobs: immutable, compressed, line-aligned pieces of JSON lines. A blob nobody refers to is OPEN and is swept.
CREATE TABLE blob (
  id uuid PRIMARY KEY,
  state text NOT NULL CHECK (state IN ('OPEN', 'LIVE')),
  created_at timestamptz NOT NULL
);
CREATE INDEX blob_open ON blob (created_at) WHERE state = 'OPEN';

CREATE TABLE blob_chunk (
  blob_id uuid NOT NULL,
  n integer NOT NULL,
  raw_bytes integer NOT NULL CHECK (raw_bytes >= 0),
  sha256 bytea NOT NULL,
  body bytea NOT NULL,
  PRIMARY KEY (blob_id, n)
);
-- Compressed by us already: the server must not try again.
ALTER TABLE blob_chunk ALTER COLUMN body SET STORAGE EXTERNAL;

-- V2__provider_account.sql
-- One row a configured provider: what is true of the account behind it, for all replicas.
-- Whoever first has something to say of a provider makes its row.
CREATE TABLE provider_account (
  provider text PRIMARY KEY,
  -- Somebody must act: nothing new is begun on the account before this time.
  parked_until timestamptz,
  parked_for text CHECK (parked_for IN ('CREDENTIALS', 'OPERATOR')),
  parked_because text,
  -- The next audit: our remote batches and files are compared with our attempts.
  due_at timestamptz,
  lease_token uuid,
  lease_owner text,
  lease_until timestamptz,
  CHECK ((parked_until IS NULL) = (parked_for IS NULL)),
  CHECK ((parked_until IS NULL) = (parked_because IS NULL))
);

-- V3__timeline.sql
-- The timeline that this server writes. A fail-over to a standby, or a restore to an earlier point, begins a new one, and may have
-- lost commits that somebody has acted upon. Where the server does not tell, every timeline looks the same.
CREATE FUNCTION wal_timeline() RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8);
EXCEPTION
  WHEN insufficient_privilege OR undefined_function OR feature_not_supported OR object_not_in_prerequisite_state THEN
    RETURN '';
END $$;

-- V4__audit.sql
-- Accounts are claimed like tasks and partitions: for audits, and after a fail-over for a sweep.
ALTER TABLE provider_account
  ADD COLUMN id uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE,
  -- Under which all that we may have forgotten was last looked for. Nothing of the provider is begun under another one.
  ADD COLUMN timeline text,
  -- Under which it is being looked for now,
  ADD COLUMN sweeping text,
  -- and how often the files of forgotten attempts were deleted for that.
  ADD COLUMN fences integer NOT NULL DEFAULT 0 CHECK (fences >= 0),
  ADD CHECK (fences = 0 OR sweeping IS NOT NULL);

-- A batch that the database has forgotten is adopted, wherever the partition stood without it.
INSERT INTO partition_move (before, after) VALUES
  ('READY', 'RECONCILING'), ('UPLOADING', 'RECONCILING'), ('SUBMITTED', 'RECONCILING'), ('PARKED', 'RECONCILING');

-- What audits found. Append only; the same thing is found once.
CREATE TABLE audit_event (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL,
  provider text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('LATE_CREATE', 'DOUBLE_BATCH', 'ORPHAN_BATCH', 'RECALLED_BATCH', 'ORPHAN_FILE')),
  remote_id text NOT NULL,
  tag text NOT NULL,
  detail text NOT NULL,
  UNIQUE (provider, kind, remote_id)
);
CREATE FUNCTION audit_event_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'audit_event is append only';
END $$;
CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE ON audit_event
  FOR EACH ROW EXECUTE FUNCTION audit_event_stays();

-- Remote files go some time after their attempt is over.
ALTER TABLE attempt ADD COLUMN files_deleted_at timestamptz;
CREATE INDEX attempt_files ON attempt (provider, ended_at, partition_id, n)
  WHERE ended_at IS NOT NULL AND files_deleted_at IS NULL AND (remote_file_id IS NOT NULL OR answer_files IS NOT NULL);

-- How many batches are live on an account, and which are polled next.
CREATE INDEX partition_live ON partition (provider, due_at) WHERE state IN ('SUBMITTED', 'CANCELLING');

-- V5__quota.sql
-- What an account has room for: learned from its provider's refusals, shared by all replicas.

-- A row an account and model, locked by whoever is about to begin a batch of it.
CREATE TABLE token_limit (
  provider text NOT NULL,
  model text NOT NULL,
  -- Input tokens that may be enqueued at a time; unknown until the provider or the configuration says it.
  tokens bigint CHECK (tokens > 0),
  configured bigint CHECK (configured > 0),
  learned_at timestamptz,
  last_refused_at timestamptz,
  raised_at timestamptz,
  -- How long a batch of it takes, from create to end: a moving average.
  batch_seconds double precision,
  PRIMARY KEY (provider, model)
) WITH (fillfactor = 75);

ALTER TABLE partition
  -- Input tokens, estimated.
  ADD COLUMN tokens bigint NOT NULL DEFAULT 1 CHECK (tokens > 0),
  -- How often in a row the provider would not take it for a passing reason: the pause grows with it.
  ADD COLUMN turned_away integer NOT NULL DEFAULT 0,
  -- Since when it waits for room among what we have enqueued ourselves.
  ADD COLUMN queued_at timestamptz,
  ADD CHECK (queued_at IS NULL OR state IN ('READY', 'UPLOADING'));
UPDATE partition SET tokens = greatest(1, wire_bytes / 4);

CREATE INDEX partition_of_account ON partition (provider, model)
  WHERE state IN ('READY', 'UPLOADING', 'CREATING', 'RECONCILING', 'SUBMITTED', 'CANCELLING', 'PARKED');

-- Whether the account was parked for the refusal of a batch that it had taken at first: then only answers prove that it works again.
ALTER TABLE provider_account ADD COLUMN parked_by_batch boolean NOT NULL DEFAULT false;

-- V6__bisection.sql
-- Partitions that were halved to find the request that makes a provider refuse their file.
ALTER TABLE partition
  -- Whose half it is; and its ordinal, for people.
  ADD COLUMN parent_id uuid,
  ADD COLUMN parent_ordinal integer,
  -- The partition that was halved first: the number of its descendants is bounded.
  ADD COLUMN root_id uuid,
  ADD CHECK ((parent_id IS NULL) = (root_id IS NULL)),
  ADD CHECK ((parent_id IS NULL) = (parent_ordinal IS NULL));
CREATE INDEX partition_of_root ON partition (root_id) WHERE root_id IS NOT NULL;

-- V7__callbacks.sql
-- How often a task has ended: one that is retried ends again, and its caller is told again.
ALTER TABLE task ADD COLUMN endings integer NOT NULL DEFAULT 0;

-- Whom to tell when a task is over. Outlives the task while something is owed; id stays its id.
CREATE TABLE callback (
  id uuid PRIMARY KEY,
  task_id uuid UNIQUE REFERENCES task (id) ON DELETE SET NULL,
  url text NOT NULL,
  host text NOT NULL,
  -- The deployment's secrets signed until the task got one of its own, and sign along until then.
  shared_until timestamptz,
  CHECK (task_id = id)
);

-- A task's own secrets, encrypted. One without an end is the current one.
CREATE TABLE callback_secret (
  callback_id uuid NOT NULL REFERENCES callback (id) ON DELETE CASCADE,
  n integer NOT NULL,
  sealed bytea NOT NULL,
  valid_until timestamptz,
  PRIMARY KEY (callback_id, n)
);
CREATE UNIQUE INDEX callback_secret_current ON callback_secret (callback_id) WHERE valid_until IS NULL;

-- What is owed: written by the transaction that ends the task, with the bytes that every attempt sends.
CREATE TABLE delivery (
  id uuid PRIMARY KEY,
  callback_id uuid NOT NULL REFERENCES callback (id) ON DELETE CASCADE,
  ending integer NOT NULL,
  event text NOT NULL CHECK (event IN ('task.completed', 'task.failed', 'task.cancelled')),
  url text NOT NULL,
  host text NOT NULL,
  payload bytea NOT NULL CHECK (octet_length(payload) < 20000),
  state text NOT NULL CHECK (state IN ('PENDING', 'DELIVERED', 'DEAD')),
  tries integer NOT NULL DEFAULT 0,
  attempts integer NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL,
  ended_at timestamptz,
  due_at timestamptz,
  lease_token uuid,
  lease_owner text,
  lease_until timestamptz,
  -- One end is told once, whoever thinks that he is the one who ended it.
  UNIQUE (callback_id, ending),
  CHECK ((state = 'PENDING') = (due_at IS NOT NULL)),
  CHECK ((state = 'PENDING') = (ended_at IS NULL))
) WITH (fillfactor = 75);
CREATE INDEX delivery_due ON delivery (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE delivery_attempt (
  delivery_id uuid NOT NULL REFERENCES delivery (id) ON DELETE CASCADE,
  n integer NOT NULL,
  at timestamptz NOT NULL,
  latency_ms integer NOT NULL,
  status integer,
  trouble text CHECK (trouble IN ('DESTINATION_NOT_ALLOWED', 'DNS_FAILED', 'TLS_FAILED', 'TIMEOUT', 'CONNECTION_FAILED', 'STATUS')),
  answer text,
  PRIMARY KEY (delivery_id, n)
);

-- V9__deadline.sql
-- When a task has to be over, and who stopped one that was.
ALTER TABLE task
  ADD COLUMN deadline timestamptz,
  ADD COLUMN stopped_by text CHECK (stopped_by IN ('CALLER', 'DEADLINE'));
UPDATE task SET stopped_by = 'CALLER' WHERE state IN ('CANCELLING', 'CANCELLED');
ALTER TABLE task
  ADD CHECK (stopped_by IS NULL OR state IN ('CANCELLING', 'CANCELLED')),
  -- Nothing in memory knows of a deadline: the row is due no later than that.
  ADD CHECK (deadline IS NULL OR state NOT IN ('OPEN', 'RUNNING') OR (due_at IS NOT NULL AND due_at <= deadline));

-- V10__idempotency.sql
-- Calls that came with an Idempotency-Key: one that is being done, or the answer of one that was done.
-- The answer is written in the transaction of the change itself.
CREATE TABLE idempotent_call (
  owner text NOT NULL,
  method text NOT NULL,
  route text NOT NULL,
  key text NOT NULL,
  -- Who is at it. A random token, so that one who was overtaken cannot commit.
  token uuid,
  holder text,
  -- What was answered, and to what.
  fingerprint text,
  status integer,
  location text,
  body text,
  -- Under way: whoever comes later may take it over. Answered: forgotten.
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (owner, method, route, key),
  CHECK ((token IS NULL) = (holder IS NULL)),
  CHECK ((token IS NULL) = (status IS NOT NULL)),
  CHECK ((status IS NULL) = (fingerprint IS NULL))
);
CREATE INDEX idempotent_call_expires ON idempotent_call (expires_at);

-- V11__remote_model.sql
-- What answers a partition at its provider, where that is not the model that its requests name: one of the several that share the work
-- (Azure: deployments). Chosen and committed before the upload, since every line of the file names it.
ALTER TABLE partition ADD COLUMN remote_model text;
ALTER TABLE attempt ADD COLUMN remote_model text;

-- Quotas are kept for what answers; the queue before them is one of the model (partition_of_account).
CREATE INDEX partition_of_remote_model ON partition (provider, coalesce(remote_model, model))
  WHERE state IN ('READY', 'UPLOADING', 'CREATING', 'RECONCILING', 'SUBMITTED', 'CANCELLING', 'PARKED');

-- V12__remote_files.sql
-- Files at a provider are looked up by their ids: what was sent, and the answers, several in one text.
CREATE INDEX attempt_sent ON attempt (remote_file_id) WHERE remote_file_id IS NOT NULL;
CREATE INDEX attempt_answers ON attempt USING gin (string_to_array(answer_files, ' ')) WHERE answer_files IS NOT NULL;

-- V13__sweeps.sql
-- When the sweep that is under way began.
ALTER TABLE provider_account ADD COLUMN sweeping_since timestamptz;
