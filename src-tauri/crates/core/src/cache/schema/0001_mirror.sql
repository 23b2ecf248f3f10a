-- The mirror holds what the server said and nothing else. Times are milliseconds since 1970, UTC. There are no foreign
-- keys: a session may come before its contact. `run` is the reading of the whole log that saw a row last; `only_here`
-- marks rows that the server dropped as too old. Secondary indexes are made at the end of a first load: `cache/load.rs`.

CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value
) WITHOUT ROWID;

CREATE TABLE contact (
    id INTEGER PRIMARY KEY,
    email TEXT NOT NULL,
    first_name TEXT,
    last_name TEXT,
    phone TEXT,
    created_at INTEGER NOT NULL,
    tags TEXT NOT NULL,
    last_activity_at INTEGER,
    checks_enabled INTEGER NOT NULL,
    checks_changed_at INTEGER,
    checks_changed_by TEXT,
    extra TEXT,
    rev INTEGER NOT NULL,
    run INTEGER NOT NULL,
    only_here INTEGER NOT NULL DEFAULT 0,
    -- Derived, folded for sorting and searching.
    name_folded TEXT NOT NULL,
    email_folded TEXT NOT NULL,
    more_folded TEXT NOT NULL,
    -- Never active sorts as the oldest.
    activity_sort INTEGER NOT NULL,
    -- Derived from the contact's restrictions and devices.
    unviewed INTEGER NOT NULL DEFAULT 0,
    devices INTEGER NOT NULL DEFAULT 0,
    blocked_devices INTEGER NOT NULL DEFAULT 0
);

-- Addresses, user agents and rules stand once each: what is worked out of them is worked out once, and text search runs
-- over these few instead of over every session.
CREATE TABLE ip (
    id INTEGER PRIMARY KEY,
    address TEXT NOT NULL UNIQUE,
    folded TEXT NOT NULL,
    country TEXT,
    city TEXT,
    network_kind TEXT
);

CREATE TABLE agent (
    id INTEGER PRIMARY KEY,
    text TEXT NOT NULL UNIQUE,
    folded TEXT NOT NULL,
    browser TEXT,
    os TEXT,
    device_type TEXT NOT NULL
);

CREATE TABLE rule (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL,
    text TEXT NOT NULL,
    folded TEXT NOT NULL,
    UNIQUE (code, text)
);

CREATE TABLE device (
    id INTEGER PRIMARY KEY,
    contact_id INTEGER NOT NULL,
    fingerprint TEXT NOT NULL,
    agent_id INTEGER NOT NULL,
    first_seen_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    access TEXT NOT NULL,
    access_changed_at INTEGER,
    access_changed_by TEXT,
    extra TEXT,
    rev INTEGER NOT NULL,
    run INTEGER NOT NULL,
    only_here INTEGER NOT NULL DEFAULT 0
);

-- The newest login from each device; apart from `device`, since either may come first.
CREATE TABLE device_place (
    device_id INTEGER PRIMARY KEY,
    session_id INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    ip_id INTEGER NOT NULL
);

CREATE TABLE session (
    id INTEGER PRIMARY KEY,
    contact_id INTEGER NOT NULL,
    device_id INTEGER,
    ip_id INTEGER NOT NULL,
    agent_id INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    last_activity_at INTEGER NOT NULL,
    ended_at INTEGER,
    end_reason TEXT,
    outcome TEXT NOT NULL,
    extra TEXT,
    rev INTEGER NOT NULL,
    run INTEGER NOT NULL,
    only_here INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE restriction (
    id INTEGER PRIMARY KEY,
    contact_id INTEGER NOT NULL,
    session_id INTEGER,
    device_id INTEGER,
    occurred_at INTEGER NOT NULL,
    rule_id INTEGER NOT NULL,
    rule_limit INTEGER,
    observed INTEGER,
    ip_id INTEGER,
    action TEXT NOT NULL,
    status TEXT NOT NULL,
    status_changed_at INTEGER,
    status_changed_by TEXT,
    extra TEXT,
    rev INTEGER NOT NULL,
    run INTEGER NOT NULL,
    only_here INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE access_control (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    body TEXT NOT NULL,
    rev INTEGER NOT NULL,
    run INTEGER NOT NULL
);

-- Ids are never reused, so a copy that arrives after its tombstone is an old one.
CREATE TABLE tombstone (
    kind TEXT NOT NULL,
    id INTEGER NOT NULL,
    rev INTEGER NOT NULL,
    PRIMARY KEY (kind, id)
) WITHOUT ROWID;

-- Entities that could not be read, by kind and id (or a digest of the text where the id is unreadable too).
CREATE TABLE unreadable (
    kind TEXT NOT NULL,
    reference TEXT NOT NULL,
    reason TEXT NOT NULL,
    raw TEXT NOT NULL,
    seen_at INTEGER NOT NULL,
    PRIMARY KEY (kind, reference)
) WITHOUT ROWID;

-- Any part of a word: trigrams over text that is folded before (see `cache/fold.rs`), so the index itself needs to know
-- nothing of case. Without content: the text stands in the tables above.
CREATE VIRTUAL TABLE contact_search USING fts5 (
    who, more, content = '', contentless_delete = 1, tokenize = 'trigram case_sensitive 1'
);
CREATE VIRTUAL TABLE ip_search USING fts5 (
    text, content = '', contentless_delete = 1, tokenize = 'trigram case_sensitive 1'
);
CREATE VIRTUAL TABLE agent_search USING fts5 (
    text, content = '', contentless_delete = 1, tokenize = 'trigram case_sensitive 1'
);
CREATE VIRTUAL TABLE rule_search USING fts5 (
    text, content = '', contentless_delete = 1, tokenize = 'trigram case_sensitive 1'
);
