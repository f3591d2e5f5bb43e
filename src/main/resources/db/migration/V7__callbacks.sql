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
