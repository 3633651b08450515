-- Whether whom a session is shared with may use its interface (1), or look at it alone (0).
ALTER TABLE session_shares ADD COLUMN with_control BIGINT NOT NULL DEFAULT 1;
