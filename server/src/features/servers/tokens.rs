//! Access tokens of users for sites: sealed with a key that is not in the database, bound to owner and site, and dropped
//! when they expire.

use crate::clock::{Clock, Entropy, Micros, SECOND};
use crate::config::Secret;
use crate::db::Db;
use crate::providers::Access;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305, XNonce};
use std::io::Write as _;
use std::path::Path;

/// A token that does not say when it ends is kept this long.
const UNKNOWN_LIFE_US: Micros = 3600 * SECOND;
/// None is kept longer than this, whatever it says.
const LONGEST_LIFE_US: Micros = 86_400 * SECOND;
/// A token that is over within this is over.
const MARGIN_US: Micros = 30 * SECOND;

/// The tokens that are held.
pub(crate) struct Tokens {
    db: Db,
    cipher: XChaCha20Poly1305,
    clock: Clock,
    entropy: Entropy,
}

/// Why the key of the tokens could not be had.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file could not be read or made.
    #[error("The key file {path} can be neither read nor made. Check that the folder may be written to")]
    File {
        /// The file.
        path: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// It holds something else.
    #[error(
        "The key file {0} does not hold a key of 32 bytes in base64. Restore it, or remove it: users then sign in at their sites again"
    )]
    Damaged(String),
}

impl Tokens {
    /// With the key in this folder, made where it is missing.
    ///
    /// # Errors
    /// Where the key can be neither read nor made.
    pub(crate) fn open(db: &Db, folder: &Path, clock: &Clock, entropy: &Entropy) -> Result<Self, KeyError> {
        let key = read_or_make(&folder.join("tokens.key"), entropy)?;
        let cipher = XChaCha20Poly1305::new(&key.into());
        Ok(Self { db: db.clone(), cipher, clock: clock.clone(), entropy: entropy.clone() })
    }

    /// Keeps a token until it says it expires. False where it is over already.
    pub(crate) async fn keep(&self, owner: &str, site: &str, token: &str) -> Result<bool, sqlx::Error> {
        let now = self.clock.now();
        let expires = expiry_of(token).unwrap_or(now + UNKNOWN_LIFE_US).min(now + LONGEST_LIFE_US);
        if expires <= now + MARGIN_US {
            return Ok(false);
        }
        let nonce = self.entropy.bytes::<24>();
        let bound = bound_to(owner, site);
        let payload = Payload { msg: token.as_bytes(), aad: bound.as_bytes() };
        // Encrypting fails for messages of 256 GiB and more alone.
        let Ok(sealed) = self.cipher.encrypt(&XNonce::from(nonce), payload) else { return Ok(false) };
        let text = STANDARD.encode([nonce.as_slice(), &sealed].concat());
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
        Ok(sealed.and_then(|text| self.open_sealed(&text, owner, site)))
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

    fn open_sealed(&self, text: &str, owner: &str, site: &str) -> Option<Secret> {
        let whole = STANDARD.decode(text).ok()?;
        let (nonce, sealed) = whole.split_at_checked(24)?;
        let nonce: [u8; 24] = nonce.try_into().ok()?;
        let bound = bound_to(owner, site);
        let payload = Payload { msg: sealed, aad: bound.as_bytes() };
        let token = self.cipher.decrypt(&XNonce::from(nonce), payload).ok()?;
        String::from_utf8(token).ok().map(Secret::new)
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

fn read_or_make(path: &Path, entropy: &Entropy) -> Result<[u8; 32], KeyError> {
    let fault = |source| KeyError::File { path: path.display().to_string(), source };
    if !path.exists() {
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let beside = path.with_extension(format!("new-{}", crate::ids::new_id(entropy)));
        let mut file = options.open(&beside).map_err(fault)?;
        file.write_all(STANDARD.encode(entropy.bytes::<32>()).as_bytes()).map_err(fault)?;
        file.sync_all().map_err(fault)?;
        // A link, not a renaming: where another process was quicker, its key stays.
        let linked = std::fs::hard_link(&beside, path);
        std::fs::remove_file(&beside).map_err(fault)?;
        if let Err(error) = linked
            && !path.exists()
        {
            return Err(fault(error));
        }
    }
    let text = std::fs::read_to_string(path).map_err(fault)?;
    let bytes = STANDARD.decode(text.trim()).ok();
    bytes.and_then(|bytes| bytes.try_into().ok()).ok_or_else(|| KeyError::Damaged(path.display().to_string()))
}
