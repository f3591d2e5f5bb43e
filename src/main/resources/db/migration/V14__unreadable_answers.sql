-- Answers that cannot be used stay at the provider; a retry of the task reads them again, and nothing is paid for twice.
INSERT INTO partition_move (before, after) VALUES
  ('FAILED', 'ENDED'), ('FAILED', 'SUBMITTED');
ALTER TABLE partition
  -- How often a person had its answers read again.
  ADD COLUMN rereads integer NOT NULL DEFAULT 0,
  -- What the last whole transfer of its answers was, that lacked some, and since when it is the same.
  ADD COLUMN transfer_digest text,
  ADD COLUMN transfer_since timestamptz,
  ADD CHECK ((transfer_digest IS NULL) = (transfer_since IS NULL));
