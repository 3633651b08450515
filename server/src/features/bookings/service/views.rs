//! Bookings as pages show them.

use super::{BookingsService, latest_end};
use crate::clock::{Micros, SECOND};
use crate::fault::report;
use crate::features::bookings::booking::Booking;
use crate::features::bookings::ledger::Locked;
use crate::features::bookings::store::BookingRow;
use app::error::{Error, Result};
use app::features::bookings::model::{BookingState, BookingView, BookingsView, Change};
use std::collections::BTreeMap;

const DAY: Micros = 86_400 * SECOND;
const WEEK: Micros = 7 * DAY;
/// 1970-01-01 was a Thursday.
const FIRST_MONDAY: Micros = 4 * DAY;
/// Weeks that are shown where nobody said which.
const WEEKS: Micros = 5;
/// The longest time that is shown at once.
const LONGEST: Micros = 400 * DAY;
/// Most bookings of one answer.
pub(super) const MOST: i64 = 1000;

impl BookingsService {
    /// An owner's bookings that meet a time.
    pub(super) async fn list_view(
        &self,
        owner: &str,
        from_us: Micros,
        to_us: Micros,
    ) -> Result<BookingsView> {
        let fault = |e: sqlx::Error| report("reading bookings", &e);
        let now = self.clock.now();
        let (from_us, to_us) = match (from_us, to_us) {
            (0, 0) => {
                let monday = now - (now - FIRST_MONDAY).rem_euclid(WEEK);
                (monday, monday + WEEKS * WEEK)
            }
            (from, to) if from >= to || to.saturating_sub(from) > LONGEST => {
                return Err(Error::field(
                    "to_us",
                    "Choose an end that is after the start, and a year at most.",
                ));
            }
            shown => shown,
        };
        let rows = self.store.list(owner, (from_us, to_us), MOST).await.map_err(fault)?;
        let has_feed = self.store.has_feed(owner).await.map_err(fault)?;
        Ok(BookingsView { items: self.views(rows).await?, from_us, to_us, has_feed, now_us: now })
    }

    /// Rows as pages show them, in their order.
    pub(super) async fn views(&self, rows: Vec<BookingRow>) -> Result<Vec<BookingView>> {
        let now = self.clock.now();
        let bookings: Vec<Booking> = rows.into_iter().filter_map(|row| Booking::read(row, now)).collect();
        let latest = self.latest_ends(&bookings, now).await.map_err(|e| report("reading bookings", &e))?;
        let views = bookings.into_iter().map(|booking| {
            let title = self.site(&booking.site).map_or(&booking.site, |site| &site.title).clone();
            let extends_to_us = latest.get(&booking.id).copied();
            view(booking, title, extends_to_us, now)
        });
        Ok(views.collect())
    }

    /// Until when each could be extended, one site after the other: nobody waits for one site's lock with another's.
    async fn latest_ends(
        &self,
        bookings: &[Booking],
        now: Micros,
    ) -> Result<BTreeMap<String, Micros>, sqlx::Error> {
        let mut latest = BTreeMap::new();
        for site in &self.sites {
            let accepted = |booking: &&Booking| {
                booking.site == site.key
                    && matches!(booking.state, BookingState::Booked | BookingState::Running)
            };
            let mut here = bookings.iter().filter(accepted).peekable();
            if here.peek().is_none() {
                continue;
            }
            let mut locked = Locked::wait(site).await.look(&self.store, site, now).await?;
            latest.extend(here.filter_map(|booking| {
                Some((booking.id.clone(), latest_end(&mut locked, &booking.id, now)?))
            }));
        }
        Ok(latest)
    }
}

fn view(booking: Booking, site: String, extends_to_us: Option<Micros>, now_us: Micros) -> BookingView {
    let mut changes = Vec::new();
    if booking.state == BookingState::Booked {
        changes.push(Change::Move);
    }
    if extends_to_us.is_some() {
        changes.push(Change::Extend);
    }
    if matches!(booking.state, BookingState::Booked | BookingState::Running) {
        changes.push(Change::Shorten);
    }
    if matches!(booking.state, BookingState::Held | BookingState::Booked) {
        changes.push(Change::Cancel);
    }
    BookingView {
        id: booking.id,
        title: booking.wish.title,
        state: booking.state,
        site,
        parts: booking.parts,
        resources: booking.resources,
        software: booking.wish.software,
        software_title: booking.wish.software_title,
        version: booking.wish.version,
        kind: booking.wish.kind,
        data: booking.wish.data,
        start_us: booking.start_us,
        end_us: booking.end_us,
        held_until_us: booking.held_until_us.filter(|_| booking.state == BookingState::Held),
        session: booking.session,
        changes,
        extends_to_us,
        now_us,
    }
}
