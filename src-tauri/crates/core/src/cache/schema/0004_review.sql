-- What a review of the whole school asks for. Everything here is either derived from the mirror (in its transactions, or
-- by a background pass over what they marked as stale) or the owner's own and kept here alone.

-- `key` sorts addresses: 16 bytes, IPv4 as IPv4-mapped IPv6; empty for what is no address, NULL before it is worked out.
-- The others come from a location database that the owner has chosen; `resolved` is the number of that choice.
ALTER TABLE ip ADD COLUMN key BLOB;
ALTER TABLE ip ADD COLUMN latitude REAL;
ALTER TABLE ip ADD COLUMN longitude REAL;
ALTER TABLE ip ADD COLUMN organisation TEXT;
ALTER TABLE ip ADD COLUMN hosting INTEGER;
ALTER TABLE ip ADD COLUMN resolved INTEGER NOT NULL DEFAULT 0;

-- Derived from the contact's restrictions. `violation_sort` puts contacts with unviewed ones first, then the newest.
ALTER TABLE contact ADD COLUMN restrictions INTEGER NOT NULL DEFAULT 0;
ALTER TABLE contact ADD COLUMN newest_restriction_at INTEGER;
ALTER TABLE contact ADD COLUMN violation_sort INTEGER GENERATED ALWAYS AS (
    CASE WHEN unviewed > 0 THEN newest_restriction_at + 10000000000000000 ELSE newest_restriction_at END
) VIRTUAL;
-- The owner's note on a contact, folded: it is searched like the contact's own texts.
ALTER TABLE contact ADD COLUMN note_folded TEXT NOT NULL DEFAULT '';
UPDATE contact SET restrictions = counted.restrictions, newest_restriction_at = counted.newest
FROM (SELECT contact_id, count(*) AS restrictions, max(occurred_at) AS newest FROM restriction GROUP BY contact_id) AS counted
WHERE contact.id = counted.contact_id;

-- Unviewed ones first, then the newest.
ALTER TABLE restriction ADD COLUMN shown_sort INTEGER GENERATED ALWAYS AS (
    CASE coalesce(decided, status) WHEN 'not_viewed' THEN occurred_at + 10000000000000000 ELSE occurred_at END
) VIRTUAL;

-- How many other accounts have the same fingerprint; `shared_sort` puts the most shared first, then the last seen.
ALTER TABLE device ADD COLUMN shared INTEGER NOT NULL DEFAULT 0;
ALTER TABLE device ADD COLUMN shared_sort INTEGER GENERATED ALWAYS AS (
    min(shared, 500) * 10000000000000000 + last_seen_at
) VIRTUAL;
UPDATE device SET shared = counted.accounts - 1
FROM (
    SELECT fingerprint, count(DISTINCT contact_id) AS accounts
    FROM device GROUP BY fingerprint HAVING accounts > 1
) AS counted
WHERE device.fingerprint = counted.fingerprint;

-- Logins by day (days since 1970 in UTC), country, device type and outcome. The country `-` is an unknown one.
CREATE TABLE login_day (
    day INTEGER NOT NULL,
    country TEXT NOT NULL,
    device_type TEXT NOT NULL,
    outcome TEXT NOT NULL,
    logins INTEGER NOT NULL,
    PRIMARY KEY (day, country, device_type, outcome)
) WITHOUT ROWID;

-- Their sums by day (`d`) and by month (`m`, months since year 0), with each of country, device type and outcome as it is
-- and as any (an empty text).
CREATE TABLE login_tally (
    device_type TEXT NOT NULL,
    outcome TEXT NOT NULL,
    span TEXT NOT NULL,
    country TEXT NOT NULL,
    start INTEGER NOT NULL,
    logins INTEGER NOT NULL,
    PRIMARY KEY (device_type, outcome, span, country, start)
) WITHOUT ROWID;

-- Days whose tally is to be made anew.
CREATE TABLE stale_day (day INTEGER PRIMARY KEY);
-- Contacts whose signs are to be looked for again. `mark` counts up with each reason to, so that one that comes while
-- they are being looked for is not lost.
CREATE TABLE stale_contact (contact_id INTEGER PRIMARY KEY, mark INTEGER NOT NULL);

-- What the log suggests of a contact: points, and for each sign how many and which rows, as JSON.
CREATE TABLE insight (
    contact_id INTEGER PRIMARY KEY,
    points INTEGER NOT NULL,
    signs TEXT NOT NULL,
    findings TEXT NOT NULL,
    computed_at INTEGER NOT NULL
);
CREATE INDEX insight_by_points ON insight (points, contact_id);
CREATE INDEX insight_by_age ON insight (computed_at);

-- The owner's own: what they think of a contact, what they call a device, which devices they say are one. Never sent.
CREATE TABLE verdict (
    contact_id INTEGER PRIMARY KEY,
    verdict TEXT NOT NULL,
    note TEXT NOT NULL,
    follow_up_at INTEGER,
    decided_at INTEGER NOT NULL
);
CREATE INDEX verdict_by_kind ON verdict (verdict, decided_at);
CREATE INDEX verdict_by_follow_up ON verdict (follow_up_at) WHERE follow_up_at IS NOT NULL;
CREATE TABLE device_name (
    device_id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    folded TEXT NOT NULL
);
-- `same_as` is the smallest id of those that are one.
CREATE TABLE device_alias (
    device_id INTEGER PRIMARY KEY,
    same_as INTEGER NOT NULL
);
CREATE INDEX device_alias_by_one ON device_alias (same_as);

-- Since when rows are only here: the server dropped them as too old, and this machine keeps them for some time.
CREATE TABLE dropped (
    kind TEXT NOT NULL,
    id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (kind, id)
) WITHOUT ROWID;
CREATE INDEX dropped_by_time ON dropped (at);
INSERT INTO dropped (kind, id, at) SELECT 'session', id, unixepoch() * 1000 FROM session WHERE only_here = 1;
INSERT INTO dropped (kind, id, at) SELECT 'restriction', id, unixepoch() * 1000 FROM restriction WHERE only_here = 1;

-- What was there before is looked at once; what a first load brings, at its end.
INSERT INTO stale_contact (contact_id, mark) SELECT id, 1 FROM contact;
WITH RECURSIVE with_logins (day) AS (
    SELECT max(min(started_at), 0) / 86400000 FROM session
    UNION ALL
    SELECT (SELECT min(started_at) / 86400000 FROM session WHERE started_at >= (day + 1) * 86400000)
    FROM with_logins WHERE day IS NOT NULL
)
INSERT INTO stale_day (day) SELECT day FROM with_logins WHERE day IS NOT NULL;
