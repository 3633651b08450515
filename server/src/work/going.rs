//! What goes on at something, for lists and pages.

use super::{Step, StepRow, WorkStore};
use crate::db::retried;
use app::features::servers::model::{StepState, StepView};
use sqlx::{Error, FromRow};

/// What goes on at something; nothing where all is none.
#[derive(Debug, Clone, Default, FromRow)]
pub struct GoingOn {
    /// What is done.
    pub verb: Option<String>,
    /// The step, 0-based.
    pub position: Option<i64>,
    /// 1 while what was done is undone.
    pub undoing: Option<i64>,
    /// The site whose sign-in it waits for.
    pub waits_for: Option<String>,
    /// Why, where that does not go without saying.
    pub waits_why: Option<String>,
    /// What the step says.
    pub note: Option<String>,
}

impl WorkStore {
    /// What goes on at one thing.
    ///
    /// # Errors
    /// Where the database is away.
    pub async fn going_on(&self, subject: &str) -> Result<GoingOn, Error> {
        let found: Option<GoingOn> = retried!(
            sqlx::query_as(
                "SELECT o.verb, o.position, o.undoing, o.waits_for, o.waits_why, p.note FROM operations o \
                 LEFT JOIN operation_steps p ON p.operation_id = o.id AND p.position = o.position \
                 WHERE o.subject = $1 AND o.ending IS NULL"
            )
            .bind(subject)
            .fetch_optional(self.db())
        )?;
        Ok(found.unwrap_or_default())
    }
}

/// The steps of a verb as a page shows them, with what is known of those that were begun.
pub fn step_views(steps: &[Step], begun: &[StepRow], title: fn(&str) -> &'static str) -> Vec<StepView> {
    let view = |(number, step): (usize, &Step)| {
        let row = begun.iter().find(|row| usize::try_from(row.position) == Ok(number));
        let state = match row.map(|row| row.state.as_str()) {
            None => StepState::Waiting,
            Some("done") => StepState::Done,
            Some("failed") => StepState::Failed,
            Some("undone") => StepState::Undone,
            Some(_) => StepState::Running,
        };
        StepView {
            title: title(step.name).to_owned(),
            state,
            started_us: row.map(|row| row.started_us),
            ended_us: row.and_then(|row| row.ended_us),
            note: row.and_then(|row| row.note.clone()),
        }
    };
    steps.iter().enumerate().map(view).collect()
}
