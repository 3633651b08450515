-- Long work: one row for each wish, at most one under way for each subject. `ending` is NULL while it goes on, then
-- done, failed or undone.
CREATE TABLE operations (
    id TEXT NOT NULL PRIMARY KEY,
    noun TEXT NOT NULL,
    subject TEXT NOT NULL,
    owner TEXT NOT NULL,
    verb TEXT NOT NULL,
    undoing BIGINT NOT NULL DEFAULT 0,
    position BIGINT NOT NULL DEFAULT 0,
    attempts BIGINT NOT NULL DEFAULT 0,
    step_since_us BIGINT,
    due_us BIGINT NOT NULL,
    waits_for TEXT,
    cancel_wanted BIGINT NOT NULL DEFAULT 0,
    failure TEXT,
    ending TEXT,
    lease_owner TEXT,
    lease_until_us BIGINT,
    asked_us BIGINT NOT NULL,
    ended_us BIGINT
);
CREATE UNIQUE INDEX operations_under_way ON operations (subject) WHERE ending IS NULL;
CREATE INDEX operations_due ON operations (due_us) WHERE ending IS NULL;
CREATE INDEX operations_by_subject ON operations (subject, asked_us);

CREATE TABLE operation_steps (
    operation_id TEXT NOT NULL REFERENCES operations (id) ON DELETE CASCADE,
    position BIGINT NOT NULL,
    name TEXT NOT NULL,
    state TEXT NOT NULL,
    note TEXT,
    started_us BIGINT NOT NULL,
    ended_us BIGINT,
    PRIMARY KEY (operation_id, position)
);

-- Servers. `request_key` is minted with the form, so that sending it twice makes one. `over_us` is set when there is no
-- machine behind it any more; `dismissed_us` when its owner has taken it off the list.
CREATE TABLE servers (
    id TEXT NOT NULL PRIMARY KEY,
    owner TEXT NOT NULL,
    name TEXT NOT NULL,
    request_key TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL,
    state_since_us BIGINT NOT NULL,
    site TEXT NOT NULL,
    choices TEXT NOT NULL,
    image_title TEXT NOT NULL,
    access_user TEXT NOT NULL,
    cores BIGINT NOT NULL,
    memory_mib BIGINT NOT NULL,
    disk_gib BIGINT NOT NULL,
    key_name TEXT NOT NULL,
    key_sha256 TEXT NOT NULL,
    public_key TEXT NOT NULL,
    machine TEXT,
    address TEXT,
    port BIGINT,
    host_keys TEXT NOT NULL DEFAULT '[]',
    remark TEXT,
    failure TEXT,
    created_us BIGINT NOT NULL,
    over_us BIGINT,
    dismissed_us BIGINT
);
CREATE INDEX servers_by_owner ON servers (owner, created_us);
CREATE UNIQUE INDEX servers_by_name ON servers (owner, name) WHERE over_us IS NULL;
CREATE INDEX servers_by_site ON servers (site) WHERE over_us IS NULL;

CREATE TABLE server_events (
    server_id TEXT NOT NULL REFERENCES servers (id) ON DELETE CASCADE,
    at_us BIGINT NOT NULL,
    number BIGINT NOT NULL,
    what TEXT NOT NULL,
    PRIMARY KEY (server_id, number)
);

-- What several creations at once wait for, before they count: a user's servers, a site's.
CREATE TABLE server_counts (
    scope TEXT NOT NULL PRIMARY KEY,
    revision BIGINT NOT NULL
);

-- What a user chose last.
CREATE TABLE server_choices (
    owner TEXT NOT NULL PRIMARY KEY,
    choices TEXT NOT NULL
);

-- Access tokens of users for sites, sealed with a key that is not in the database.
CREATE TABLE held_tokens (
    owner TEXT NOT NULL,
    site TEXT NOT NULL,
    sealed TEXT NOT NULL,
    expires_us BIGINT NOT NULL,
    PRIMARY KEY (owner, site)
);
