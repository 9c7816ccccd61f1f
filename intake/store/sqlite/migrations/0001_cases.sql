-- Times are UTC with microseconds, "2026-11-20T13:03:12.000000Z": they sort as text. Days are "2026-11-20" or ''.
CREATE TABLE cases (
    id           INTEGER PRIMARY KEY,
    shop         TEXT NOT NULL,
    submission   TEXT NOT NULL,
    digest       TEXT NOT NULL,
    reference    TEXT NOT NULL UNIQUE,
    receipt_hash TEXT NOT NULL UNIQUE,
    status_hash  TEXT NOT NULL UNIQUE,
    form         TEXT NOT NULL,
    locale       TEXT NOT NULL,
    page         TEXT NOT NULL,
    fields       TEXT NOT NULL CHECK (json_valid(fields)),
    email        TEXT NOT NULL COLLATE NOCASE,
    received     TEXT NOT NULL,
    due          TEXT NOT NULL,
    due_task     TEXT NOT NULL,
    due_statute  TEXT NOT NULL,
    due_silence  TEXT NOT NULL,
    state        TEXT NOT NULL,
    outcome      TEXT NOT NULL,
    suspect      INTEGER NOT NULL,
    repeated     INTEGER NOT NULL,
    UNIQUE (shop, submission)
) STRICT;

CREATE INDEX cases_by_email ON cases (email, shop, form, received);
CREATE INDEX cases_by_state ON cases (state, due, received);

CREATE TABLE messages (
    id      INTEGER PRIMARY KEY,
    case_id INTEGER NOT NULL REFERENCES cases ON DELETE CASCADE,
    text    TEXT NOT NULL,
    written TEXT NOT NULL
) STRICT;

CREATE INDEX messages_by_case ON messages (case_id);

-- Attachments; their bytes lie beside the database under the id. Without a case they belong to a form that
-- is being reviewed and are swept away after a day.
CREATE TABLE files (
    id         TEXT PRIMARY KEY,
    case_id    INTEGER REFERENCES cases ON DELETE CASCADE,
    shop       TEXT NOT NULL,
    submission TEXT NOT NULL,
    position   INTEGER NOT NULL,
    name       TEXT NOT NULL,
    type       TEXT NOT NULL,
    size       INTEGER NOT NULL,
    sum        TEXT NOT NULL,
    kept       TEXT NOT NULL
) STRICT;

CREATE INDEX files_by_case ON files (case_id);
CREATE INDEX files_by_submission ON files (shop, submission) WHERE case_id IS NULL;

CREATE TABLE outbox (
    id         INTEGER PRIMARY KEY,
    case_id    INTEGER NOT NULL REFERENCES cases ON DELETE CASCADE,
    kind       TEXT NOT NULL,
    message_id TEXT NOT NULL UNIQUE,
    from_addr  TEXT NOT NULL,
    sender     TEXT NOT NULL,
    recipient  TEXT NOT NULL COLLATE NOCASE,
    reply_to   TEXT NOT NULL,
    subject    TEXT NOT NULL,
    text       TEXT NOT NULL,
    html       TEXT NOT NULL,
    written    TEXT NOT NULL,
    delivery   TEXT NOT NULL,
    attempts   INTEGER NOT NULL,
    next       TEXT NOT NULL,
    lease      TEXT NOT NULL DEFAULT '',
    done       TEXT NOT NULL
) STRICT;

CREATE INDEX outbox_by_next ON outbox (next) WHERE delivery = 'queued';
CREATE INDEX outbox_by_case ON outbox (case_id);
CREATE INDEX outbox_by_recipient ON outbox (recipient, kind, next);

CREATE TABLE events (
    id      INTEGER PRIMARY KEY,
    case_id INTEGER NOT NULL REFERENCES cases ON DELETE CASCADE,
    what    TEXT NOT NULL,
    outcome TEXT NOT NULL,
    at      TEXT NOT NULL
) STRICT;

CREATE INDEX events_by_case ON events (case_id);

CREATE TABLE sessions (
    token  TEXT PRIMARY KEY,
    data   BLOB NOT NULL,
    expiry TEXT NOT NULL
) STRICT;
