//! Holding an offer: the moment at which people who want the same meet.

use super::BookingsService;
use crate::clock::Micros;
use crate::features::bookings::booking::{PartRow, Wish};
use crate::features::bookings::ledger::{Change, Locked, was_cut_off};
use crate::features::bookings::site::PlannedSite;
use crate::features::bookings::store::{BookingsStore, NewHold};
use crate::ids::new_id;
use planner::{BookingId, Length, Offer, Planner, Reason, Refusal, Request, Time, Window};

/// Starts that are proposed are on multiples of this.
pub(crate) const PROPOSAL_GRID: Length = Length::minutes(5);

/// How often it is tried where others' changes that go along with it are broken off.
const TRIES: u32 = 4;

/// An offer that is to be held.
#[derive(Debug, Clone)]
pub struct Hold {
    /// The user's id.
    pub owner: String,
    /// Their groups.
    pub groups: Vec<String>,
    /// Minted with the form: sent twice, it holds one.
    pub request: String,
    /// The site's key.
    pub site: String,
    /// When.
    pub start: Start,
    /// What runs in it.
    pub wish: Wish,
}

/// When an offer that is held begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// As soon as it can.
    Soonest,
    /// Then, UTC microseconds; where that is past or sooner than the site allows, as soon as it allows.
    At(Micros),
}

/// Why nothing is held.
#[derive(Debug, thiserror::Error)]
pub enum HoldRefusal {
    /// There is no such site.
    #[error("there is no such site")]
    NoSite,
    /// It does not fit, or no longer.
    #[error("the site has no room for it")]
    No {
        /// When it was to begin, UTC microseconds.
        start_us: Micros,
        /// Why not.
        reasons: Vec<Reason>,
        /// The next start that would do, UTC microseconds.
        next_us: Option<Micros>,
    },
    /// The database.
    #[error("the database did not do it")]
    Database(#[from] sqlx::Error),
}

impl BookingsService {
    /// Holds an offer for some minutes and gives its id. The same `request` of the same owner gives the same id.
    ///
    /// # Errors
    /// [`HoldRefusal`].
    pub async fn hold(&self, hold: &Hold) -> Result<String, HoldRefusal> {
        let site = self.site(&hold.site).ok_or(HoldRefusal::NoSite)?;
        let mut tries = TRIES;
        let refusal = loop {
            tries -= 1;
            match self.try_hold(site, hold).await {
                Ok(Some(id)) => return Ok(id),
                Ok(None) => break None,
                Err(refusal @ HoldRefusal::No { .. }) => break Some(refusal),
                Err(HoldRefusal::Database(error)) if tries > 0 && was_cut_off(&error) => {}
                Err(other) => return Err(other),
            }
        };
        // It may be what this form got before that leaves no room for it.
        let before = self.store.find_request(&hold.owner, &hold.request).await?;
        before.ok_or_else(|| refusal.unwrap_or(HoldRefusal::Database(sqlx::Error::RowNotFound)))
    }

    /// None where the form was sent before.
    async fn try_hold(&self, site: &PlannedSite, hold: &Hold) -> Result<Option<String>, HoldRefusal> {
        let request = hold.wish.request(&hold.owner, &hold.groups);
        let mut locked = Locked::wait(site).await;
        let now = self.clock.now();
        // Whoever comes too late is told so without a transaction.
        if locked.as_known().is_none_or(|planner| choose(planner, &request, hold.start, now).is_err()) {
            locked = locked.look(&self.store, site, now).await?;
            choose(locked.planner(), &request, hold.start, now)?;
        }
        let mut change = Change::begin(&self.store, site, locked, now).await?;
        let id = new_id(&self.entropy);
        let placed = choose(change.planner(), &request, hold.start, now).and_then(|start| {
            let (at, until) = (Time::from_micros(now), Time::from_micros(now + self.hold_us));
            let planned = BookingId::new(&id).ok_or(HoldRefusal::NoSite)?;
            change
                .ask(|planner| planner.hold(planned, &request, start, until, at))
                .map_err(|refusal| refused(&refusal, start))
        });
        let placed = match placed {
            Ok(placed) => placed,
            Err(refusal) => {
                change.give_up().await?;
                return Err(refusal);
            }
        };
        let parts = parts_text(change.planner(), &placed.parts);
        let wish = serde_json::to_string(&hold.wish).unwrap_or_default();
        let row = NewHold {
            id: &id,
            site: &site.key,
            owner: &hold.owner,
            request: &hold.request,
            held_until_us: now + self.hold_us,
            start_us: placed.interval.start().micros(),
            end_us: placed.interval.end().micros(),
            parts: &parts,
            wish: &wish,
        };
        let revision = change.revision;
        if !BookingsStore::insert(change.transaction(), &row, revision, now).await? {
            if let Some(planned) = BookingId::new(&id)
                && change.ask(|planner| planner.release(&planned)).is_ok()
            {
                change.took_back();
            }
            change.give_up().await?;
            return Ok(None);
        }
        change.commit().await?;
        Ok(Some(id))
    }
}

/// Parts of a placement as they are kept.
pub(super) fn parts_text(planner: &Planner, parts: &[planner::Part]) -> String {
    let rows: Vec<PartRow> = parts
        .iter()
        .filter_map(|part| {
            let node = planner.site().nodes.get(part.node.0 as usize)?;
            Some(PartRow::new(&node.name, &part.resources))
        })
        .collect();
    serde_json::to_string(&rows).unwrap_or_default()
}

fn refused(refusal: &Refusal, start: Time) -> HoldRefusal {
    let reasons = match refusal {
        Refusal::No(reasons) => reasons.clone(),
        _ => Vec::new(),
    };
    HoldRefusal::No { start_us: start.micros(), reasons, next_us: None }
}

/// The start that a hold gets.
fn choose(planner: &Planner, request: &Request, start: Start, now: Micros) -> Result<Time, HoldRefusal> {
    let policy = &planner.site().policy;
    let at = Time::from_micros(now);
    let (soonest, horizon) = (at + policy.notice, at + policy.horizon);
    let begin = |offers: Vec<Offer>| offers.first().map_or(soonest, |offer| offer.interval.start());
    let (wanted, window) = match start {
        Start::Soonest => (soonest, Window::new(soonest, horizon)),
        Start::At(us) => {
            let wanted = Time::from_micros(us).max(soonest);
            (wanted, Window::new(wanted, wanted + request.length))
        }
    };
    planner.earliest(request, &window, at).map(begin).map_err(|reasons| {
        let later = Window::new(wanted, horizon).grid(PROPOSAL_GRID);
        let next = planner.earliest(request, &later, at).ok().map(|offers| begin(offers).micros());
        HoldRefusal::No { start_us: wanted.micros(), reasons, next_us: next }
    })
}
