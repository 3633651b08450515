-- Software that a user keeps at hand: names of entries of the catalogue, whether it still lists them or not.
CREATE TABLE software_favourites (
    owner TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    since_us BIGINT NOT NULL,
    PRIMARY KEY (owner, name)
);
