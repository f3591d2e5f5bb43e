-- A create call that was refused leaves the file, and the same attempt tries again with it.
INSERT INTO partition_move (before, after) VALUES ('CREATING', 'UPLOADING'), ('PARKED', 'UPLOADING');
