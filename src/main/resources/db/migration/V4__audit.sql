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
