//! All SQL of access keys.

use crate::auth::users::lock_user;
use crate::clock::Micros;
use crate::db::{Db, retried};
use sqlx::{AnyConnection, Error, FromRow};

/// An access key as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct KeyRow {
    /// Its id.
    pub id: String,
    /// What its owner calls it; unique among theirs.
    pub name: String,
    /// The algorithm's name, as the line begins.
    pub algorithm: String,
    /// Its length.
    pub bits: i64,
    /// The line for `authorized_keys`: type, base64 and comment, without a line break.
    pub public_key: String,
    /// `SHA256:` and base64; unique among the owner's.
    pub sha256: String,
    /// `aa:bb:…`.
    pub md5: String,
    /// UTC microseconds.
    pub added_us: Micros,
    /// UTC microseconds; none while no server got it.
    pub last_used_us: Option<Micros>,
}

/// A server that carries a key.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct UseRow {
    pub(crate) key_id: String,
    pub(crate) server_id: String,
    pub(crate) server_name: String,
}

/// What became of a new key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Inserted {
    /// It is there.
    Done,
    /// Its owner has it under this name.
    SameKey(String),
    /// Another key has its name.
    SameName,
    /// Its owner has as many as one may have.
    TooMany,
}

/// The tables of access keys.
#[derive(Debug, Clone)]
pub(crate) struct KeysStore {
    db: Db,
}

impl KeysStore {
    pub(crate) fn new(db: Db) -> Self {
        Self { db }
    }

    /// An owner's keys, by name.
    pub(crate) async fn list(&self, owner: &str) -> Result<Vec<KeyRow>, Error> {
        retried!(
            sqlx::query_as(
                "SELECT id, name, algorithm, bits, public_key, sha256, md5, added_us, last_used_us \
                 FROM access_keys WHERE owner = $1 ORDER BY LOWER(name), id",
            )
            .bind(owner)
            .fetch_all(&self.db)
        )
    }

    /// One of an owner's keys.
    pub(crate) async fn find(&self, owner: &str, id: &str) -> Result<Option<KeyRow>, Error> {
        retried!(
            sqlx::query_as(
                "SELECT id, name, algorithm, bits, public_key, sha256, md5, added_us, last_used_us \
                 FROM access_keys WHERE owner = $1 AND id = $2",
            )
            .bind(owner)
            .bind(id)
            .fetch_optional(&self.db)
        )
    }

    /// The servers that carry an owner's keys, newest first.
    pub(crate) async fn uses(&self, owner: &str) -> Result<Vec<UseRow>, Error> {
        retried!(
            sqlx::query_as(
                "SELECT u.key_id, u.server_id, u.server_name \
                 FROM access_key_uses u JOIN access_keys k ON k.id = u.key_id \
                 WHERE k.owner = $1 ORDER BY u.used_us DESC, u.server_id",
            )
            .bind(owner)
            .fetch_all(&self.db)
        )
    }

    /// Keeps a key, unless its owner has it, its name, or `most` keys already.
    pub(crate) async fn insert(&self, owner: &str, key: &KeyRow, most: i64) -> Result<Inserted, Error> {
        let mut transaction = self.db.begin().await?;
        lock_user(&mut transaction, owner).await?;
        let same: Vec<(String, String)> = sqlx::query_as(
            "SELECT name, sha256 FROM access_keys WHERE owner = $1 AND (name = $2 OR sha256 = $3)",
        )
        .bind(owner)
        .bind(&key.name)
        .bind(&key.sha256)
        .fetch_all(&mut *transaction)
        .await?;
        if let Some((name, _)) = same.iter().find(|(_, sha256)| *sha256 == key.sha256) {
            return Ok(Inserted::SameKey(name.clone()));
        }
        if !same.is_empty() {
            return Ok(Inserted::SameName);
        }
        let count: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM access_keys WHERE owner = $1")
            .bind(owner)
            .fetch_one(&mut *transaction)
            .await?;
        if count >= most {
            return Ok(Inserted::TooMany);
        }
        sqlx::query(
            "INSERT INTO access_keys (id, owner, name, algorithm, bits, public_key, sha256, md5, added_us) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(&key.id)
        .bind(owner)
        .bind(&key.name)
        .bind(&key.algorithm)
        .bind(key.bits)
        .bind(&key.public_key)
        .bind(&key.sha256)
        .bind(&key.md5)
        .bind(key.added_us)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(Inserted::Done)
    }

    /// Removes a key with the list of its servers; false where the owner has no such key.
    pub(crate) async fn remove(&self, owner: &str, id: &str) -> Result<bool, Error> {
        let removed = sqlx::query("DELETE FROM access_keys WHERE owner = $1 AND id = $2")
            .bind(owner)
            .bind(id)
            .execute(&self.db)
            .await?;
        Ok(removed.rows_affected() > 0)
    }

    /// Notes that a server carries a key; its newest name counts, and the time when it was noted first.
    pub(crate) async fn record_use(
        &self,
        key: &str,
        server: &str,
        server_name: &str,
        now: Micros,
    ) -> Result<(), Error> {
        let mut transaction = self.db.begin().await?;
        Self::record_use_in(&mut transaction, key, server, server_name, now).await?;
        transaction.commit().await
    }

    /// The same inside a transaction, which holds one connection and must not wait for another.
    pub(crate) async fn record_use_in(
        connection: &mut AnyConnection,
        key: &str,
        server: &str,
        server_name: &str,
        now: Micros,
    ) -> Result<(), Error> {
        sqlx::query(
            "UPDATE access_keys SET last_used_us = $2 WHERE id = $1 AND (last_used_us IS NULL OR last_used_us < $2) \
             AND NOT EXISTS (SELECT 1 FROM access_key_uses WHERE key_id = $1 AND server_id = $3)",
        )
        .bind(key)
        .bind(now)
        .bind(server)
        .execute(&mut *connection)
        .await?;
        // From the key's own row: one that was removed meanwhile is in no list.
        sqlx::query(
            "INSERT INTO access_key_uses (key_id, server_id, server_name, used_us) \
             SELECT id, CAST($2 AS TEXT), CAST($3 AS TEXT), CAST($4 AS BIGINT) FROM access_keys WHERE id = $1 \
             ON CONFLICT (key_id, server_id) DO UPDATE SET server_name = excluded.server_name",
        )
        .bind(key)
        .bind(server)
        .bind(server_name)
        .bind(now)
        .execute(connection)
        .await?;
        Ok(())
    }

    /// A server is gone: no key is carried by it any more.
    pub(crate) async fn forget_use(&self, server: &str) -> Result<(), Error> {
        sqlx::query("DELETE FROM access_key_uses WHERE server_id = $1")
            .bind(server)
            .execute(&self.db)
            .await?;
        Ok(())
    }
}
