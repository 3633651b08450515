//! All SQL of operations and their steps. Whoever does a step holds a lease, and every change names it: after the lease
//! was lost nothing is changed any more, and the call says so with `false`.

use super::{Ending, Failure};
use crate::clock::Micros;
use crate::db::{Db, retried};
use sqlx::{Any, Error, FromRow, Transaction};

/// A wish and how far it is.
#[derive(Debug, Clone, Default, FromRow)]
pub struct OperationRow {
    /// Its id.
    pub id: String,
    /// Whose long work: `server`.
    pub noun: String,
    /// The id of what it is done to.
    pub subject: String,
    /// The user who wished it.
    pub owner: String,
    /// What is done: `create`.
    pub verb: String,
    /// 1 while what was done is undone.
    pub undoing: i64,
    /// The step that is next, 0-based; while undoing, the one that is undone next.
    pub position: i64,
    /// How often this step was tried.
    pub attempts: i64,
    /// When this step was first tried.
    pub step_since_us: Option<Micros>,
    /// Not before this.
    pub due_us: Micros,
    /// The site whose sign-in it waits for.
    pub waits_for: Option<String>,
    /// Why, where that does not go without saying.
    pub waits_why: Option<String>,
    /// 1 where it was called off.
    pub cancel_wanted: i64,
    /// A [`Failure`] as JSON.
    pub failure: Option<String>,
    /// `done`, `failed`, `undone`; none while it goes on.
    pub ending: Option<String>,
    /// When it was wished.
    pub asked_us: Micros,
    /// When it ended.
    pub ended_us: Option<Micros>,
}

/// A step that was begun.
#[derive(Debug, Clone, FromRow)]
pub struct StepRow {
    /// 0-based.
    pub position: i64,
    /// Its name.
    pub name: String,
    /// `running`, `done`, `failed`, `undone`.
    pub state: String,
    /// For people.
    pub note: Option<String>,
    /// When it was first tried.
    pub started_us: Micros,
    /// When it was done, failed or undone.
    pub ended_us: Option<Micros>,
}

/// A wish to write down.
#[derive(Debug, Clone)]
pub struct NewOperation<'a> {
    /// Minted.
    pub id: &'a str,
    /// Whose long work.
    pub noun: &'a str,
    /// What it is done to.
    pub subject: &'a str,
    /// Who wishes it.
    pub owner: &'a str,
    /// What is done.
    pub verb: &'a str,
}

const COLUMNS: &str = "id, noun, subject, owner, verb, undoing, position, attempts, step_since_us, due_us, waits_for, \
     waits_why, cancel_wanted, failure, ending, asked_us, ended_us";

/// The tables of long work.
#[derive(Debug, Clone)]
pub struct WorkStore {
    db: Db,
}

impl WorkStore {
    /// In this database.
    pub fn new(db: Db) -> Self {
        Self { db }
    }

    pub(super) fn db(&self) -> &Db {
        &self.db
    }

    /// Writes a wish down, in the transaction that makes its subject. False where something is under way there already.
    pub async fn add(
        transaction: &mut Transaction<'_, Any>,
        new: &NewOperation<'_>,
        now: Micros,
    ) -> Result<bool, Error> {
        let done = sqlx::query(
            "INSERT INTO operations (id, noun, subject, owner, verb, due_us, asked_us) VALUES ($1, $2, $3, $4, $5, $6, $6) \
             ON CONFLICT (subject) WHERE ending IS NULL DO NOTHING",
        )
        .bind(new.id)
        .bind(new.noun)
        .bind(new.subject)
        .bind(new.owner)
        .bind(new.verb)
        .bind(now)
        .execute(&mut **transaction)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Takes what is due and nobody does, longest due first.
    pub async fn claim(
        &self,
        noun: &str,
        lease: &str,
        until: Micros,
        now: Micros,
        most: i64,
    ) -> Result<Vec<OperationRow>, Error> {
        sqlx::query_as(sqlx::AssertSqlSafe(format!(
            "UPDATE operations SET lease_owner = $1, lease_until_us = $2 WHERE ending IS NULL AND waits_for IS NULL \
             AND (lease_owner IS NULL OR lease_until_us < $3) AND id IN (SELECT id FROM operations WHERE noun = $4 \
             AND ending IS NULL AND waits_for IS NULL AND due_us <= $3 AND (lease_owner IS NULL OR lease_until_us < $3) \
             ORDER BY due_us LIMIT $5) RETURNING {COLUMNS}"
        )))
        .bind(lease)
        .bind(until)
        .bind(now)
        .bind(noun)
        .bind(most)
        .fetch_all(&self.db)
        .await
    }

    /// When the next one is due that nobody does; none where there is none.
    pub async fn next_due(&self, noun: &str, now: Micros) -> Result<Option<Micros>, Error> {
        sqlx::query_scalar(
            "SELECT MIN(CASE WHEN lease_owner IS NULL OR lease_until_us < $2 THEN due_us ELSE lease_until_us END) \
             FROM operations WHERE noun = $1 AND ending IS NULL AND waits_for IS NULL",
        )
        .bind(noun)
        .bind(now)
        .fetch_one(&self.db)
        .await
    }

    /// Keeps a lease alive; false where it was lost.
    pub async fn renew(&self, id: &str, lease: &str, until: Micros) -> Result<bool, Error> {
        let done = sqlx::query(
            "UPDATE operations SET lease_until_us = $3 WHERE id = $1 AND lease_owner = $2 AND ending IS NULL",
        )
        .bind(id)
        .bind(lease)
        .bind(until)
        .execute(&self.db)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Frees all leases: only where no other process can hold one.
    pub async fn free_all(&self) -> Result<(), Error> {
        sqlx::query("UPDATE operations SET lease_owner = NULL, lease_until_us = NULL WHERE ending IS NULL AND lease_owner IS NOT NULL")
            .execute(&self.db)
            .await?;
        Ok(())
    }

    /// Writes down that a step is being tried, before it is.
    pub async fn begin_step(&self, operation: &OperationRow, name: &str, now: Micros) -> Result<(), Error> {
        sqlx::query(
            "INSERT INTO operation_steps (operation_id, position, name, state, started_us) \
             VALUES ($1, $2, $3, 'running', $4) ON CONFLICT (operation_id, position) DO NOTHING",
        )
        .bind(&operation.id)
        .bind(operation.position)
        .bind(name)
        .bind(now)
        .execute(&self.db)
        .await?;
        Ok(())
    }

    /// Writes down how a step stands. One that failed stays failed when it is undone.
    pub async fn note_step(
        &self,
        operation: &OperationRow,
        state: &str,
        note: Option<&str>,
        ended: Option<Micros>,
    ) -> Result<(), Error> {
        sqlx::query(
            "UPDATE operation_steps SET state = CASE WHEN state = 'failed' THEN state ELSE $3 END, note = COALESCE($4, note), ended_us = $5 \
             WHERE operation_id = $1 AND position = $2",
        )
        .bind(&operation.id)
        .bind(operation.position)
        .bind(state)
        .bind(note)
        .bind(ended)
        .execute(&self.db)
        .await?;
        Ok(())
    }

    /// Writes down how an operation stands and keeps the lease, or gives it back. `cancel_wanted` is read anew.
    /// False where the lease was lost.
    pub async fn save(&self, lease: &str, operation: &mut OperationRow, keep: bool) -> Result<bool, Error> {
        let owner = keep.then_some(lease);
        let cancel: Option<i64> = sqlx::query_scalar(
            "UPDATE operations SET undoing = $3, position = $4, attempts = $5, step_since_us = $6, \
             due_us = CASE WHEN cancel_wanted = 1 AND $3 = 0 THEN due_us ELSE $7 END, \
             waits_for = $8, failure = $9, lease_owner = $10, waits_why = $11 WHERE id = $1 AND lease_owner = $2 AND ending IS NULL \
             RETURNING cancel_wanted",
        )
        .bind(&operation.id)
        .bind(lease)
        .bind(operation.undoing)
        .bind(operation.position)
        .bind(operation.attempts)
        .bind(operation.step_since_us)
        .bind(operation.due_us)
        .bind(&operation.waits_for)
        .bind(&operation.failure)
        .bind(owner)
        .bind(&operation.waits_why)
        .fetch_optional(&self.db)
        .await?;
        if let Some(cancel) = cancel {
            operation.cancel_wanted = cancel;
        }
        Ok(cancel.is_some())
    }

    /// Writes down that it is over, in a transaction that whoever knows the subject goes on with. None where the lease
    /// was lost, or where all is done but it was called off meanwhile.
    pub async fn end(
        &self,
        lease: &str,
        id: &str,
        ending: Ending,
        now: Micros,
    ) -> Result<Option<Transaction<'static, Any>>, Error> {
        let mut transaction = self.db.begin().await?;
        let done = sqlx::query(
            "UPDATE operations SET ending = $3, ended_us = $4, lease_owner = NULL, lease_until_us = NULL \
             WHERE id = $1 AND lease_owner = $2 AND ending IS NULL AND (cancel_wanted = 0 OR $3 <> 'done')",
        )
        .bind(id)
        .bind(lease)
        .bind(ending.word())
        .bind(now)
        .execute(&mut *transaction)
        .await?;
        Ok((done.rows_affected() == 1).then_some(transaction))
    }

    /// Calls off what goes on at a subject, if it is this verb: it is undone from where it is. False where there is none.
    pub async fn call_off(
        transaction: &mut Transaction<'_, Any>,
        subject: &str,
        verb: &str,
        now: Micros,
    ) -> Result<bool, Error> {
        let done = sqlx::query(
            "UPDATE operations SET cancel_wanted = 1, waits_for = NULL, waits_why = NULL, due_us = CASE WHEN due_us > $3 THEN $3 ELSE due_us END \
             WHERE subject = $1 AND verb = $2 AND ending IS NULL",
        )
        .bind(subject)
        .bind(verb)
        .bind(now)
        .execute(&mut **transaction)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Ends what is under way at a subject, so that another verb can take its place. Whoever does a step of it loses the
    /// lease. Only for verbs that leave nothing behind when they stop in the middle.
    pub async fn give_way(
        transaction: &mut Transaction<'_, Any>,
        subject: &str,
        to: &str,
    ) -> Result<(), Error> {
        sqlx::query(
            "UPDATE operations SET ending = 'undone', ended_us = due_us, lease_owner = NULL \
             WHERE subject = $1 AND verb <> 'create' AND verb <> $2 AND ending IS NULL",
        )
        .bind(subject)
        .bind(to)
        .execute(&mut **transaction)
        .await?;
        Ok(())
    }

    /// Lets an owner's operations go on that waited for a sign-in at this site.
    pub async fn resume(&self, owner: &str, site: &str, now: Micros) -> Result<u64, Error> {
        let done = sqlx::query(
            "UPDATE operations SET waits_for = NULL, waits_why = NULL, due_us = $3, step_since_us = NULL, attempts = 0 \
             WHERE owner = $1 AND waits_for = $2 AND ending IS NULL",
        )
        .bind(owner)
        .bind(site)
        .bind(now)
        .execute(&self.db)
        .await?;
        Ok(done.rows_affected())
    }

    /// The subjects of an owner's operations that wait for a sign-in at this site.
    pub async fn list_waiting(&self, owner: &str, site: &str) -> Result<Vec<String>, Error> {
        sqlx::query_scalar(
            "SELECT subject FROM operations WHERE owner = $1 AND waits_for = $2 AND ending IS NULL",
        )
        .bind(owner)
        .bind(site)
        .fetch_all(&self.db)
        .await
    }

    /// Lets one subject's operation go on.
    pub async fn resume_one(&self, subject: &str, now: Micros) -> Result<(), Error> {
        sqlx::query(
            "UPDATE operations SET waits_for = NULL, waits_why = NULL, due_us = $2, step_since_us = NULL, attempts = 0 \
             WHERE subject = $1 AND waits_for IS NOT NULL AND ending IS NULL",
        )
        .bind(subject)
        .bind(now)
        .execute(&self.db)
        .await?;
        Ok(())
    }

    /// The last operation of a subject, whether it goes on or is over.
    pub async fn find_last(&self, subject: &str) -> Result<Option<OperationRow>, Error> {
        retried!(
            sqlx::query_as(sqlx::AssertSqlSafe(format!(
                "SELECT {COLUMNS} FROM operations WHERE subject = $1 ORDER BY CASE WHEN ending IS NULL THEN 0 ELSE 1 END, \
                 asked_us DESC LIMIT 1"
            )))
            .bind(subject)
            .fetch_optional(&self.db)
        )
    }

    /// Whether something is under way at a subject.
    pub async fn is_under_way(&self, subject: &str) -> Result<bool, Error> {
        let count: i64 =
            sqlx::query_scalar("SELECT COUNT(*) FROM operations WHERE subject = $1 AND ending IS NULL")
                .bind(subject)
                .fetch_one(&self.db)
                .await?;
        Ok(count > 0)
    }

    /// The steps of an operation that were begun, in order.
    pub async fn list_steps(&self, operation: &str) -> Result<Vec<StepRow>, Error> {
        retried!(
            sqlx::query_as(
                "SELECT position, name, state, note, started_us, ended_us FROM operation_steps \
                 WHERE operation_id = $1 ORDER BY position"
            )
            .bind(operation)
            .fetch_all(&self.db)
        )
    }
}

impl OperationRow {
    /// What failed, where something did.
    pub fn failure(&self) -> Option<Failure> {
        self.failure.as_deref().and_then(|text| serde_json::from_str(text).ok())
    }

    pub(super) fn set_failure(&mut self, failure: &Failure) {
        self.failure = serde_json::to_string(failure).ok();
    }
}
