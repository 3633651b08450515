//! All SQL of bookings.
//!
//! Every change of what a site has granted is one transaction whose first statement raises the site's revision: portals
//! wait there for one another, and each row says in which revision it last changed.

use crate::clock::Micros;
use crate::db::{Db, retried};
use sqlx::{Any, AnyConnection, Error, FromRow, Transaction};

/// A booking as it is kept.
#[derive(Debug, Clone, FromRow)]
pub(super) struct BookingRow {
    pub(super) id: String,
    pub(super) site: String,
    pub(super) owner: String,
    pub(super) state: String,
    pub(super) held_until_us: Option<Micros>,
    pub(super) start_us: Micros,
    pub(super) end_us: Micros,
    pub(super) parts: String,
    pub(super) wish: String,
    pub(super) session: Option<String>,
    pub(super) revision: i64,
    pub(super) asked_us: Micros,
    pub(super) changed_us: Micros,
}

/// The columns of [`BookingRow`].
const COLUMNS: &str = "id, site, owner, state, held_until_us, start_us, end_us, parts, wish, session, revision, asked_us, \
     changed_us";

/// What the planner needs of a booking.
#[derive(Debug, Clone, FromRow)]
pub(super) struct GrantRow {
    pub(super) id: String,
    pub(super) owner: String,
    pub(super) state: String,
    pub(super) held_until_us: Option<Micros>,
    pub(super) start_us: Micros,
    pub(super) end_us: Micros,
    pub(super) parts: String,
}

/// The columns of [`GrantRow`].
const GRANT: &str = "id, owner, state, held_until_us, start_us, end_us, parts";

/// A new offer that is held.
#[derive(Debug, Clone)]
pub(super) struct NewHold<'a> {
    pub(super) id: &'a str,
    pub(super) site: &'a str,
    pub(super) owner: &'a str,
    pub(super) request: &'a str,
    pub(super) held_until_us: Micros,
    pub(super) start_us: Micros,
    pub(super) end_us: Micros,
    pub(super) parts: &'a str,
    pub(super) wish: &'a str,
}

/// What a change makes of a booking's row.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moved<'a> {
    pub(super) state: &'a str,
    pub(super) start_us: Micros,
    pub(super) end_us: Micros,
    /// None: as they were.
    pub(super) parts: Option<&'a str>,
}

/// The tables of bookings.
#[derive(Debug, Clone)]
pub(super) struct BookingsStore {
    db: Db,
}

impl BookingsStore {
    pub(super) fn new(db: Db) -> Self {
        Self { db }
    }

    /// Begins a change of what a site has granted, and gives the revision that it makes.
    pub(super) async fn begin(&self, site: &str) -> Result<(Transaction<'static, Any>, i64), Error> {
        let mut transaction = self.db.begin().await?;
        let revision = sqlx::query_scalar(
            "INSERT INTO planned_sites (site, revision) VALUES ($1, 1) \
             ON CONFLICT (site) DO UPDATE SET revision = planned_sites.revision + 1 RETURNING revision",
        )
        .bind(site)
        .fetch_one(&mut *transaction)
        .await?;
        Ok((transaction, revision))
    }

    /// A site's revision; 0 where nothing was ever booked.
    pub(super) async fn revision(&self, site: &str) -> Result<i64, Error> {
        let revision: Option<i64> = retried!(
            sqlx::query_scalar("SELECT revision FROM planned_sites WHERE site = $1")
                .bind(site)
                .fetch_optional(&self.db)
        )?;
        Ok(revision.unwrap_or_default())
    }

    /// A connection for reading a ledger outside of a change.
    pub(super) async fn connection(&self) -> Result<sqlx::pool::PoolConnection<Any>, Error> {
        self.db.acquire().await
    }

    /// What holds resources of a site at `now` or later.
    pub(super) async fn granted(
        connection: &mut AnyConnection,
        site: &str,
        now: Micros,
    ) -> Result<Vec<GrantRow>, Error> {
        sqlx::query_as(sqlx::AssertSqlSafe(format!(
            "SELECT {GRANT} FROM bookings WHERE site = $1 AND end_us > $2 AND state IN ('held', 'booked')"
        )))
        .bind(site)
        .bind(now)
        .fetch_all(connection)
        .await
    }

    /// What changed at a site after a revision.
    pub(super) async fn changed_after(
        connection: &mut AnyConnection,
        site: &str,
        revision: i64,
    ) -> Result<Vec<GrantRow>, Error> {
        sqlx::query_as(sqlx::AssertSqlSafe(format!(
            "SELECT {GRANT} FROM bookings WHERE site = $1 AND revision > $2"
        )))
        .bind(site)
        .bind(revision)
        .fetch_all(connection)
        .await
    }

    /// Gives back the offers that were held until `now`.
    pub(super) async fn expire(
        connection: &mut AnyConnection,
        site: &str,
        revision: i64,
        now: Micros,
    ) -> Result<(), Error> {
        sqlx::query(
            "UPDATE bookings SET state = 'expired', revision = $2, changed_us = $3 \
             WHERE site = $1 AND state = 'held' AND held_until_us <= $3",
        )
        .bind(site)
        .bind(revision)
        .bind(now)
        .execute(connection)
        .await?;
        Ok(())
    }

    /// Writes an offer down; false where the same form did so before.
    pub(super) async fn insert(
        connection: &mut AnyConnection,
        hold: &NewHold<'_>,
        revision: i64,
        now: Micros,
    ) -> Result<bool, Error> {
        let inserted = sqlx::query(
            "INSERT INTO bookings (id, site, owner, request, state, held_until_us, start_us, end_us, parts, wish, \
             revision, asked_us, changed_us) VALUES ($1, $2, $3, $4, 'held', $5, $6, $7, $8, $9, $10, $11, $11) \
             ON CONFLICT (owner, request) DO NOTHING",
        )
        .bind(hold.id)
        .bind(hold.site)
        .bind(hold.owner)
        .bind(hold.request)
        .bind(hold.held_until_us)
        .bind(hold.start_us)
        .bind(hold.end_us)
        .bind(hold.parts)
        .bind(hold.wish)
        .bind(revision)
        .bind(now)
        .execute(connection)
        .await?;
        Ok(inserted.rows_affected() > 0)
    }

    /// Makes a booking of an offer that is held.
    pub(super) async fn accept(
        connection: &mut AnyConnection,
        id: &str,
        session: &str,
        revision: i64,
        now: Micros,
    ) -> Result<bool, Error> {
        let accepted = sqlx::query(
            "UPDATE bookings SET state = 'booked', held_until_us = NULL, session = $2, revision = $3, changed_us = $4 \
             WHERE id = $1 AND state = 'held'",
        )
        .bind(id)
        .bind(session)
        .bind(revision)
        .bind(now)
        .execute(connection)
        .await?;
        Ok(accepted.rows_affected() > 0)
    }

    /// Changes a booking or a hold that still holds something; false where it does not.
    pub(super) async fn change(
        connection: &mut AnyConnection,
        id: &str,
        moved: Moved<'_>,
        revision: i64,
        now: Micros,
    ) -> Result<bool, Error> {
        let changed = sqlx::query(
            "UPDATE bookings SET state = $2, start_us = $3, end_us = $4, parts = COALESCE($5, parts), revision = $6, \
             changed_us = $7 WHERE id = $1 AND state IN ('held', 'booked')",
        )
        .bind(id)
        .bind(moved.state)
        .bind(moved.start_us)
        .bind(moved.end_us)
        .bind(moved.parts)
        .bind(revision)
        .bind(now)
        .execute(connection)
        .await?;
        Ok(changed.rows_affected() > 0)
    }

    /// Says of a site's bookings whose time is over that it is. They hold nothing, so no revision is raised.
    pub(super) async fn close(&self, site: &str, now: Micros) -> Result<u64, Error> {
        let closed = sqlx::query(
            "UPDATE bookings SET state = 'over', changed_us = end_us \
             WHERE site = $1 AND state = 'booked' AND end_us <= $2",
        )
        .bind(site)
        .bind(now)
        .execute(&self.db)
        .await?;
        Ok(closed.rows_affected())
    }

    /// One booking.
    pub(super) async fn find(&self, id: &str) -> Result<Option<BookingRow>, Error> {
        retried!(
            sqlx::query_as(sqlx::AssertSqlSafe(format!("SELECT {COLUMNS} FROM bookings WHERE id = $1")))
                .bind(id)
                .fetch_optional(&self.db)
        )
    }

    /// The same inside of a transaction.
    pub(super) async fn find_in(
        connection: &mut AnyConnection,
        id: &str,
    ) -> Result<Option<BookingRow>, Error> {
        sqlx::query_as(sqlx::AssertSqlSafe(format!("SELECT {COLUMNS} FROM bookings WHERE id = $1")))
            .bind(id)
            .fetch_optional(connection)
            .await
    }

    /// Those of these that there are.
    pub(super) async fn find_all(&self, ids: &[&str]) -> Result<Vec<BookingRow>, Error> {
        let places: Vec<_> = (1..=ids.len()).map(|n| format!("${n}")).collect();
        let text = format!("SELECT {COLUMNS} FROM bookings WHERE id IN ({})", places.join(", "));
        retried!({
            let query = sqlx::query_as(sqlx::AssertSqlSafe(text.clone()));
            ids.iter().fold(query, |query, id| query.bind(*id)).fetch_all(&self.db)
        })
    }

    /// The booking that a form asked for.
    pub(super) async fn find_request(&self, owner: &str, request: &str) -> Result<Option<String>, Error> {
        retried!(
            sqlx::query_scalar("SELECT id FROM bookings WHERE owner = $1 AND request = $2")
                .bind(owner)
                .bind(request)
                .fetch_optional(&self.db)
        )
    }

    /// An owner's bookings that meet a time, by start; without offers that expired.
    pub(super) async fn list(
        &self,
        owner: &str,
        (from_us, to_us): (Micros, Micros),
        most: i64,
    ) -> Result<Vec<BookingRow>, Error> {
        retried!(
            sqlx::query_as(sqlx::AssertSqlSafe(format!(
                "SELECT {COLUMNS} FROM bookings \
                 WHERE owner = $1 AND start_us < $3 AND end_us > $2 AND state <> 'expired' \
                 ORDER BY start_us, id LIMIT $4"
            )))
            .bind(owner)
            .bind(from_us)
            .bind(to_us)
            .bind(most)
            .fetch_all(&self.db)
        )
    }

    /// Whether an owner has a calendar feed.
    pub(super) async fn has_feed(&self, owner: &str) -> Result<bool, Error> {
        let feeds: i64 = retried!(
            sqlx::query_scalar("SELECT COUNT(*) FROM booking_feeds WHERE owner = $1")
                .bind(owner)
                .fetch_one(&self.db)
        )?;
        Ok(feeds > 0)
    }

    /// Keeps a feed's secret in place of the one before.
    pub(super) async fn set_feed(&self, owner: &str, secret_hash: &str, now: Micros) -> Result<(), Error> {
        sqlx::query(
            "INSERT INTO booking_feeds (owner, secret_hash, made_us) VALUES ($1, $2, $3) \
             ON CONFLICT (owner) DO UPDATE SET secret_hash = excluded.secret_hash, made_us = excluded.made_us",
        )
        .bind(owner)
        .bind(secret_hash)
        .bind(now)
        .execute(&self.db)
        .await?;
        Ok(())
    }

    /// Takes a feed away; also where there is none.
    pub(super) async fn remove_feed(&self, owner: &str) -> Result<(), Error> {
        sqlx::query("DELETE FROM booking_feeds WHERE owner = $1").bind(owner).execute(&self.db).await?;
        Ok(())
    }

    /// Whose feed has this secret.
    pub(super) async fn feed_owner(&self, secret_hash: &str) -> Result<Option<String>, Error> {
        retried!(
            sqlx::query_scalar("SELECT owner FROM booking_feeds WHERE secret_hash = $1")
                .bind(secret_hash)
                .fetch_optional(&self.db)
        )
    }
}
