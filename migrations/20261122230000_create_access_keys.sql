-- Public keys that people log in to their servers with: canonical lines, never anything secret. `owner` is the user's id.
CREATE TABLE access_keys (
    id TEXT NOT NULL PRIMARY KEY,
    owner TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    algorithm TEXT NOT NULL,
    bits BIGINT NOT NULL,
    public_key TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    md5 TEXT NOT NULL,
    added_us BIGINT NOT NULL,
    last_used_us BIGINT,
    UNIQUE (owner, name),
    UNIQUE (owner, sha256)
);

-- Which servers carry a key. What is deleted here changes nothing in a server.
CREATE TABLE access_key_uses (
    key_id TEXT NOT NULL REFERENCES access_keys (id) ON DELETE CASCADE,
    server_id TEXT NOT NULL,
    server_name TEXT NOT NULL,
    used_us BIGINT NOT NULL,
    PRIMARY KEY (key_id, server_id)
);
CREATE INDEX access_key_uses_by_server ON access_key_uses (server_id);
