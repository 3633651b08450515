//! Changing a booking: cancelled, moved, extended, shortened, over. Each is one transaction of its site.

use super::{BookingsService, is_id};
use crate::clock::Micros;
use crate::fault::report;
use crate::features::bookings::booking::Booking;
use crate::features::bookings::ledger::{Change, Locked};
use crate::features::bookings::sentences;
use crate::features::bookings::service::holding::parts_text;
use crate::features::bookings::store::{BookingRow, BookingsStore, Moved};
use app::error::{Error, Result};
use app::features::bookings::model::BookingState;
use planner::{BookingId, Planner, Refusal, Time};

/// Times that people may name: until the year 2100. UTC microseconds.
const LAST_US: Micros = 4_102_444_800_000_000;

#[expect(clippy::needless_pass_by_value, reason = "map_err hands it over")]
fn fault(error: sqlx::Error) -> Error {
    report("changing a booking", &error)
}

impl BookingsService {
    /// Lets a booking end at another time, later or earlier; UTC microseconds.
    ///
    /// # Errors
    /// [`Error::NotFound`] for what is not the owner's, [`Error::Limit`] with why not and until when it could.
    pub async fn end_at(&self, owner: &str, id: &str, end_us: Micros) -> Result<()> {
        self.change_end(owner, id, end_us, false).await
    }

    /// Lets a booking end later; UTC microseconds.
    ///
    /// # Errors
    /// [`Error::NotFound`] for what is not the owner's, [`Error::Limit`] with why not and until when it could.
    pub async fn extend(&self, owner: &str, id: &str, end_us: Micros) -> Result<()> {
        self.change_end(owner, id, end_us, true).await
    }

    async fn change_end(&self, owner: &str, id: &str, end_us: Micros, later: bool) -> Result<()> {
        let end = instant(end_us)?;
        let (change, row, now) = self.begin_own(owner, id).await?;
        let is_later = later || end_us > row.end_us;
        if !is_later && end_us == row.end_us {
            return change.give_up().await.map_err(fault);
        }
        self.carry_out(change, &row, now, |planner, id, now| {
            if is_later { planner.extend(id, end, now) } else { planner.shorten(id, end, now) }
        })
        .await
    }

    /// Begins an owner's booking at another time; it stays as long.
    pub(super) async fn move_own(
        &self,
        owner: &str,
        groups: &[String],
        id: &str,
        start_us: Micros,
    ) -> Result<()> {
        let start = instant(start_us)?;
        let (change, row, now) = self.begin_own(owner, id).await?;
        let mut request = match serde_json::from_str::<crate::features::bookings::Wish>(&row.wish) {
            Ok(wish) => wish.request(owner, groups),
            Err(error) => return Err(report("reading a booking", &error)),
        };
        // As long as it is now, which need not be as long as was asked.
        request.length = planner::Length::micros(row.end_us - row.start_us);
        self.carry_out(change, &row, now, |planner, id, now| planner.move_to(id, &request, start, now)).await
    }

    /// Asks the planner for it, and writes down what it did.
    async fn carry_out(
        &self,
        mut change: Change,
        row: &BookingRow,
        now: Micros,
        ask: impl FnOnce(&mut Planner, &BookingId, Time) -> Result<planner::Booking, Refusal>,
    ) -> Result<()> {
        let id = BookingId::new(&row.id).ok_or(Error::NotFound)?;
        let changed = match change.ask(|planner| ask(planner, &id, Time::from_micros(now))) {
            Ok(changed) => changed,
            Err(refusal) => {
                change.give_up().await.map_err(fault)?;
                return Err(sentences::refused(&refusal));
            }
        };
        let parts = parts_text(change.planner(), &changed.parts);
        let moved = Moved {
            state: &row.state,
            start_us: changed.interval.start().micros(),
            end_us: changed.interval.end().micros(),
            parts: Some(&parts),
        };
        self.write(change, row, moved, now).await
    }

    async fn write(&self, mut change: Change, row: &BookingRow, moved: Moved<'_>, now: Micros) -> Result<()> {
        let revision = change.revision;
        let written = BookingsStore::change(change.transaction(), &row.id, moved, revision, now).await;
        if !written.map_err(fault)? {
            return Err(Error::Limit(sentences::over()));
        }
        change.commit().await.map_err(fault)?;
        Ok(())
    }

    /// Gives an offer back that is held, or cancels a booking before its time. What was given back before stays so.
    pub(super) async fn cancel_own(&self, owner: &str, id: &str) -> Result<()> {
        let (mut change, row, now) = self.begin_any(owner, id).await?;
        match Booking::read(row.clone(), now).map(|booking| booking.state) {
            Some(BookingState::Cancelled | BookingState::Expired) => {
                return change.give_up().await.map_err(fault);
            }
            Some(BookingState::Running) => {
                change.give_up().await.map_err(fault)?;
                return Err(sentences::has_begun());
            }
            Some(BookingState::Over) => {
                change.give_up().await.map_err(fault)?;
                return Err(Error::Limit(sentences::over()));
            }
            Some(BookingState::Held | BookingState::Booked) | None => {}
        }
        release(&mut change, id);
        let moved = Moved { state: "cancelled", start_us: row.start_us, end_us: row.end_us, parts: None };
        self.write(change, &row, moved, now).await
    }

    /// What runs in a booking is over at `now`: the rest of its time goes back. Saying it again changes nothing, and what is
    /// not there is over too.
    ///
    /// # Errors
    /// Where the database is away.
    pub async fn finish(&self, id: &str, now: Micros) -> Result<(), sqlx::Error> {
        if !is_id(id) {
            return Ok(());
        }
        let Some(row) = self.store.find(id).await? else { return Ok(()) };
        if !holds(&row) {
            return Ok(());
        }
        let Ok(site) = self.site_of(&row.site) else { return Ok(()) };
        let locked = Locked::wait(&site).await;
        let mut change = Change::begin(&self.store, &site, locked, self.clock.now()).await?;
        let row = BookingsStore::find_in(change.transaction(), id).await?;
        let Some(row) = row.filter(holds) else { return change.give_up().await };
        release(&mut change, id);
        let (start_us, end_us) = (row.start_us, row.end_us);
        let moved = if start_us < now {
            Moved { state: "over", start_us, end_us: end_us.min(now), parts: None }
        } else {
            // It never began.
            Moved { state: "cancelled", start_us, end_us, parts: None }
        };
        let revision = change.revision;
        BookingsStore::change(change.transaction(), id, moved, revision, now).await?;
        change.commit().await?;
        Ok(())
    }

    /// Begins a change of an owner's booking that was accepted and is not over.
    async fn begin_own(&self, owner: &str, id: &str) -> Result<(Change, BookingRow, Micros)> {
        let (change, row, now) = self.begin_any(owner, id).await?;
        let no = match Booking::read(row.clone(), now).map(|booking| booking.state) {
            Some(BookingState::Booked | BookingState::Running) => return Ok((change, row, now)),
            Some(BookingState::Held) => sentences::not_accepted(),
            Some(BookingState::Expired) => sentences::expired(row.held_until_us),
            Some(BookingState::Cancelled) => sentences::cancelled(),
            Some(BookingState::Over) | None => Error::Limit(sentences::over()),
        };
        change.give_up().await.map_err(fault)?;
        Err(no)
    }

    /// Begins a change of an owner's booking, with its row as it is inside of the transaction.
    async fn begin_any(&self, owner: &str, id: &str) -> Result<(Change, BookingRow, Micros)> {
        let site = self.site_of(&self.own_row(owner, id).await?.site)?;
        let locked = Locked::wait(&site).await;
        let now = self.clock.now();
        let mut change = Change::begin(&self.store, &site, locked, now).await.map_err(fault)?;
        let row = BookingsStore::find_in(change.transaction(), id).await.map_err(fault)?;
        Ok((change, row.ok_or(Error::NotFound)?, now))
    }
}

fn holds(row: &BookingRow) -> bool {
    matches!(row.state.as_str(), "held" | "booked")
}

/// The planner need not know it: its node may be gone.
fn release(change: &mut Change, id: &str) {
    if let Some(id) = BookingId::new(id) {
        let _ = change.ask(|planner| planner.release(&id));
    }
}

fn instant(us: Micros) -> Result<Time> {
    if (0..LAST_US).contains(&us) { Ok(Time::from_micros(us)) } else { Err(sentences::no_such_time()) }
}
