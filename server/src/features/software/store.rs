//! All SQL of software.

use crate::auth::users::lock_user;
use crate::clock::Micros;
use crate::db::{Db, retried};
use sqlx::{Error, FromRow};
use std::collections::{HashMap, HashSet};

/// A container that a user added.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct OwnRow {
    pub(crate) name: String,
    /// The user's id.
    pub(crate) owner: String,
    /// The group whose members see it.
    pub(crate) shared_with: Option<String>,
    /// Not 0 where everybody sees it.
    pub(crate) featured: i64,
    /// The entry, as JSON.
    pub(crate) entry: String,
    /// The image's labels, as JSON.
    pub(crate) labels: String,
    /// User at a private registry.
    pub(crate) registry_user: Option<String>,
    /// The secret there, sealed.
    pub(crate) sealed: Option<String>,
    pub(crate) added_us: Micros,
    /// When its owner changed it last.
    pub(crate) changed_us: Micros,
}

const COLUMNS: &str =
    "name, owner, shared_with, featured, entry, labels, registry_user, sealed, added_us, changed_us";

/// The tables of software.
#[derive(Debug, Clone)]
pub(crate) struct SoftwareStore {
    db: Db,
}

impl SoftwareStore {
    pub(crate) fn new(db: Db) -> Self {
        Self { db }
    }

    /// When a user last ran what they ran, by name.
    pub(crate) async fn uses(&self, owner: &str) -> Result<HashMap<String, Micros>, Error> {
        let uses: Vec<(String, Micros)> = retried!(
            sqlx::query_as("SELECT name, used_us FROM software_uses WHERE owner = $1")
                .bind(owner)
                .fetch_all(&self.db)
        )?;
        Ok(uses.into_iter().collect())
    }

    /// A user runs an entry.
    pub(crate) async fn remember_use(&self, owner: &str, name: &str, now: Micros) -> Result<(), Error> {
        sqlx::query(
            "INSERT INTO software_uses (owner, name, used_us) VALUES ($1, $2, $3) \
             ON CONFLICT (owner, name) DO UPDATE SET used_us = $3",
        )
        .bind(owner)
        .bind(name)
        .bind(now)
        .execute(&self.db)
        .await?;
        Ok(())
    }

    /// The names of a user's favourites.
    pub(crate) async fn favourites(&self, owner: &str) -> Result<HashSet<String>, Error> {
        let names: Vec<String> = retried!(
            sqlx::query_scalar("SELECT name FROM software_favourites WHERE owner = $1")
                .bind(owner)
                .fetch_all(&self.db)
        )?;
        Ok(names.into_iter().collect())
    }

    /// Makes an entry a favourite.
    pub(crate) async fn add_favourite(&self, owner: &str, name: &str, now: Micros) -> Result<(), Error> {
        sqlx::query(
            "INSERT INTO software_favourites (owner, name, since_us) VALUES ($1, $2, $3) ON CONFLICT (owner, name) DO NOTHING",
        )
        .bind(owner)
        .bind(name)
        .bind(now)
        .execute(&self.db)
        .await?;
        Ok(())
    }

    /// Makes it none.
    pub(crate) async fn remove_favourite(&self, owner: &str, name: &str) -> Result<(), Error> {
        sqlx::query("DELETE FROM software_favourites WHERE owner = $1 AND name = $2")
            .bind(owner)
            .bind(name)
            .execute(&self.db)
            .await?;
        Ok(())
    }

    /// One container, whoever may see it.
    pub(crate) async fn find_own(&self, name: &str) -> Result<Option<OwnRow>, Error> {
        let text = format!("SELECT {COLUMNS} FROM user_software WHERE name = $1");
        retried!(sqlx::query_as(sqlx::AssertSqlSafe(text.clone())).bind(name).fetch_optional(&self.db))
    }

    /// What a user sees: their own, what is shared with one of their groups, what is featured. A visitor's id is empty.
    pub(crate) async fn visible(&self, owner: &str, groups: &[String]) -> Result<Vec<OwnRow>, Error> {
        let places: Vec<_> = (2..groups.len() + 2).map(|n| format!("${n}")).collect();
        let shared = if places.is_empty() {
            String::new()
        } else {
            format!(" OR shared_with IN ({})", places.join(", "))
        };
        let text = format!("SELECT {COLUMNS} FROM user_software WHERE owner = $1 OR featured <> 0{shared}");
        retried!({
            let query = sqlx::query_as(sqlx::AssertSqlSafe(text.clone())).bind(owner);
            groups.iter().fold(query, |query, group| query.bind(group.as_str())).fetch_all(&self.db)
        })
    }

    /// Keeps a new container, unless its owner has `most` of them.
    pub(crate) async fn insert_own(&self, row: &OwnRow, most: i64) -> Result<bool, Error> {
        let mut transaction = self.db.begin().await?;
        lock_user(&mut transaction, &row.owner).await?;
        let count: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM user_software WHERE owner = $1")
            .bind(&row.owner)
            .fetch_one(&mut *transaction)
            .await?;
        if count >= most {
            return Ok(false);
        }
        sqlx::query(
            "INSERT INTO user_software (name, owner, shared_with, entry, labels, registry_user, sealed, added_us, changed_us) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(&row.name)
        .bind(&row.owner)
        .bind(row.shared_with.as_deref())
        .bind(&row.entry)
        .bind(&row.labels)
        .bind(row.registry_user.as_deref())
        .bind(row.sealed.as_deref())
        .bind(row.added_us)
        .bind(row.changed_us)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Changes an owner's container, which is featured no longer then; false where they have no such one.
    pub(crate) async fn update_own(&self, row: &OwnRow) -> Result<bool, Error> {
        let changed = sqlx::query(
            // An operator has not looked at what it is now.
            // Always later than before, whatever the clock says: it marks what an operator looked at.
            "UPDATE user_software SET shared_with = $3, entry = $4, labels = $5, registry_user = $6, sealed = $7, \
             featured = 0, changed_us = CASE WHEN changed_us >= $8 THEN changed_us + 1 ELSE $8 END \
             WHERE owner = $1 AND name = $2",
        )
        .bind(&row.owner)
        .bind(&row.name)
        .bind(row.shared_with.as_deref())
        .bind(&row.entry)
        .bind(&row.labels)
        .bind(row.registry_user.as_deref())
        .bind(row.sealed.as_deref())
        .bind(row.changed_us)
        .execute(&self.db)
        .await?;
        Ok(changed.rows_affected() > 0)
    }

    /// Deletes an owner's container; false where they have no such one.
    pub(crate) async fn remove_own(&self, owner: &str, name: &str) -> Result<bool, Error> {
        let removed = sqlx::query("DELETE FROM user_software WHERE owner = $1 AND name = $2")
            .bind(owner)
            .bind(name)
            .execute(&self.db)
            .await?;
        Ok(removed.rows_affected() > 0)
    }

    /// How many a user has.
    pub(crate) async fn count_own(&self, owner: &str) -> Result<i64, Error> {
        retried!(
            sqlx::query_scalar("SELECT COUNT(*) FROM user_software WHERE owner = $1")
                .bind(owner)
                .fetch_one(&self.db)
        )
    }

    /// Shows a container to everybody as it has been since `as_of`; false where it is not there, or was changed after.
    pub(crate) async fn feature_own(&self, name: &str, as_of: Micros) -> Result<bool, Error> {
        let changed =
            sqlx::query("UPDATE user_software SET featured = 1 WHERE name = $1 AND changed_us = $2")
                .bind(name)
                .bind(as_of)
                .execute(&self.db)
                .await?;
        Ok(changed.rows_affected() > 0)
    }

    /// Shows a container to everybody no longer; false where it is not there.
    pub(crate) async fn hide_own(&self, name: &str) -> Result<bool, Error> {
        let changed = sqlx::query("UPDATE user_software SET featured = 0 WHERE name = $1")
            .bind(name)
            .execute(&self.db)
            .await?;
        Ok(changed.rows_affected() > 0)
    }
}
