//! The store of open sign-ins. Of the cookie's secret only the hash is kept.

use super::users::read_groups;
use crate::clock::{Micros, SECOND};
use crate::db::Db;
use app::asking::{Caller, Owner};
use sqlx::Row as _;

/// How long a sign-in lasts, both in microseconds.
#[derive(Debug, Clone, Copy)]
pub struct Lifetime {
    /// Without use.
    pub idle: Micros,
    /// At the latest.
    pub absolute: Micros,
}

impl Lifetime {
    /// When a use is written down again: after a minute, sooner where sign-ins idle out within minutes.
    fn seen_every(self) -> Micros {
        (self.idle / 4).min(60 * SECOND)
    }
}

/// A new sign-in.
#[derive(Debug, Clone)]
pub struct NewSignIn<'a> {
    /// Public id.
    pub id: &'a str,
    /// Hash of the cookie's secret.
    pub secret_hash: &'a str,
    /// Whose it is.
    pub user: &'a str,
    /// The provider's id.
    pub provider: &'a str,
    /// The browser, as it says itself.
    pub user_agent: &'a str,
}

/// An open sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInRow {
    /// Public id.
    pub id: String,
    /// The provider's id.
    pub provider: String,
    /// The browser, as it says itself.
    pub user_agent: String,
    /// UTC microseconds.
    pub since_us: Micros,
    /// UTC microseconds, to the minute.
    pub last_seen_us: Micros,
    /// UTC microseconds.
    pub ends_us: Micros,
}

/// Opens a sign-in.
pub async fn insert_sign_in(
    db: &Db,
    new: &NewSignIn<'_>,
    lifetime: Lifetime,
    now: Micros,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO sign_ins (id, secret_hash, user_id, provider, user_agent, since_us, last_seen_us, ends_us)
         VALUES ($1, $2, $3, $4, $5, $6, $6, $7)",
    )
    .bind(new.id)
    .bind(new.secret_hash)
    .bind(new.user)
    .bind(new.provider)
    .bind(new.user_agent)
    .bind(now)
    .bind(now + lifetime.absolute)
    .execute(db)
    .await?;
    Ok(())
}

/// The caller behind a secret, where its sign-in is open: one query through the hash's index, on every request. Writes
/// the use down at most once a minute.
pub async fn find_caller(
    db: &Db,
    secret_hash: &str,
    lifetime: Lifetime,
    now: Micros,
) -> Result<Option<Caller>, sqlx::Error> {
    let by_secret = "SELECT s.id, s.user_id, u.name, u.user_groups, s.last_seen_us
         FROM sign_ins s JOIN users u ON u.id = s.user_id
         WHERE s.secret_hash = $1 AND s.ends_us > $2 AND s.last_seen_us > $3";
    find(db, by_secret, secret_hash, lifetime, now).await
}

/// The caller behind a sign-in's public id, where it is open; this too is a use of it.
pub async fn find_caller_of(
    db: &Db,
    id: &str,
    lifetime: Lifetime,
    now: Micros,
) -> Result<Option<Caller>, sqlx::Error> {
    let by_id = "SELECT s.id, s.user_id, u.name, u.user_groups, s.last_seen_us
         FROM sign_ins s JOIN users u ON u.id = s.user_id
         WHERE s.id = $1 AND s.ends_us > $2 AND s.last_seen_us > $3";
    find(db, by_id, id, lifetime, now).await
}

async fn find(
    db: &Db,
    text: &'static str,
    key: &str,
    lifetime: Lifetime,
    now: Micros,
) -> Result<Option<Caller>, sqlx::Error> {
    let row = sqlx::query(text).bind(key).bind(now).bind(now - lifetime.idle).fetch_optional(db).await?;
    let Some(row) = row else { return Ok(None) };
    let id: String = row.try_get(0)?;
    if row.try_get::<Micros, _>(4)? <= now - lifetime.seen_every() {
        touch(db, &id, now).await;
    }
    Ok(Some(Caller {
        owner: Owner::User(row.try_get(1)?),
        name: row.try_get(2)?,
        groups: read_groups(row.try_get(3)?),
        sign_in: Some(id),
        address: None,
    }))
}

/// Writes a use down. Failing at that is no reason to turn the caller away: the next request tries again.
async fn touch(db: &Db, id: &str, now: Micros) {
    let done = sqlx::query("UPDATE sign_ins SET last_seen_us = $1 WHERE id = $2 AND last_seen_us < $1")
        .bind(now)
        .bind(id)
        .execute(db)
        .await;
    if let Err(error) = done {
        tracing::warn!(fault.chain = %crate::fault::chain(&error), "the use of a sign-in was not written down");
    }
}

/// A user's open sign-ins, newest first.
pub async fn list_sign_ins(
    db: &Db,
    user: &str,
    lifetime: Lifetime,
    now: Micros,
) -> Result<Vec<SignInRow>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT id, provider, user_agent, since_us, last_seen_us, ends_us FROM sign_ins
         WHERE user_id = $1 AND ends_us > $2 AND last_seen_us > $3 ORDER BY since_us DESC, id",
    )
    .bind(user)
    .bind(now)
    .bind(now - lifetime.idle)
    .fetch_all(db)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(SignInRow {
                id: row.try_get(0)?,
                provider: row.try_get(1)?,
                user_agent: row.try_get(2)?,
                since_us: row.try_get(3)?,
                last_seen_us: row.try_get(4)?,
                ends_us: row.try_get(5)?,
            })
        })
        .collect()
}

/// Ends one of a user's sign-ins; false where it is not theirs.
pub async fn end_sign_in(db: &Db, user: &str, id: &str) -> Result<bool, sqlx::Error> {
    let done = sqlx::query("DELETE FROM sign_ins WHERE id = $1 AND user_id = $2")
        .bind(id)
        .bind(user)
        .execute(db)
        .await?;
    Ok(done.rows_affected() > 0)
}

/// Ends the sign-in of a secret.
pub async fn end_by_secret(db: &Db, secret_hash: &str) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM sign_ins WHERE secret_hash = $1").bind(secret_hash).execute(db).await?;
    Ok(())
}

/// Ends all of a user's sign-ins; says how many.
pub async fn end_all(db: &Db, user: &str) -> Result<u64, sqlx::Error> {
    let done = sqlx::query("DELETE FROM sign_ins WHERE user_id = $1").bind(user).execute(db).await?;
    Ok(done.rows_affected())
}

/// Open sign-ins of everybody.
pub async fn count_open(db: &Db, lifetime: Lifetime, now: Micros) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("SELECT COUNT(*) FROM sign_ins WHERE ends_us > $1 AND last_seen_us > $2")
        .bind(now)
        .bind(now - lifetime.idle)
        .fetch_one(db)
        .await
}

/// Removes those that ended; says how many.
pub async fn purge_sign_ins(db: &Db, lifetime: Lifetime, now: Micros) -> Result<u64, sqlx::Error> {
    let done = sqlx::query("DELETE FROM sign_ins WHERE ends_us <= $1 OR last_seen_us <= $2")
        .bind(now)
        .bind(now - lifetime.idle)
        .execute(db)
        .await?;
    Ok(done.rows_affected())
}
