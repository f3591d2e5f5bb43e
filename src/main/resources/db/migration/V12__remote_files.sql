-- Files at a provider are looked up by their ids: what was sent, and the answers, several in one text.
CREATE INDEX attempt_sent ON attempt (remote_file_id) WHERE remote_file_id IS NOT NULL;
CREATE INDEX attempt_answers ON attempt USING gin (string_to_array(answer_files, ' ')) WHERE answer_files IS NOT NULL;
