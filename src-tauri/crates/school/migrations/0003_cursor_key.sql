-- A secret of this cabinet, made by the program: by it a cursor that was made here is told from another cabinet's.
ALTER TABLE cabinet ADD COLUMN cursor_key TEXT;
