//! What running sessions are held to: their time and, where their software says so, their use, with warnings before either
//! ends them; and the disk they may fill.

use super::Reconciler;
use crate::clock::{Micros, SECOND};
use crate::features::sessions::sentences;
use crate::features::sessions::store::{ListedRow, SessionRow};
use app::features::bookings::model::BookingState;
use app::features::sessions::model::{EndReason, SessionState};
use app::features::software::model::Kind;

/// Minutes before the end at which its owner is warned.
const WARNINGS: [i64; 3] = [30, 10, 2];
/// How long before it is ended unused its owner is warned.
const IDLE_NOTICE_US: Micros = 10 * 60 * SECOND;

impl Reconciler {
    /// Ends what has no time any more, and warns before.
    pub(super) async fn keep_time(&self, row: &ListedRow) -> Result<(), sqlx::Error> {
        let session = &row.session;
        let is_begun = matches!(
            session.state(),
            SessionState::Preparing | SessionState::Pulling | SessionState::Starting | SessionState::Running
        );
        // One that waits for its time sees by itself what became of it.
        if !is_begun {
            return Ok(());
        }
        let booking = self.craft.bookings.find(&session.booking).await?;
        let reason = match &booking {
            Some(booking) => match booking.state {
                BookingState::Running => return self.warn(session, booking.end_us).await,
                // Moved to a later time by hand while it was prepared: it has begun, and stays.
                BookingState::Booked => return Ok(()),
                BookingState::Over => EndReason::TimeUp,
                BookingState::Held | BookingState::Cancelled | BookingState::Expired => {
                    EndReason::StoppedByOwner
                }
            },
            None => EndReason::StoppedByOwner,
        };
        self.ender.end(session, reason, None).await.map(drop)
    }

    /// Says once for each end how many minutes are left. Of several that are due at once, the last is said.
    async fn warn(&self, session: &SessionRow, end_us: Micros) -> Result<(), sqlx::Error> {
        let (now, since) = (self.ender.clock.now(), session.ready_us.unwrap_or(Micros::MAX));
        let due = WARNINGS.iter().rev().find(|minutes| {
            let instant = end_us - **minutes * 60 * SECOND;
            instant <= now && instant > since
        });
        let Some(minutes) = due.copied() else { return Ok(()) };
        if session.state() == SessionState::Running
            && self.ender.store.warn(&session.id, end_us - minutes * 60 * SECOND).await?
        {
            self.ender.note(session, &sentences::warning(minutes)).await?;
        }
        Ok(())
    }

    /// Warns whoever does not use a session whose software says that it may end then, and ends it when that did not help.
    pub(super) async fn keep_use(&self, session: &SessionRow) -> Result<(), sqlx::Error> {
        let allowed_us = Micros::from(session.software().idle_minutes) * 60 * SECOND;
        let Some(ready_us) = session.ready_us else { return Ok(()) };
        if allowed_us == 0 || session.kind() == Kind::Batch {
            return Ok(());
        }
        let now = self.ender.clock.now();
        let used_us = session.last_used_us.map_or(ready_us, |used| used.max(ready_us));
        if now < used_us + allowed_us - IDLE_NOTICE_US {
            return Ok(());
        }
        if let Some(warned_us) = session.idle_warned_us.filter(|warned| *warned >= used_us) {
            // However late the warning came, there is time after it.
            if now >= (warned_us + IDLE_NOTICE_US).max(used_us + allowed_us) {
                // What was read before the site was asked may be old by now.
                let fresh = self.ender.store.find(&session.id).await?;
                let same = |fresh: &SessionRow| {
                    fresh.last_used_us == session.last_used_us && fresh.idle_warned_us == Some(warned_us)
                };
                if fresh.is_some_and(|fresh| same(&fresh)) {
                    self.ender.end(session, EndReason::Idle, None).await?;
                }
            }
        } else if self.ender.store.warn_idle(&session.id, used_us, now).await? {
            self.ender.note(session, &sentences::idle_warning(IDLE_NOTICE_US / 60 / SECOND)).await?;
        }
        Ok(())
    }

    /// Ends what fills more of the disk than it may: its owner's home, or for a batch run its output.
    pub(super) async fn keep_quota(&self, session: &SessionRow) -> Result<(), sqlx::Error> {
        let homes = &self.craft.homes;
        let mut is_full = homes.size(&session.owner).await.is_some_and(|holds| holds > homes.limit_bytes());
        if session.kind() == Kind::Batch && !is_full {
            let most = session.resources().disk_gib.max(1) << 30;
            let output = homes.size_of(self.craft.folders.output(&session.id)).await;
            is_full = output.is_some_and(|holds| holds > most);
        }
        if is_full {
            self.ender.end(session, EndReason::DiskFull, None).await?;
        }
        Ok(())
    }
}
