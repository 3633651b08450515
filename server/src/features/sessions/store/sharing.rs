//! With whom a session is shared: a user by id, or a group by name.

use super::{SessionStore, Viewer};
use crate::clock::Micros;
use crate::features::sessions::opening::Shared;
use app::features::sessions::model::Share;
use sqlx::Error;
use std::collections::HashMap;

impl SessionStore {
    /// What a session shared with somebody lets them do; none where it is not shared with them.
    pub(crate) async fn find_share(
        &self,
        session: &str,
        viewer: &Viewer<'_>,
    ) -> Result<Option<Shared>, Error> {
        Ok(self.find_shares(&[session], viewer).await?.remove(session))
    }

    /// What each of these sessions lets somebody do with whom it is shared, by its id. Of several shares the one that allows
    /// most counts.
    pub(crate) async fn find_shares(
        &self,
        sessions: &[&str],
        viewer: &Viewer<'_>,
    ) -> Result<HashMap<String, Shared>, Error> {
        if sessions.is_empty() {
            return Ok(HashMap::new());
        }
        let first = viewer.groups.len() + 2;
        let places: Vec<_> = (first..first + sessions.len()).map(|n| format!("${n}")).collect();
        let text = format!(
            "SELECT h.session, MAX(h.with_control) FROM session_shares h WHERE {} AND h.session IN ({}) \
             GROUP BY h.session",
            viewer.meant(1),
            places.join(", ")
        );
        let query = viewer.bind_as(sqlx::query_as::<_, (String, i64)>(sqlx::AssertSqlSafe(text)));
        let rows = sessions.iter().fold(query, |query, id| query.bind(*id)).fetch_all(&self.db).await?;
        Ok(rows.into_iter().map(|(session, control)| (session, Shared::of(control))).collect())
    }

    /// Shares it, or changes how; false where it is so already.
    pub(crate) async fn share(
        &self,
        session: &str,
        group: bool,
        with: &str,
        control: bool,
        now: Micros,
    ) -> Result<bool, Error> {
        let done = sqlx::query(
            "INSERT INTO session_shares (session, with_group, with_name, since_us, with_control) \
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT (session, with_group, with_name) \
             DO UPDATE SET with_control = excluded.with_control \
             WHERE session_shares.with_control <> excluded.with_control",
        )
        .bind(session)
        .bind(i64::from(group))
        .bind(with)
        .bind(now)
        .bind(i64::from(control))
        .execute(&self.db)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Shares it no longer; false where it was not.
    pub(crate) async fn unshare(&self, session: &str, group: bool, with: &str) -> Result<bool, Error> {
        let done = sqlx::query(
            "DELETE FROM session_shares WHERE session = $1 AND with_group = $2 AND with_name = $3",
        )
        .bind(session)
        .bind(i64::from(group))
        .bind(with)
        .execute(&self.db)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// With whom.
    pub(crate) async fn list_shares(&self, session: &str) -> Result<Vec<Share>, Error> {
        let rows: Vec<(String, String, i64, i64)> = sqlx::query_as(
            "SELECT COALESCE(u.name, h.with_name), h.with_name, h.with_group, h.with_control FROM session_shares h \
             LEFT JOIN users u ON h.with_group = 0 AND u.id = h.with_name WHERE h.session = $1 ORDER BY h.since_us",
        )
        .bind(session)
        .fetch_all(&self.db)
        .await?;
        let share =
            |(with, key, group, control)| Share { with, key, group: group != 0, control: control != 0 };
        Ok(rows.into_iter().map(share).collect())
    }

    /// The users of this sign-in name at an owner's own issuer, or of this address; at most two, since one alone can be
    /// meant. Not by the names that people give themselves, nor by what another issuer calls somebody: anybody may have any.
    pub(crate) async fn find_users(&self, named: &str, owner: &str) -> Result<Vec<String>, Error> {
        sqlx::query_scalar(
            "SELECT id FROM users WHERE email = $1 \
             OR (subject = $1 AND issuer = (SELECT o.issuer FROM users o WHERE o.id = $2)) LIMIT 2",
        )
        .bind(named)
        .bind(owner)
        .fetch_all(&self.db)
        .await
    }
}
