-- What an account has room for, learned from its provider's refusals and shared by all replicas.

-- How often in a row the provider would not take it for a passing reason: the pause grows with it.
ALTER TABLE partition ADD COLUMN turned_away integer NOT NULL DEFAULT 0;
