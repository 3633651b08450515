-- Whether a machine may still come of a request for one: NULL where nothing is open, 0 while a request is on its way, else
-- since when its answer is known to be lost.
ALTER TABLE servers ADD COLUMN unsettled_us BIGINT;
