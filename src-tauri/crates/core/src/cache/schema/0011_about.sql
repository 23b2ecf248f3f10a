-- What a waiting decision is about, noted when the server's history becomes another one: there the same id may be
-- somebody else's.
ALTER TABLE outbox ADD COLUMN about TEXT;
