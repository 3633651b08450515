-- Sites that are planned. Whatever changes a site's bookings first raises its revision, which serialises them.
CREATE TABLE planned_sites (
    site TEXT NOT NULL PRIMARY KEY,
    revision BIGINT NOT NULL
);
-- Resources held for a user over a time. `state`: held, booked, cancelled, expired, over. `parts` is JSON, by the names of
-- nodes; `wish` is what runs in it, as JSON. `revision` is the site's when the row last changed, so that every process
-- learns what the others granted. `request` makes a form that is sent twice hold one offer.
CREATE TABLE bookings (
    id TEXT NOT NULL PRIMARY KEY,
    site TEXT NOT NULL,
    owner TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    request TEXT NOT NULL,
    state TEXT NOT NULL,
    held_until_us BIGINT,
    start_us BIGINT NOT NULL,
    end_us BIGINT NOT NULL,
    parts TEXT NOT NULL,
    wish TEXT NOT NULL,
    session TEXT,
    revision BIGINT NOT NULL,
    asked_us BIGINT NOT NULL,
    changed_us BIGINT NOT NULL
);
CREATE UNIQUE INDEX bookings_by_request ON bookings (owner, request);
CREATE INDEX bookings_by_owner ON bookings (owner, start_us);
CREATE INDEX bookings_by_revision ON bookings (site, revision);
CREATE INDEX bookings_that_hold ON bookings (site, end_us) WHERE state IN ('held', 'booked');
-- Secret addresses of calendar feeds: the hash finds them, and nothing brings the address back.
CREATE TABLE booking_feeds (
    owner TEXT NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    secret_hash TEXT NOT NULL UNIQUE,
    made_us BIGINT NOT NULL
);
