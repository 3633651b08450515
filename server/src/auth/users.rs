//! The store of people who signed in, keyed by issuer and subject.

use super::identity::Identity;
use crate::clock::Micros;
use crate::db::Db;
use sqlx::Row as _;

/// A user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserRow {
    /// Our id.
    pub id: String,
    /// Who they are, as of their last sign-in.
    pub identity: Identity,
}

/// Makes the user at the first sign-in, and brings name, mail and groups up to date at each later one. Gives the user's
/// id: `new_id` for a new user.
pub async fn upsert_user(
    db: &Db,
    new_id: &str,
    identity: &Identity,
    now: Micros,
) -> Result<String, sqlx::Error> {
    let groups = serde_json::to_string(&identity.groups).unwrap_or_else(|_| "[]".to_owned());
    sqlx::query_scalar(
        "INSERT INTO users (id, issuer, subject, name, email, user_groups, created_us)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (issuer, subject) DO UPDATE
         SET name = excluded.name, email = excluded.email, user_groups = excluded.user_groups
         RETURNING id",
    )
    .bind(new_id)
    .bind(&*identity.issuer)
    .bind(&*identity.subject)
    .bind(&*identity.name)
    .bind(identity.email.as_deref())
    .bind(&*groups)
    .bind(now)
    .fetch_one(db)
    .await
}

/// From here to its end, transactions about the same user wait for each other, so that what is counted stays counted: a
/// write that changes nothing.
pub(crate) async fn lock_user(connection: &mut sqlx::AnyConnection, id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE users SET id = id WHERE id = $1").bind(id).execute(connection).await.map(drop)
}

/// One user.
pub async fn find_user(db: &Db, id: &str) -> Result<Option<UserRow>, sqlx::Error> {
    let row = sqlx::query("SELECT id, issuer, subject, name, email, user_groups FROM users WHERE id = $1")
        .bind(id)
        .fetch_optional(db)
        .await?;
    row.map(|row| {
        Ok(UserRow {
            id: row.try_get(0)?,
            identity: Identity {
                issuer: row.try_get(1)?,
                subject: row.try_get(2)?,
                name: row.try_get(3)?,
                email: row.try_get(4)?,
                groups: read_groups(row.try_get(5)?),
            },
        })
    })
    .transpose()
}

/// The groups as they are kept: a JSON list.
pub(super) fn read_groups(kept: &str) -> Vec<String> {
    serde_json::from_str(kept).unwrap_or_default()
}
