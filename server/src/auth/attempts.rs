//! The store of sign-ins under way: bound to a browser, used once, gone after ten minutes.

use crate::clock::{Micros, SECOND};
use crate::db::Db;
use sqlx::Row as _;

/// How long a person may take at the provider.
pub const LIFETIME: Micros = 600 * SECOND;

/// A sign-in under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// The provider's id.
    pub provider: String,
    /// Expected in the id token.
    pub nonce: String,
    /// Sent to the token endpoint.
    pub pkce_verifier: String,
    /// Where the person goes then; inside Skyport.
    pub next: String,
}

/// Keeps an attempt until `ends_us`.
pub async fn insert_attempt(
    db: &Db,
    state_hash: &str,
    browser_hash: &str,
    attempt: &Attempt,
    ends_us: Micros,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO sign_in_attempts (state_hash, browser_hash, provider, nonce, pkce_verifier, next_address, ends_us)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(state_hash)
    .bind(browser_hash)
    .bind(&*attempt.provider)
    .bind(&*attempt.nonce)
    .bind(&*attempt.pkce_verifier)
    .bind(&*attempt.next)
    .bind(ends_us)
    .execute(db)
    .await?;
    Ok(())
}

/// Takes an attempt out, so that it is used once whoever else asks at the same moment. None where the state is unknown,
/// was used, has expired, or belongs to another browser; that browser can still use it then.
pub async fn take_attempt(
    db: &Db,
    state_hash: &str,
    browser_hash: &str,
    now: Micros,
) -> Result<Option<Attempt>, sqlx::Error> {
    let row = sqlx::query(
        "DELETE FROM sign_in_attempts WHERE state_hash = $1 AND browser_hash = $2 AND ends_us > $3
         RETURNING provider, nonce, pkce_verifier, next_address",
    )
    .bind(state_hash)
    .bind(browser_hash)
    .bind(now)
    .fetch_optional(db)
    .await?;
    row.map(|row| {
        Ok(Attempt {
            provider: row.try_get(0)?,
            nonce: row.try_get(1)?,
            pkce_verifier: row.try_get(2)?,
            next: row.try_get(3)?,
        })
    })
    .transpose()
}

/// Removes those that ended; says how many.
pub async fn purge_attempts(db: &Db, now: Micros) -> Result<u64, sqlx::Error> {
    let done = sqlx::query("DELETE FROM sign_in_attempts WHERE ends_us <= $1").bind(now).execute(db).await?;
    Ok(done.rows_affected())
}
