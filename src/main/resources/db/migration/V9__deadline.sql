-- When a task has to be over, and who stopped one that was.
ALTER TABLE task
  ADD COLUMN deadline timestamptz,
  ADD COLUMN stopped_by text CHECK (stopped_by IN ('CALLER', 'DEADLINE'));
UPDATE task SET stopped_by = 'CALLER' WHERE state IN ('CANCELLING', 'CANCELLED');
ALTER TABLE task
  ADD CHECK (stopped_by IS NULL OR state IN ('CANCELLING', 'CANCELLED')),
  -- Nothing in memory knows of a deadline: the row is due no later than that.
  ADD CHECK (deadline IS NULL OR state NOT IN ('OPEN', 'RUNNING') OR (due_at IS NOT NULL AND due_at <= deadline));
