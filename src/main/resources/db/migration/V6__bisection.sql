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
