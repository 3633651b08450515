-- The object of a result whose time is over, while it is being deleted: written together with the end of the result, so
-- that whoever sweeps next goes on where a killed process stopped.
ALTER TABLE queries ADD COLUMN doomed_key TEXT;
CREATE INDEX queries_doomed ON queries (doomed_key) WHERE doomed_key IS NOT NULL;

-- Results that lie in a basket as a whole, but that a process did not live to keep.
UPDATE queries SET kept_until_us = NULL WHERE result_key IS NOT NULL AND EXISTS (
    SELECT 1 FROM basket_items i JOIN basket_sources s ON s.id = i.source_id
    WHERE s.query_id = queries.id AND i.result_row = -1 AND i.removed_revision IS NULL
);
