//! All SQL of the way into sessions: tickets, accesses, and what of a session decides about them.

use crate::clock::{Micros, SECOND};
use crate::db::{Db, retried};
use sqlx::{Error, FromRow};

/// A use of a session is written down this often.
const USED_EVERY: Micros = 60 * SECOND;

/// What of a session decides who comes in, and whereto.
#[derive(Debug, Clone, FromRow)]
pub(super) struct DoorRow {
    pub(super) owner: String,
    pub(super) state: String,
    /// Where its interface answers: address and port.
    pub(super) address: Option<String>,
    /// As the catalogue said, JSON.
    pub(super) software: String,
}

/// Who a ticket or an access is for.
#[derive(Debug, Clone, FromRow)]
pub(super) struct BearerRow {
    pub(super) user_id: String,
    pub(super) sign_in: String,
}

/// A ticket or an access that is to be kept.
#[derive(Debug, Clone)]
pub(super) struct Bearer<'a> {
    pub(super) hash: &'a str,
    pub(super) session: &'a str,
    pub(super) user: &'a str,
    pub(super) sign_in: &'a str,
}

/// The tables of the way in.
#[derive(Debug, Clone)]
pub(super) struct OpeningStore {
    db: Db,
}

impl OpeningStore {
    pub(super) fn new(db: Db) -> Self {
        Self { db }
    }

    /// What decides about one session.
    pub(super) async fn find_door(&self, session: &str) -> Result<Option<DoorRow>, Error> {
        retried!(
            sqlx::query_as("SELECT owner, state, address, software FROM sessions WHERE id = $1")
                .bind(session)
                .fetch_optional(&self.db)
        )
    }

    /// With whom it is shared: whether that is a group, the name, and whether they may use it.
    pub(super) async fn shares(&self, session: &str) -> Result<Vec<(i64, String, i64)>, Error> {
        retried!(
            sqlx::query_as(
                "SELECT with_group, with_name, with_control FROM session_shares WHERE session = $1"
            )
            .bind(session)
            .fetch_all(&self.db)
        )
    }

    /// Keeps a ticket.
    pub(super) async fn insert_ticket(&self, ticket: &Bearer<'_>, until: Micros) -> Result<(), Error> {
        sqlx::query(
            "INSERT INTO session_tickets (hash, session, user_id, sign_in, until_us) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(ticket.hash)
        .bind(ticket.session)
        .bind(ticket.user)
        .bind(ticket.sign_in)
        .bind(until)
        .execute(&self.db)
        .await?;
        Ok(())
    }

    /// Takes a ticket for this session: it is there once.
    pub(super) async fn take_ticket(
        &self,
        hash: &str,
        session: &str,
        now: Micros,
    ) -> Result<Option<BearerRow>, Error> {
        sqlx::query_as(
            "DELETE FROM session_tickets WHERE hash = $1 AND session = $2 AND until_us > $3 \
             RETURNING user_id, sign_in",
        )
        .bind(hash)
        .bind(session)
        .bind(now)
        .fetch_optional(&self.db)
        .await
    }

    /// Keeps an access, and writes into the session's events that somebody came in.
    pub(super) async fn insert_access(
        &self,
        access: &Bearer<'_>,
        (event, what): (&str, &str),
        now: Micros,
        until: Micros,
    ) -> Result<(), Error> {
        let mut transaction = self.db.begin().await?;
        sqlx::query(
            "INSERT INTO session_accesses (hash, session, user_id, sign_in, since_us, until_us) \
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(access.hash)
        .bind(access.session)
        .bind(access.user)
        .bind(access.sign_in)
        .bind(now)
        .bind(until)
        .execute(&mut *transaction)
        .await?;
        sqlx::query("INSERT INTO session_events (id, session, at_us, what) VALUES ($1, $2, $3, $4)")
            .bind(event)
            .bind(access.session)
            .bind(now)
            .bind(what)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await
    }

    /// Who an access to this session is for.
    pub(super) async fn find_access(
        &self,
        hash: &str,
        session: &str,
        now: Micros,
    ) -> Result<Option<BearerRow>, Error> {
        retried!(
            sqlx::query_as(
                "SELECT user_id, sign_in FROM session_accesses WHERE hash = $1 AND session = $2 AND until_us > $3",
            )
            .bind(hash)
            .bind(session)
            .bind(now)
            .fetch_optional(&self.db)
        )
    }

    /// Writes down that a session is used, at most once a minute.
    pub(super) async fn mark_used(&self, session: &str, now: Micros) -> Result<(), Error> {
        sqlx::query(
            "UPDATE sessions SET last_used_us = $1 WHERE id = $2 AND (last_used_us IS NULL OR last_used_us <= $3)",
        )
        .bind(now)
        .bind(session)
        .bind(now - USED_EVERY)
        .execute(&self.db)
        .await?;
        Ok(())
    }

    /// Removes tickets and accesses whose time is over.
    pub(super) async fn purge(&self, now: Micros) -> Result<(), Error> {
        for text in [
            "DELETE FROM session_tickets WHERE until_us <= $1",
            "DELETE FROM session_accesses WHERE until_us <= $1",
        ] {
            sqlx::query(text).bind(now).execute(&self.db).await?;
        }
        Ok(())
    }
}
