-- Containers that users added. `entry` is the checked entry as JSON, `labels` what the image says of itself. A group's
-- members see what is shared with it, and everybody what an operator features. The secret is sealed with a key that is not
-- in the database.
CREATE TABLE user_software (
    name TEXT NOT NULL PRIMARY KEY,
    owner TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    shared_with TEXT,
    featured BIGINT NOT NULL DEFAULT 0,
    entry TEXT NOT NULL,
    labels TEXT NOT NULL,
    registry_user TEXT,
    sealed TEXT,
    added_us BIGINT NOT NULL,
    changed_us BIGINT NOT NULL
);
CREATE INDEX user_software_by_owner ON user_software (owner);
CREATE INDEX user_software_by_group ON user_software (shared_with);
CREATE INDEX user_software_featured ON user_software (featured);
