-- One database is one cabinet. SQL that SQLite and PostgreSQL both understand.
-- Times are milliseconds since 1970, UTC. Ids and revisions are 1 to 2^53 - 1; ids are never reused.

-- One row: who the school is, and the last number handed out of every kind. A writer locks this row first, so that
-- revisions are committed in the order in which they were handed out.
CREATE TABLE cabinet (
    id                  BIGINT  NOT NULL PRIMARY KEY CHECK (id = 1),
    name                TEXT    NOT NULL,
    hash                TEXT    NOT NULL,
    epoch               TEXT    NOT NULL,
    created_at          BIGINT  NOT NULL,
    retention_days      BIGINT,
    rev                 BIGINT  NOT NULL DEFAULT 0,
    -- Tombstones up to this revision are gone: a reader who knows less must start again.
    pruned_rev          BIGINT  NOT NULL DEFAULT 0,
    last_contact_id     BIGINT  NOT NULL DEFAULT 0,
    last_tag_id         BIGINT  NOT NULL DEFAULT 0,
    last_device_id      BIGINT  NOT NULL DEFAULT 0,
    last_session_id     BIGINT  NOT NULL DEFAULT 0,
    last_restriction_id BIGINT  NOT NULL DEFAULT 0,
    last_token_id       BIGINT  NOT NULL DEFAULT 0
);

-- `hash` is the SHA-256 of the token in hex, `lookup` its first 16 digits.
CREATE TABLE token (
    id         BIGINT NOT NULL PRIMARY KEY,
    name       TEXT   NOT NULL,
    scope      TEXT   NOT NULL CHECK (scope IN ('admin', 'site')),
    lookup     TEXT   NOT NULL,
    hash       TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    revoked_at BIGINT
);
CREATE INDEX token_lookup ON token (lookup);

-- `..._folded` are the texts without regard to case, made by the program; `name_folded` is 'first last'.
-- `..._rev` of a field that an action can set is the revision of its last change, 0 where nobody changed it.
CREATE TABLE contact (
    id               BIGINT  NOT NULL PRIMARY KEY,
    email            TEXT    NOT NULL,
    email_folded     TEXT    NOT NULL,
    first_name       TEXT,
    last_name        TEXT,
    name_folded      TEXT    NOT NULL,
    phone            TEXT,
    created_at       BIGINT  NOT NULL,
    last_activity_at BIGINT,
    checks_enabled   BOOLEAN NOT NULL DEFAULT TRUE,
    checks_at        BIGINT,
    checks_by        TEXT,
    checks_rev       BIGINT  NOT NULL DEFAULT 0,
    rev              BIGINT  NOT NULL
);
CREATE UNIQUE INDEX contact_email ON contact (email_folded);
CREATE UNIQUE INDEX contact_rev ON contact (rev);
CREATE INDEX contact_newest ON contact (created_at, id);

CREATE TABLE tag (
    id   BIGINT NOT NULL PRIMARY KEY,
    name TEXT   NOT NULL UNIQUE
);

-- `position` is the order in which the school gave them, from 0.
CREATE TABLE contact_tag (
    contact_id BIGINT NOT NULL REFERENCES contact (id) ON DELETE CASCADE,
    position   BIGINT NOT NULL,
    tag_id     BIGINT NOT NULL REFERENCES tag (id),
    PRIMARY KEY (contact_id, position)
);

-- `fingerprint` is the hash of the browser's cookie; `admitted`: a login from it was let in at least once.
CREATE TABLE device (
    id            BIGINT  NOT NULL PRIMARY KEY,
    contact_id    BIGINT  NOT NULL REFERENCES contact (id) ON DELETE CASCADE,
    fingerprint   TEXT    NOT NULL,
    user_agent    TEXT    NOT NULL,
    first_seen_at BIGINT  NOT NULL,
    last_seen_at  BIGINT  NOT NULL,
    admitted      BOOLEAN NOT NULL,
    access        TEXT    NOT NULL DEFAULT 'allowed' CHECK (access IN ('allowed', 'blocked')),
    access_at     BIGINT,
    access_by     TEXT,
    access_rev    BIGINT  NOT NULL DEFAULT 0,
    rev           BIGINT  NOT NULL
);
CREATE UNIQUE INDEX device_of_contact ON device (contact_id, fingerprint);
CREATE INDEX device_fingerprint ON device (fingerprint);
CREATE UNIQUE INDEX device_rev ON device (rev);

CREATE TABLE session (
    id               BIGINT NOT NULL PRIMARY KEY,
    contact_id       BIGINT NOT NULL REFERENCES contact (id) ON DELETE CASCADE,
    device_id        BIGINT,
    ip               TEXT   NOT NULL,
    user_agent       TEXT   NOT NULL,
    started_at       BIGINT NOT NULL,
    last_activity_at BIGINT NOT NULL,
    ended_at         BIGINT,
    end_reason       TEXT,
    outcome          TEXT   NOT NULL CHECK (outcome IN ('allowed', 'denied')),
    rev              BIGINT NOT NULL
);
CREATE UNIQUE INDEX session_rev ON session (rev);
CREATE INDEX session_of_contact ON session (contact_id);
CREATE INDEX session_started ON session (started_at);
CREATE INDEX session_running ON session (contact_id, last_activity_at) WHERE ended_at IS NULL;
CREATE INDEX session_idle ON session (last_activity_at) WHERE ended_at IS NULL;

-- The rule's text is made when it is read, in the reader's language.
CREATE TABLE restriction (
    id            BIGINT NOT NULL PRIMARY KEY,
    contact_id    BIGINT NOT NULL REFERENCES contact (id) ON DELETE CASCADE,
    session_id    BIGINT,
    device_id     BIGINT,
    occurred_at   BIGINT NOT NULL,
    rule_code     TEXT   NOT NULL,
    rule_limit    BIGINT,
    rule_observed BIGINT,
    ip            TEXT,
    action        TEXT   NOT NULL,
    status        TEXT   NOT NULL DEFAULT 'not_viewed' CHECK (status IN ('not_viewed', 'viewed')),
    status_at     BIGINT,
    status_by     TEXT,
    status_rev    BIGINT NOT NULL DEFAULT 0,
    rev           BIGINT NOT NULL
);
CREATE UNIQUE INDEX restriction_rev ON restriction (rev);
CREATE INDEX restriction_of_contact ON restriction (contact_id);
CREATE INDEX restriction_occurred ON restriction (occurred_at);

-- One row. `ip_ranges` is a JSON array of texts in normal form.
CREATE TABLE access_control (
    id                      BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    ip_mode                 TEXT   NOT NULL CHECK (ip_mode IN ('off', 'block_listed', 'allow_only_listed')),
    ip_ranges               TEXT   NOT NULL,
    max_concurrent_sessions BIGINT,
    concurrent_policy       TEXT   NOT NULL CHECK (concurrent_policy IN ('refuse_new', 'end_oldest')),
    max_devices             BIGINT,
    session_timeout_minutes BIGINT NOT NULL,
    rev                     BIGINT NOT NULL
);

CREATE TABLE tombstone (
    rev        BIGINT NOT NULL PRIMARY KEY,
    type       TEXT   NOT NULL CHECK (type IN ('contact', 'device', 'session', 'restriction')),
    entity_id  BIGINT NOT NULL,
    reason     TEXT   NOT NULL CHECK (reason IN ('erased', 'retention')),
    deleted_at BIGINT NOT NULL
);
CREATE INDEX tombstone_deleted ON tombstone (deleted_at);

-- Idempotency keys with the answers given. `content` is what a repetition must be equal to; `entity` is JSON.
CREATE TABLE action (
    id          TEXT   NOT NULL PRIMARY KEY,
    content     TEXT   NOT NULL,
    result      TEXT   NOT NULL,
    entity      TEXT,
    answered_at BIGINT NOT NULL
);
CREATE INDEX action_answered ON action (answered_at);
