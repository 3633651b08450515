-- Software that runs inside a booking. `software` is what the catalogue said when it was accepted, as JSON; `address` is
-- where its interface answers, while it runs. `end_wanted` says who or what ends it (a reason's key) before it is over,
-- `end_reason` why it ended. `data` lists what is in /data, `failure` says what went wrong, both as JSON.
CREATE TABLE sessions (
    id TEXT NOT NULL PRIMARY KEY,
    owner TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    booking TEXT NOT NULL UNIQUE,
    site TEXT NOT NULL,
    node TEXT NOT NULL,
    title TEXT NOT NULL,
    kind TEXT NOT NULL,
    software TEXT NOT NULL,
    resources TEXT NOT NULL,
    state TEXT NOT NULL,
    since_us BIGINT NOT NULL,
    asked_us BIGINT NOT NULL,
    ready_us BIGINT,
    ended_us BIGINT,
    address TEXT,
    image TEXT,
    data TEXT,
    progress TEXT,
    end_wanted TEXT,
    end_reason TEXT,
    exit_code BIGINT,
    failure TEXT,
    log_bytes BIGINT NOT NULL DEFAULT 0,
    last_used_us BIGINT,
    warned_us BIGINT,
    dismissed BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX sessions_by_owner ON sessions (owner, dismissed, asked_us);
CREATE INDEX sessions_that_live ON sessions (site, state) WHERE state <> 'ended';
CREATE TABLE session_events (
    id TEXT NOT NULL PRIMARY KEY,
    session TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    at_us BIGINT NOT NULL,
    what TEXT NOT NULL
);
CREATE INDEX session_events_by_session ON session_events (session, at_us);
CREATE TABLE session_shares (
    session TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    with_group BIGINT NOT NULL,
    with_name TEXT NOT NULL,
    since_us BIGINT NOT NULL,
    PRIMARY KEY (session, with_group, with_name)
);
-- A ticket is traded once for an access, each known by a hash. An access is a cookie of the session's own origin.
CREATE TABLE session_tickets (
    hash TEXT NOT NULL PRIMARY KEY,
    session TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    sign_in TEXT NOT NULL,
    until_us BIGINT NOT NULL
);
CREATE TABLE session_accesses (
    hash TEXT NOT NULL PRIMARY KEY,
    session TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    sign_in TEXT NOT NULL,
    since_us BIGINT NOT NULL,
    until_us BIGINT NOT NULL
);
CREATE INDEX session_accesses_by_session ON session_accesses (session);
