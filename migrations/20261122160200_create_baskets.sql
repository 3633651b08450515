-- One basket a user. The count is kept here, so that every page can show it; every change first raises `revision`,
-- which also serialises the changes of two tabs.
CREATE TABLE baskets (
    user_id TEXT NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    revision BIGINT NOT NULL,
    item_count BIGINT NOT NULL
);

-- What items of one query have in common: kept once, not with each row.
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

-- `result_row` is the row's number in its result, -1 for the whole result. A removed item stays for a day, so that
-- removing can be undone; `removed_revision` says together with what it was removed.
CREATE TABLE basket_items (
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    source_id TEXT NOT NULL REFERENCES basket_sources (id) ON DELETE CASCADE,
    archive TEXT NOT NULL,
    result_row BIGINT NOT NULL,
    label TEXT NOT NULL,
    cells TEXT NOT NULL,
    row_count BIGINT,
    note TEXT NOT NULL,
    added_us BIGINT NOT NULL,
    removed_revision BIGINT,
    removed_us BIGINT
);
CREATE UNIQUE INDEX basket_items_once ON basket_items (source_id, result_row);
CREATE INDEX basket_items_shown ON basket_items (user_id, removed_revision, added_us, result_row);
CREATE INDEX basket_items_by_archive ON basket_items (user_id, archive, removed_revision, added_us, result_row);
