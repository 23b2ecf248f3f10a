-- Which violations were told, so that each is told once, ever. A violation is the same where id and time are the same: a
-- server that was put back from a backup gives an id to another one. `state` is `new`, `held` (it came while nothing might
-- be told) or `done` (told, or it never will be). What is here before a first reading ends is `done`: `meta.telling` says
-- that it has ended.

CREATE TABLE telling (
    restriction_id INTEGER NOT NULL,
    occurred_at INTEGER NOT NULL,
    state TEXT NOT NULL,
    PRIMARY KEY (restriction_id, occurred_at)
) WITHOUT ROWID;
CREATE INDEX telling_open ON telling (state) WHERE state <> 'done';

INSERT INTO telling (restriction_id, occurred_at, state)
SELECT id, occurred_at, 'done'
FROM restriction;

INSERT INTO meta (key, value)
SELECT 'telling', '1'
WHERE EXISTS (SELECT 1 FROM meta WHERE key = 'loading' AND CAST(value AS TEXT) = '0')
    AND EXISTS (SELECT 1 FROM meta WHERE key = 'login_log' AND CAST(value AS TEXT) = '1');
