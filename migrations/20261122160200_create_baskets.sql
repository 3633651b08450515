-- One basket a user. The count is kept here, so that every page can show it; every change first raises `revision`,
-- which also serialises changes of two tabs.
CREATE TABLE baskets (
    user_id TEXT NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    revision BIGINT NOT NULL,
    item_count BIGINT NOT NULL
);

-- Columns of a group of rows, kept once for all rows that came from one result.
CREATE TABLE basket_sources (
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    query_id TEXT NOT NULL,
    archive TEXT NOT NULL,
    table_names TEXT NOT NULL,
    title TEXT NOT NULL,
    source_columns TEXT NOT NULL,
    UNIQUE (user_id, query_id)
);

CREATE TABLE basket_items (
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    source_id TEXT NOT NULL REFERENCES basket_sources (id) ON DELETE CASCADE,
    archive TEXT NOT NULL,
    kind TEXT NOT NULL,
    result_row BIGINT NOT NULL,
    label TEXT NOT NULL,
    cells TEXT NOT NULL,
    row_count BIGINT,
    note TEXT NOT NULL,
    added_us BIGINT NOT NULL,
    removed_revision BIGINT
);
CREATE UNIQUE INDEX basket_items_once ON basket_items (source_id, kind, result_row);
CREATE INDEX basket_items_shown ON basket_items (user_id, removed_revision, added_us);
CREATE INDEX basket_items_by_archive ON basket_items (user_id, archive, removed_revision, added_us);
