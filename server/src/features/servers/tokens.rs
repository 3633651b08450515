//! Access tokens of users for sites: sealed with a key that is not in the database, bound to owner and site, and dropped
//! when they expire.

use crate::clock::{Clock, Micros, SECOND};
use crate::config::Secret;
use crate::db::Db;
use crate::providers::Access;
use crate::sealing::Sealer;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::sync::Arc;

/// A token that does not say when it ends is kept this long.
const UNKNOWN_LIFE_US: Micros = 3600 * SECOND;
/// None is kept longer than this, whatever it says.
const LONGEST_LIFE_US: Micros = 86_400 * SECOND;
/// A token that is over within this is over.
const MARGIN_US: Micros = 30 * SECOND;

/// The tokens that are held.
pub(crate) struct Tokens {
    db: Db,
    sealer: Arc<Sealer>,
    clock: Clock,
}

impl Tokens {
    /// Sealed by `sealer`.
    pub(crate) fn new(db: &Db, sealer: Arc<Sealer>, clock: &Clock) -> Self {
        Self { db: db.clone(), sealer, clock: clock.clone() }
    }

    /// Keeps a token until it says it expires. False where it is over already.
    pub(crate) async fn keep(&self, owner: &str, site: &str, token: &str) -> Result<bool, sqlx::Error> {
        let now = self.clock.now();
        let expires = expiry_of(token).unwrap_or(now + UNKNOWN_LIFE_US).min(now + LONGEST_LIFE_US);
        if expires <= now + MARGIN_US {
            return Ok(false);
        }
        let text = self.sealer.seal(&bound_to(owner, site), token);
        sqlx::query(
            "INSERT INTO held_tokens (owner, site, sealed, expires_us) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (owner, site) DO UPDATE SET sealed = $3, expires_us = $4",
        )
        .bind(owner)
        .bind(site)
        .bind(text)
        .bind(expires)
        .execute(&self.db)
        .await?;
        Ok(true)
    }

    /// The owner's token for a site, if one is held that is not over.
    pub(crate) async fn find(&self, owner: &str, site: &str) -> Result<Option<Secret>, sqlx::Error> {
        let sealed: Option<String> = sqlx::query_scalar(
            "SELECT sealed FROM held_tokens WHERE owner = $1 AND site = $2 AND expires_us > $3",
        )
        .bind(owner)
        .bind(site)
        .bind(self.clock.now() + MARGIN_US)
        .fetch_optional(&self.db)
        .await?;
        Ok(sealed.and_then(|text| self.sealer.unseal(&bound_to(owner, site), &text)))
    }

    /// Those who hold a token for a site.
    pub(crate) async fn list_owners(&self, site: &str) -> Result<Vec<String>, sqlx::Error> {
        sqlx::query_scalar("SELECT owner FROM held_tokens WHERE site = $1 AND expires_us > $2")
            .bind(site)
            .bind(self.clock.now() + MARGIN_US)
            .fetch_all(&self.db)
            .await
    }

    /// Forgets the owner's token for a site, which said that it is over; not one that was given since.
    pub(crate) async fn forget(&self, owner: &str, site: &str, used: &Access) -> Result<(), sqlx::Error> {
        let (Access::Token(used), Some(held)) = (used, self.find(owner, site).await?) else { return Ok(()) };
        if used.expose() != held.expose() {
            return Ok(());
        }
        sqlx::query("DELETE FROM held_tokens WHERE owner = $1 AND site = $2")
            .bind(owner)
            .bind(site)
            .execute(&self.db)
            .await?;
        Ok(())
    }

    /// Drops what is over.
    pub(crate) async fn drop_expired(&self) -> Result<(), sqlx::Error> {
        sqlx::query("DELETE FROM held_tokens WHERE expires_us <= $1")
            .bind(self.clock.now())
            .execute(&self.db)
            .await?;
        Ok(())
    }
}

fn bound_to(owner: &str, site: &str) -> String {
    format!("skyport site token\n{owner}\n{site}")
}

/// When a JSON web token says that it ends (RFC 7519, section 4.1.4). Read without trust: for our own keeping alone.
fn expiry_of(token: &str) -> Option<Micros> {
    let body = token.split('.').nth(1)?;
    let body: serde_json::Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(body).ok()?).ok()?;
    body["exp"].as_i64()?.checked_mul(SECOND)
}
