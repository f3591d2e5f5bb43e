-- Gateways that count from 1 after a restart give an id to a second batch. It is one live attempt's; what is over keeps its history.
ALTER TABLE attempt DROP CONSTRAINT attempt_provider_remote_batch_id_key;
CREATE UNIQUE INDEX attempt_live_batch ON attempt (provider, remote_batch_id)
  WHERE remote_batch_id IS NOT NULL AND state IN ('INTENT', 'CREATING', 'CREATED');
CREATE INDEX attempt_batch ON attempt (provider, remote_batch_id) WHERE remote_batch_id IS NOT NULL;
