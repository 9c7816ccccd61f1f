-- Both sides write, cases are searched, held and rated, histories are chained by hashes, and letters are written when they are sent.
ALTER TABLE cases ADD COLUMN words TEXT NOT NULL DEFAULT '';
ALTER TABLE cases ADD COLUMN reason TEXT NOT NULL DEFAULT '';
ALTER TABLE cases ADD COLUMN priority INTEGER NOT NULL DEFAULT 0;
ALTER TABLE cases ADD COLUMN score INTEGER NOT NULL DEFAULT 0;
ALTER TABLE cases ADD COLUMN signs TEXT NOT NULL DEFAULT '';
ALTER TABLE cases ADD COLUMN answered TEXT NOT NULL DEFAULT '';
ALTER TABLE cases ADD COLUMN closed TEXT NOT NULL DEFAULT '';
ALTER TABLE cases ADD COLUMN hold TEXT NOT NULL DEFAULT '';
ALTER TABLE cases ADD COLUMN rating INTEGER NOT NULL DEFAULT 0;
ALTER TABLE cases ADD COLUMN opinion TEXT NOT NULL DEFAULT '';
ALTER TABLE cases ADD COLUMN head TEXT NOT NULL DEFAULT '';
ALTER TABLE cases ADD COLUMN events INTEGER NOT NULL DEFAULT 0;
UPDATE cases SET email = lower(email),
    answered = coalesce((SELECT min(at) FROM events WHERE case_id = cases.id AND what = 'answered'), ''),
    closed = CASE state WHEN 'closed' THEN coalesce((SELECT max(at) FROM events WHERE case_id = cases.id AND what = 'closed'), received) ELSE '' END;
DROP INDEX cases_by_state;
CREATE INDEX cases_by_shop ON cases (shop, state, due);
CREATE INDEX cases_by_due ON cases (due) WHERE state <> 'closed';

ALTER TABLE messages ADD COLUMN side TEXT NOT NULL DEFAULT 'trader';
ALTER TABLE messages ADD COLUMN author TEXT NOT NULL DEFAULT '';
ALTER TABLE messages ADD COLUMN nonce TEXT NOT NULL DEFAULT '';
UPDATE messages SET nonce = 'before ' || id;
DROP INDEX messages_by_case;
CREATE UNIQUE INDEX messages_by_nonce ON messages (case_id, nonce);

CREATE TABLE proposals (
    id       INTEGER PRIMARY KEY,
    case_id  INTEGER NOT NULL REFERENCES cases ON DELETE CASCADE,
    remedy   TEXT NOT NULL,
    text     TEXT NOT NULL,
    author   TEXT NOT NULL,
    nonce    TEXT NOT NULL,
    made     TEXT NOT NULL,
    decision TEXT NOT NULL,
    decided  TEXT NOT NULL,
    UNIQUE (case_id, nonce)
) STRICT;

ALTER TABLE files ADD COLUMN message_id INTEGER REFERENCES messages ON DELETE CASCADE;
CREATE INDEX files_by_message ON files (message_id) WHERE message_id IS NOT NULL;

-- Letters are written from the case when they are sent.
ALTER TABLE outbox RENAME TO outbox_before;
DROP INDEX outbox_by_next;
DROP INDEX outbox_by_case;
DROP INDEX outbox_by_recipient;
CREATE TABLE outbox (
    id         INTEGER PRIMARY KEY,
    case_id    INTEGER NOT NULL REFERENCES cases ON DELETE CASCADE,
    shop       TEXT NOT NULL,
    kind       TEXT NOT NULL,
    about      INTEGER NOT NULL,
    event      TEXT NOT NULL,
    message_id TEXT NOT NULL UNIQUE,
    recipient  TEXT NOT NULL,
    written    TEXT NOT NULL,
    delivery   TEXT NOT NULL,
    attempts   INTEGER NOT NULL,
    next       TEXT NOT NULL,
    slot       TEXT NOT NULL,
    lease      TEXT NOT NULL,
    done       TEXT NOT NULL,
    error      TEXT NOT NULL
) STRICT;
INSERT INTO outbox SELECT o.id, o.case_id, c.shop, o.kind,
        coalesce((SELECT max(m.id) FROM messages m WHERE o.kind = 'answer' AND m.case_id = o.case_id AND m.written <= o.written), 0),
        CASE o.kind WHEN 'answer' THEN 'answer' ELSE '' END, o.message_id, o.recipient, o.written, o.delivery, o.attempts, o.next, max(o.next, o.done), o.lease, o.done, ''
    FROM outbox_before o JOIN cases c ON c.id = o.case_id;
DROP TABLE outbox_before;
CREATE INDEX outbox_by_next ON outbox (next) WHERE delivery = 'queued';
CREATE INDEX outbox_by_case ON outbox (case_id);
CREATE INDEX outbox_by_recipient ON outbox (lower(recipient), slot) WHERE kind = 'acknowledgement';

ALTER TABLE events RENAME TO events_before;
DROP INDEX events_by_case;
CREATE TABLE events (
    id      INTEGER PRIMARY KEY,
    case_id INTEGER NOT NULL REFERENCES cases ON DELETE CASCADE,
    seq     INTEGER NOT NULL,
    what    TEXT NOT NULL,
    outcome TEXT NOT NULL,
    actor   TEXT NOT NULL,
    detail  TEXT NOT NULL,
    about   INTEGER NOT NULL,
    digest  TEXT NOT NULL,
    at      TEXT NOT NULL,
    hash    TEXT NOT NULL
) STRICT;
INSERT INTO events SELECT id, case_id, row_number() OVER (PARTITION BY case_id ORDER BY id), what, outcome, '', '', 0, '', at, '' FROM events_before;
DROP TABLE events_before;
CREATE UNIQUE INDEX events_by_case ON events (case_id, seq);

CREATE TABLE users (
    id       INTEGER PRIMARY KEY,
    login    TEXT NOT NULL UNIQUE,
    name     TEXT NOT NULL,
    hash     TEXT NOT NULL,
    epoch    INTEGER NOT NULL,
    disabled INTEGER NOT NULL,
    created  TEXT NOT NULL,
    roles    TEXT NOT NULL CHECK (json_valid(roles))
) STRICT;

-- Who has looked at personal data. No reference to cases: case_id is 0 for lists.
CREATE TABLE views (
    id      INTEGER PRIMARY KEY,
    at      TEXT NOT NULL,
    login   TEXT NOT NULL,
    shop    TEXT NOT NULL,
    case_id INTEGER NOT NULL,
    what    TEXT NOT NULL,
    detail  TEXT NOT NULL
) STRICT;
CREATE INDEX views_by_case ON views (case_id);

CREATE TABLE erasures (
    id    INTEGER PRIMARY KEY,
    at    TEXT NOT NULL,
    shop  TEXT NOT NULL,
    form  TEXT NOT NULL,
    rule  TEXT NOT NULL,
    login TEXT NOT NULL,
    cases INTEGER NOT NULL,
    files INTEGER NOT NULL
) STRICT;

CREATE TABLE settings (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;
