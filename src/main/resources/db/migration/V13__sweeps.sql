-- When the sweep that is under way began.
ALTER TABLE provider_account ADD COLUMN sweeping_since timestamptz;
