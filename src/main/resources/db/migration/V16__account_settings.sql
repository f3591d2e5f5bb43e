-- What is known of an account holds for the settings by which it was learned.
ALTER TABLE provider_account
  -- A fingerprint of the address and the credentials that the service was last started with.
  ADD COLUMN settings text,
  -- The same of the process whose calls were refused: another one tries.
  ADD COLUMN parked_settings text,
  -- The smallest file that was refused for its size, and when.
  ADD COLUMN refused_bytes bigint CHECK (refused_bytes > 0),
  ADD COLUMN refused_bytes_at timestamptz,
  ADD CHECK ((refused_bytes IS NULL) = (refused_bytes_at IS NULL));
