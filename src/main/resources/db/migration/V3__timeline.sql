-- The timeline that this server writes. A fail-over to a standby, or a restore to an earlier point, begins a new one, and may have
-- lost commits that somebody has acted upon. Where the server does not tell, every timeline looks the same.
CREATE FUNCTION wal_timeline() RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8);
EXCEPTION
  WHEN insufficient_privilege OR undefined_function OR feature_not_supported OR object_not_in_prerequisite_state THEN
    RETURN '';
END $$;
