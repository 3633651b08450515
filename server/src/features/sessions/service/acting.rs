//! What may be done with a session when, and by whom.

use super::SessionsService;
use crate::clock::SECOND;
use crate::fault::report;
use crate::features::sessions::opening::{Shared, view_at};
use crate::features::sessions::sentences;
use crate::features::sessions::store::SessionRow;
use app::asking::Caller;
use app::error::{Error, Result};
use app::features::sessions::model::{EndReason, SessionAction, SessionState, Share};
use app::features::software::model::Kind;

/// Longest name of a session, in characters.
const LONGEST_TITLE: usize = 100;
/// Longest that one press may ask for, in minutes; what its site allows is shorter.
const MOST_MINUTES: u32 = 60 * 24 * 366;

/// What may be done with a session that is at this; the likely one first.
pub(super) fn legal(row: &SessionRow, may: Shared, mine: bool) -> Vec<SessionAction> {
    use SessionAction::{Dismiss, End, Extend, Open};
    let mut actions = Vec::new();
    let state = row.state();
    let address = row.address.as_deref().and_then(|text| text.parse().ok());
    let opens = address.is_some_and(|address| match may {
        Shared::Control => true,
        Shared::View => {
            row.software().interface.is_some_and(|interface| view_at(&interface, address).is_some())
        }
    });
    if state == SessionState::Running && row.kind() != Kind::Batch && opens {
        actions.push(Open);
    }
    if mine {
        match state {
            SessionState::Ended => actions.push(Dismiss),
            SessionState::Ending => {}
            SessionState::Waiting => actions.push(End),
            _ => actions.extend([Extend, End]),
        }
    }
    actions
}

#[expect(clippy::needless_pass_by_value, reason = "map_err hands it over")]
fn fault(error: sqlx::Error) -> Error {
    report("changing a session", &error)
}

impl SessionsService {
    pub(super) async fn extend_one(&self, row: &SessionRow, minutes: u32) -> Result<()> {
        if matches!(row.state(), SessionState::Ending | SessionState::Ended) {
            return Err(sentences::not_running());
        }
        let minutes = if minutes == 0 { self.config.extend_minutes } else { minutes.min(MOST_MINUTES) };
        let booking = self.bookings.find(&row.booking).await.map_err(fault)?;
        let booking = booking.ok_or_else(sentences::not_running)?;
        let end_us = booking.end_us + i64::from(minutes) * 60 * SECOND;
        self.bookings.extend(&row.owner, &booking.id, end_us).await?;
        let what = format!("Extended until {}.", app::text::utc(end_us));
        self.ender.note(row, &what).await.map_err(fault)
    }

    pub(super) async fn end_one(&self, caller: &Caller, id: &str) -> Result<()> {
        let user = caller.user()?;
        let row = self.known(id).await?;
        let reason = match (row.owner == user, self.is_operator(caller)) {
            (true, _) => EndReason::StoppedByOwner,
            (false, true) => EndReason::StoppedByOperator,
            (false, false) => return Err(Error::NotFound),
        };
        // Pressed twice, or over meanwhile: what is done already is no fault.
        self.ender.end(&row, reason, None).await.map_err(fault)?;
        Ok(())
    }

    pub(super) async fn dismiss_one(&self, row: &SessionRow) -> Result<()> {
        if row.state() != SessionState::Ended {
            return Err(sentences::not_over());
        }
        self.store.dismiss(&row.id).await.map_err(fault)?;
        self.watching.tell(&row.owner, &row.id);
        Ok(())
    }

    pub(super) async fn rename_one(&self, row: &SessionRow, title: &str) -> Result<()> {
        let is_text = |c: char| !c.is_control();
        if title.is_empty() || title.chars().count() > LONGEST_TITLE || !title.chars().all(is_text) {
            let sentence = format!("Write a name of 1 to {LONGEST_TITLE} characters, on one line.");
            return Err(Error::field("title", sentence));
        }
        if title == row.title {
            return Ok(());
        }
        self.store.rename(&row.id, title).await.map_err(fault)?;
        self.watching.tell(&row.owner, &row.id);
        Ok(())
    }

    pub(super) async fn share_one(
        &self,
        caller: &Caller,
        row: &SessionRow,
        share: &Share,
        on: bool,
    ) -> Result<()> {
        let (with, group) = (share.with.trim(), share.group);
        if !on {
            return self.unshare_one(row, share).await;
        }
        if with.is_empty() || with.len() > 200 || with.contains('\0') {
            return Err(Error::field("with", "Write the sign-in name of a person, or choose a group."));
        }
        let name = if group {
            // One's own groups alone: a name of nobody's group would shut everybody out, and say that it is shared.
            if !caller.groups.iter().any(|mine| mine == with) {
                return Err(Error::field("with", format!("You are not in a group named \"{with}\".")));
            }
            with.to_owned()
        } else {
            match self.store.find_users(with, &row.owner).await.map_err(fault)?.as_slice() {
                [user] => user.clone(),
                _ => return Err(sentences::nobody(with)),
            }
        };
        if !group && name == row.owner {
            return Err(Error::field("with", "It is yours already."));
        }
        if row.state() == SessionState::Ended {
            return Err(sentences::not_running());
        }
        let changed = self.store.share(&row.id, group, &name, share.control, self.clock.now()).await;
        if changed.map_err(fault)? {
            let who = if group { format!("the group {with}") } else { with.to_owned() };
            let how = if share.control { "to use" } else { "to look at" };
            self.ender.opening.forget(&row.id);
            self.ender.note(row, &format!("Shared with {who}, {how}.")).await.map_err(fault)?;
        }
        Ok(())
    }

    /// Takes a share back; by its own key, since names are not one person's alone. What was taken back before stays so.
    async fn unshare_one(&self, row: &SessionRow, share: &Share) -> Result<()> {
        if share.key.is_empty() {
            return Err(Error::StaleForm);
        }
        let shares = self.store.list_shares(&row.id).await.map_err(fault)?;
        let taken = shares.into_iter().find(|it| it.key == share.key && it.group == share.group);
        let Some(taken) = taken else { return Ok(()) };
        if self.store.unshare(&row.id, taken.group, &taken.key).await.map_err(fault)? {
            let who = if taken.group { format!("the group {}", taken.with) } else { taken.with };
            self.ender.opening.forget(&row.id);
            self.ender.note(row, &format!("No longer shared with {who}.")).await.map_err(fault)?;
        }
        Ok(())
    }
}
