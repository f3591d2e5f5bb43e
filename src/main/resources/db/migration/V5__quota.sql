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
