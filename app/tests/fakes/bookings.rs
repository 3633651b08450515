//! A fake of the port of bookings: one in every state.

use super::{HOSTILE, NOW_US, World, long_name};
use app::asking::Caller;
use app::error::{Error, Result};
use app::features::bookings::model::{BookingState, BookingView, BookingsView, Change};
use app::features::bookings::port::BookingsPort;
use app::features::plan::model::PartView;
use app::features::software::model::{Kind, Resources};
use async_trait::async_trait;

/// The port of bookings over a world.
pub(crate) struct FakeBookings(pub(crate) World);

const HOUR: i64 = 3_600_000_000;

/// Every booking's id with its state.
pub(crate) const STATES: [(&str, BookingState); 7] = [
    ("held", BookingState::Held),
    ("running", BookingState::Running),
    ("booked", BookingState::Booked),
    ("spread", BookingState::Booked),
    ("over", BookingState::Over),
    ("cancelled", BookingState::Cancelled),
    ("expired", BookingState::Expired),
];

fn view(id: &str, state: BookingState) -> BookingView {
    use Change::{Cancel, Extend, Move, Shorten};
    let size = Resources { cores: 2, memory_mib: 4096, disk_gib: 10, gpus: 0 };
    let part = |node: &str| PartView { node: node.into(), resources: size };
    let start_us = match state {
        BookingState::Booked if id == "spread" => NOW_US + 30 * HOUR,
        BookingState::Booked => NOW_US + 20 * HOUR,
        BookingState::Over => NOW_US - 20 * HOUR,
        BookingState::Running => NOW_US - HOUR / 2,
        _ => NOW_US + HOUR,
    };
    let parts = if id == "spread" { vec![part("node-1"), part(HOSTILE)] } else { vec![part("node-1")] };
    BookingView {
        id: id.into(),
        title: match id {
            "spread" => HOSTILE.into(),
            "over" => long_name(),
            id => format!("reduction {id}"),
        },
        state,
        site: "This machine".into(),
        resources: Resources { cores: 2 * parts.len() as u32, ..size },
        parts,
        software: "notebook".into(),
        software_title: "JupyterLab".into(),
        version: "4.4".into(),
        kind: Kind::Notebook,
        data: true,
        start_us,
        end_us: start_us + if id == "spread" { 30 * HOUR } else { 2 * HOUR },
        held_until_us: (state == BookingState::Held).then_some(NOW_US + 252_000_000),
        session: match state {
            BookingState::Booked => Some("waiting".into()),
            BookingState::Running => Some("running".into()),
            BookingState::Over => Some("finished".into()),
            _ => None,
        },
        changes: match state {
            BookingState::Booked => vec![Move, Extend, Shorten, Cancel],
            BookingState::Running => vec![Shorten],
            BookingState::Held => vec![Cancel],
            _ => Vec::new(),
        },
        extends_to_us: (state == BookingState::Booked).then_some(start_us + 4 * HOUR),
        now_us: NOW_US,
    }
}

impl FakeBookings {
    fn find(&self, caller: &Caller, id: &str) -> Result<BookingView> {
        self.0.reach()?;
        caller.user()?;
        let found = STATES.into_iter().find(|(known, _)| *known == id).filter(|_| self.0.full());
        found.map(|(id, state)| view(id, state)).ok_or(Error::NotFound)
    }
}

#[async_trait]
impl BookingsPort for FakeBookings {
    async fn list(&self, caller: &Caller, from_us: i64, _to_us: i64) -> Result<BookingsView> {
        self.0.reach()?;
        caller.user()?;
        let from_us = if from_us == 0 { 1_794_787_200_000_000 } else { from_us };
        let to_us = from_us + 35 * 24 * HOUR;
        let items = STATES.into_iter().filter(|_| self.0.full()).map(|(id, state)| view(id, state));
        Ok(BookingsView {
            items: items.filter(|booking| booking.start_us < to_us && booking.end_us > from_us).collect(),
            from_us,
            to_us,
            has_feed: self.0.full(),
            now_us: NOW_US,
        })
    }
    async fn show(&self, caller: &Caller, id: &str) -> Result<BookingView> {
        self.find(caller, id)
    }
    async fn cancel(&self, caller: &Caller, id: &str) -> Result<()> {
        self.find(caller, id).map(|_| ())
    }
    async fn move_to(&self, caller: &Caller, id: &str, start_us: i64) -> Result<()> {
        self.find(caller, id)?;
        if start_us < NOW_US {
            return Err(Error::field("start", "That time is over. Choose one that is still to come."));
        }
        Ok(())
    }
    async fn end_at(&self, caller: &Caller, id: &str, end_us: i64) -> Result<()> {
        let booking = self.find(caller, id)?;
        if end_us > booking.start_us + 4 * HOUR {
            return Err(Error::Limit(
                "It could last until 16:09 UTC at most: somebody has what comes after.".into(),
            ));
        }
        Ok(())
    }
    async fn make_feed(&self, caller: &Caller) -> Result<String> {
        self.0.reach()?;
        caller.user()?;
        Ok("http://127.0.0.1:8080/bookings/feed/q1w2e3r4t5z6.ics".into())
    }
    async fn drop_feed(&self, caller: &Caller) -> Result<()> {
        self.0.reach()?;
        caller.user()?;
        Ok(())
    }
}
