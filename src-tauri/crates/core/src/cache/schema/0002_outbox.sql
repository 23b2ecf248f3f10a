-- The outbox holds what the person decided and the server has not confirmed, and nothing else. Times are milliseconds
-- since 1970, UTC. `place` is the order of the decisions; `kind` and `target_id` together are a lane. `epoch` is the
-- server's history that `base_rev` belongs to, NULL where it is not known. `version` is that of the row's content: what a
-- later version of the program wrote is shown and never sent or removed.

CREATE TABLE outbox (
    place INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    version INTEGER NOT NULL,
    kind TEXT NOT NULL,
    target_id INTEGER NOT NULL,
    value TEXT NOT NULL,
    base_rev INTEGER NOT NULL,
    epoch TEXT,
    seen TEXT NOT NULL,
    decided_at INTEGER NOT NULL,
    force INTEGER NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    next_attempt_at INTEGER,
    reason TEXT,
    last_error TEXT,
    current TEXT
);
CREATE INDEX outbox_lane ON outbox (kind, target_id, place);
CREATE INDEX outbox_by_state ON outbox (state, place);

-- Why a contact's checks are off, in the owner's words; kept here alone.
CREATE TABLE check_exception (
    contact_id INTEGER PRIMARY KEY,
    reason TEXT NOT NULL,
    until INTEGER
);

-- Derived from the outbox, in its transactions: `decided` is the value of the newest decision that is waiting or on its
-- way, `decision` is `pending`, `conflict` or `rejected`. The effective value is what everybody sees.
ALTER TABLE contact ADD COLUMN decided TEXT;
ALTER TABLE contact ADD COLUMN decision TEXT;
ALTER TABLE contact ADD COLUMN effective_checks INTEGER GENERATED ALWAYS AS (
    CASE decided WHEN 'on' THEN 1 WHEN 'off' THEN 0 ELSE checks_enabled END
) VIRTUAL;
ALTER TABLE device ADD COLUMN decided TEXT;
ALTER TABLE device ADD COLUMN decision TEXT;
ALTER TABLE device ADD COLUMN effective_access TEXT GENERATED ALWAYS AS (coalesce(decided, access)) VIRTUAL;
ALTER TABLE restriction ADD COLUMN decided TEXT;
ALTER TABLE restriction ADD COLUMN decision TEXT;
ALTER TABLE restriction ADD COLUMN effective_status TEXT GENERATED ALWAYS AS (coalesce(decided, status)) VIRTUAL;

-- Made again over the effective values: `cache/load.rs`.
DROP INDEX IF EXISTS contact_by_checks;
DROP INDEX IF EXISTS contact_unchecked_by_activity;
DROP INDEX IF EXISTS restriction_unviewed;
DROP INDEX IF EXISTS restriction_unviewed_by_time;
