-- A batch that another client has created, and that a task took over instead of paying for its requests again. Its input file carries the
-- ids that the caller gave, not ours, and so do its answers; its files are not ours to delete.
ALTER TABLE partition ADD COLUMN callers_ids boolean NOT NULL DEFAULT false;
ALTER TABLE attempt ADD COLUMN adopted boolean NOT NULL DEFAULT false;

INSERT INTO partition_move (before, after) VALUES ('UPLOADING', 'SUBMITTED');
