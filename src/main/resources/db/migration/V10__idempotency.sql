-- Calls that came with an Idempotency-Key: one that is being done, or the answer of one that was done.
-- The answer is written in the transaction of the change itself.
CREATE TABLE idempotent_call (
  owner text NOT NULL,
  method text NOT NULL,
  route text NOT NULL,
  key text NOT NULL,
  -- Who is at it. A random token, so that one who was overtaken cannot commit.
  token uuid,
  holder text,
  -- What was answered, and to what.
  fingerprint text,
  status integer,
  location text,
  body text,
  -- Under way: whoever comes later may take it over. Answered: forgotten.
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (owner, method, route, key),
  CHECK ((token IS NULL) = (holder IS NULL)),
  CHECK ((token IS NULL) = (status IS NOT NULL)),
  CHECK ((status IS NULL) = (fingerprint IS NULL))
);
CREATE INDEX idempotent_call_expires ON idempotent_call (expires_at);
