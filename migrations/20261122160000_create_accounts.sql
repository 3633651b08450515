-- People who signed in, and where they are signed in. Times are UTC microseconds; lists are JSON.
CREATE TABLE users (
    id TEXT NOT NULL PRIMARY KEY,
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    name TEXT NOT NULL,
    email TEXT,
    user_groups TEXT NOT NULL,
    created_us BIGINT NOT NULL,
    UNIQUE (issuer, subject)
);

CREATE TABLE sign_ins (
    id TEXT NOT NULL PRIMARY KEY,
    secret_hash TEXT NOT NULL UNIQUE,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    provider TEXT NOT NULL,
    user_agent TEXT NOT NULL,
    since_us BIGINT NOT NULL,
    last_seen_us BIGINT NOT NULL,
    ends_us BIGINT NOT NULL
);
CREATE INDEX sign_ins_by_user ON sign_ins (user_id);
CREATE INDEX sign_ins_by_end ON sign_ins (ends_us);

-- Sign-ins under way: bound to the browser, used once.
CREATE TABLE sign_in_attempts (
    state_hash TEXT NOT NULL PRIMARY KEY,
    browser_hash TEXT NOT NULL,
    provider TEXT NOT NULL,
    nonce TEXT NOT NULL,
    pkce_verifier TEXT NOT NULL,
    next_address TEXT NOT NULL,
    ends_us BIGINT NOT NULL
);
CREATE INDEX sign_in_attempts_by_end ON sign_in_attempts (ends_us);
