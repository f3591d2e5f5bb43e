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
