-- What answers a partition at its provider, where that is not the model that its requests name: one of the several that share the work
-- (Azure: deployments). Chosen and committed before the upload, since every line of the file names it.
ALTER TABLE partition ADD COLUMN remote_model text;
ALTER TABLE attempt ADD COLUMN remote_model text;

-- Quotas are kept for what answers; the queue before them is one of the model (partition_of_account).
CREATE INDEX partition_of_remote_model ON partition (provider, coalesce(remote_model, model))
  WHERE state IN ('READY', 'UPLOADING', 'CREATING', 'RECONCILING', 'SUBMITTED', 'CANCELLING', 'PARKED');
