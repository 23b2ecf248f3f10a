-- Each start of the server, with a random mark and the revision that was the last one then. Cursors carry the mark of their
-- time: one that was handed out after a copy of this database was made is told by it once the copy is put back, however far
-- the revisions have come again.
CREATE TABLE server_start (
    id   BIGINT NOT NULL PRIMARY KEY,
    mark TEXT   NOT NULL UNIQUE,
    rev  BIGINT NOT NULL
);
