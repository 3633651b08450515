-- Queries and what became of them. `owner` is user:<id> or visitor:<id>.
CREATE TABLE queries (
    id TEXT NOT NULL PRIMARY KEY,
    owner TEXT NOT NULL,
    archive TEXT NOT NULL,
    title TEXT NOT NULL,
    adql TEXT NOT NULL,
    state TEXT NOT NULL,
    row_count BIGINT NOT NULL,
    byte_count BIGINT NOT NULL,
    row_limit BIGINT NOT NULL,
    overflow TEXT,
    reason TEXT,
    fault TEXT,
    result_columns TEXT NOT NULL,
    result_key TEXT,
    asked_us BIGINT NOT NULL,
    started_us BIGINT,
    ended_us BIGINT,
    kept_until_us BIGINT,
    lease_owner TEXT,
    lease_until_us BIGINT,
    cancel_wanted BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX queries_by_owner ON queries (owner, asked_us);
CREATE INDEX queries_by_state ON queries (state, asked_us);
CREATE INDEX queries_by_end ON queries (kept_until_us);

-- Rows that a visitor wanted in the basket before signing in.
CREATE TABLE wanted_selections (
    query_id TEXT NOT NULL PRIMARY KEY REFERENCES queries (id) ON DELETE CASCADE,
    selection TEXT NOT NULL,
    wanted_us BIGINT NOT NULL
);
