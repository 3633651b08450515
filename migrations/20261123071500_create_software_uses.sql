-- When a user last took an offer for an entry, by its name, whether the catalogue still lists it or not.
CREATE TABLE software_uses (
    owner TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    used_us BIGINT NOT NULL,
    PRIMARY KEY (owner, name)
);
