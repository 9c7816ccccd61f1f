-- Both sides write, cases are searched, held and rated, histories are chained by hashes, letters are written when they are sent, and links
-- to receipts and status pages are found by the submission they name. Random keys cost a page each for every case, so there are few.
-- Ids of cases and letters are never used again (AUTOINCREMENT): whoever still works on one that was erased must not meet another.
ALTER TABLE cases RENAME TO cases_before;
DROP INDEX cases_by_email;
DROP INDEX cases_by_state;
CREATE TABLE cases (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    shop         TEXT NOT NULL,
    submission   TEXT NOT NULL,
    digest       TEXT NOT NULL,
    reference    TEXT NOT NULL UNIQUE,
    receipt_hash TEXT NOT NULL, -- of links of the first version; empty: they name the submission
    status_hash  TEXT NOT NULL,
    form         TEXT NOT NULL,
    locale       TEXT NOT NULL,
    page         TEXT NOT NULL,
    seen         TEXT NOT NULL,
    fields       TEXT NOT NULL CHECK (json_valid(fields)),
    words        TEXT NOT NULL,
    reason       TEXT NOT NULL,
    received     TEXT NOT NULL,
    due          TEXT NOT NULL,
    due_task     TEXT NOT NULL,
    due_statute  TEXT NOT NULL,
    due_silence  TEXT NOT NULL,
    state        TEXT NOT NULL,
    outcome      TEXT NOT NULL,
    priority     INTEGER NOT NULL,
    score        INTEGER NOT NULL,
    signs        TEXT NOT NULL,
    suspect      INTEGER NOT NULL,
    repeated     INTEGER NOT NULL,
    answered     TEXT NOT NULL,
    closed       TEXT NOT NULL,
    hold         TEXT NOT NULL,
    rating       INTEGER NOT NULL,
    opinion      TEXT NOT NULL,
    head         TEXT NOT NULL,
    events       INTEGER NOT NULL,
    UNIQUE (submission, shop)
) STRICT;
INSERT INTO cases SELECT id, shop, submission, digest, reference, receipt_hash, status_hash, form, locale, page, seen, fields, '', '', received,
        due, due_task, due_statute, due_silence, state, outcome, 0, 0, '', suspect, repeated,
        coalesce((SELECT min(at) FROM events WHERE case_id = cases_before.id AND what = 'answered'), ''),
        CASE state WHEN 'closed' THEN coalesce((SELECT max(at) FROM events WHERE case_id = cases_before.id AND what = 'closed'), received) ELSE '' END,
        '', 0, '', '', 0
    FROM cases_before;
CREATE INDEX cases_by_receipt ON cases (receipt_hash) WHERE receipt_hash <> '';
CREATE INDEX cases_by_status ON cases (status_hash) WHERE status_hash <> '';
CREATE INDEX cases_by_shop ON cases (shop, state, due);
CREATE INDEX cases_by_due ON cases (due) WHERE state <> 'closed';

ALTER TABLE messages RENAME TO messages_before;
DROP INDEX messages_by_case;
CREATE TABLE messages (
    id      INTEGER PRIMARY KEY,
    case_id INTEGER NOT NULL REFERENCES cases ON DELETE CASCADE,
    side    TEXT NOT NULL,
    author  TEXT NOT NULL,
    text    TEXT NOT NULL,
    nonce   TEXT NOT NULL,
    written TEXT NOT NULL,
    UNIQUE (case_id, nonce)
) STRICT;
INSERT INTO messages SELECT id, case_id, 'trader', '', text, 'before ' || id, written FROM messages_before;
DROP TABLE messages_before;

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

-- Attachments; their bytes lie beside the database under the id. Without a case they belong to a form that is being reviewed
-- and are swept away after a day.
ALTER TABLE files RENAME TO files_before;
DROP INDEX files_by_case;
DROP INDEX files_by_submission;
CREATE TABLE files (
    id         TEXT PRIMARY KEY,
    case_id    INTEGER REFERENCES cases ON DELETE CASCADE,
    message_id INTEGER REFERENCES messages ON DELETE CASCADE,
    shop       TEXT NOT NULL,
    submission TEXT NOT NULL,
    position   INTEGER NOT NULL,
    name       TEXT NOT NULL,
    type       TEXT NOT NULL,
    size       INTEGER NOT NULL,
    sum        TEXT NOT NULL,
    kept       TEXT NOT NULL
) STRICT;
INSERT INTO files SELECT id, case_id, NULL, shop, submission, position, name, type, size, sum, kept FROM files_before;
DROP TABLE files_before;
CREATE INDEX files_by_case ON files (case_id);
CREATE INDEX files_by_message ON files (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX files_by_submission ON files (shop, submission) WHERE case_id IS NULL;

-- A Message-ID begins with the reference of its case, so that it is found through the case.
ALTER TABLE outbox RENAME TO outbox_before;
DROP INDEX outbox_by_next;
DROP INDEX outbox_by_case;
DROP INDEX outbox_by_recipient;
CREATE TABLE outbox (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    case_id    INTEGER NOT NULL REFERENCES cases ON DELETE CASCADE,
    shop       TEXT NOT NULL,
    kind       TEXT NOT NULL,
    about      INTEGER NOT NULL,
    event      TEXT NOT NULL,
    message_id TEXT NOT NULL,
    recipient  TEXT NOT NULL,
    written    TEXT NOT NULL,
    delivery   TEXT NOT NULL,
    attempts   INTEGER NOT NULL,
    next       TEXT NOT NULL,
    slot       TEXT NOT NULL,
    lease      TEXT NOT NULL,
    done       TEXT NOT NULL,
    error      TEXT NOT NULL,
    UNIQUE (case_id, message_id)
) STRICT;
INSERT INTO outbox SELECT o.id, o.case_id, c.shop, o.kind,
        coalesce((SELECT max(m.id) FROM messages m WHERE o.kind = 'answer' AND m.case_id = o.case_id AND m.written <= o.written), 0),
        CASE o.kind WHEN 'answer' THEN 'answer' ELSE '' END, o.message_id, o.recipient, o.written, o.delivery, o.attempts, o.next, max(o.next, o.done), o.lease, o.done, ''
    FROM outbox_before o JOIN cases c ON c.id = o.case_id;
DROP TABLE outbox_before;
CREATE INDEX outbox_by_next ON outbox (next) WHERE delivery = 'queued';
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
    hash    TEXT NOT NULL,
    UNIQUE (case_id, seq)
) STRICT;
INSERT INTO events SELECT id, case_id, row_number() OVER (PARTITION BY case_id ORDER BY id), what, outcome, '', '', 0, '', at, '' FROM events_before;
DROP TABLE events_before;
DROP TABLE cases_before;

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
