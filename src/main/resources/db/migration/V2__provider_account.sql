-- One row a configured provider: what is true of the account behind it, for all replicas.
-- Whoever first has something to say of a provider makes its row.
CREATE TABLE provider_account (
  provider text PRIMARY KEY,
  -- Somebody must act: nothing new is begun on the account before this time.
  parked_until timestamptz,
  parked_for text CHECK (parked_for IN ('CREDENTIALS', 'OPERATOR')),
  parked_because text,
  -- The next audit: our remote batches and files are compared with our attempts.
  due_at timestamptz,
  lease_token uuid,
  lease_owner text,
  lease_until timestamptz,
  CHECK ((parked_until IS NULL) = (parked_for IS NULL)),
  CHECK ((parked_until IS NULL) = (parked_because IS NULL))
);
