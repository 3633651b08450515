-- When the owner of a session was last told that nobody uses it.
ALTER TABLE sessions ADD COLUMN idle_warned_us BIGINT;
