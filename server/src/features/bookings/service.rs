//! The rules of bookings: the planner alone grants, and what it granted is written down.
//!
//! What is here are the questions of other nouns; in the files below how offers are held, bookings changed, and shown.

mod changing;
mod feeds;
mod holding;
mod views;

pub(crate) use holding::PROPOSAL_GRID;
pub use holding::{Hold, HoldRefusal, Start};

use super::accepting::{Accepted, Accepting, Objection};
use super::booking::Booking;
use super::ledger::{Change, Locked};
use super::sentences;
use super::site::PlannedSite;
use super::store::{BookingRow, BookingsStore};
use super::sweep;
use crate::clock::{Clock, Entropy, Micros};
use crate::config::{Config, ConfigError};
use crate::db::Db;
use crate::fault::report;
use app::asking::Caller;
use app::error::{Error, Result};
use app::features::bookings::model::{BookingState, BookingView, BookingsView};
use app::features::bookings::port::BookingsPort;
use async_trait::async_trait;
use futures::future::BoxFuture;
use planner::{BookingId, Planner, Refusal, State, Time};
use sqlx::AnyConnection;
use std::collections::HashMap;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// The bookings of each user, and what each site has left.
pub struct BookingsService {
    store: BookingsStore,
    sites: Vec<Arc<PlannedSite>>,
    /// How long an offer is held.
    hold_us: Micros,
    /// The address people type, for the feed.
    origin: String,
    clock: Clock,
    entropy: Entropy,
}

impl BookingsService {
    /// On top of the database, with the sites of the configuration. Until `stopping` what is over is tidied up beside.
    ///
    /// # Errors
    /// A site that cannot be planned.
    pub fn start(
        config: &Config,
        db: &Db,
        clock: &Clock,
        entropy: &Entropy,
        origin: &str,
        stopping: &CancellationToken,
        tasks: &TaskTracker,
    ) -> Result<Arc<Self>, ConfigError> {
        let service = Arc::new(Self::new(config, db, clock, entropy, origin)?);
        if !service.sites.is_empty() {
            tasks.spawn(sweep::keep_tidy(service.clone(), stopping.clone()));
        }
        Ok(service)
    }

    /// The same without anything beside.
    ///
    /// # Errors
    /// A site that cannot be planned.
    pub fn new(
        config: &Config,
        db: &Db,
        clock: &Clock,
        entropy: &Entropy,
        origin: &str,
    ) -> Result<Self, ConfigError> {
        Ok(Self {
            store: BookingsStore::new(db.clone()),
            sites: PlannedSite::all(config)?.into_iter().map(Arc::new).collect(),
            hold_us: i64::from(config.sessions.hold_s) * crate::clock::SECOND,
            origin: origin.to_owned(),
            clock: clock.clone(),
            entropy: entropy.clone(),
        })
    }

    /// All sites, by key.
    pub fn sites(&self) -> &[Arc<PlannedSite>] {
        &self.sites
    }

    /// The site of this key.
    pub fn site(&self, key: &str) -> Option<&Arc<PlannedSite>> {
        self.sites.iter().find(|site| site.key == key)
    }

    /// Asks a site's planner, which first reads what other processes granted.
    ///
    /// # Errors
    /// Where the database is away.
    pub async fn look<T>(
        &self,
        site: &PlannedSite,
        ask: impl FnOnce(&Planner) -> T,
    ) -> Result<T, sqlx::Error> {
        let locked = Locked::wait(site).await.look(&self.store, site, self.clock.now()).await?;
        Ok(ask(locked.planner()))
    }

    /// A booking, whoever's it is.
    ///
    /// # Errors
    /// Where the database is away.
    pub async fn find(&self, id: &str) -> Result<Option<Booking>, sqlx::Error> {
        if !is_id(id) {
            return Ok(None);
        }
        let row = self.store.find(id).await?;
        Ok(row.and_then(|row| Booking::read(row, self.clock.now())))
    }

    /// Those of these bookings that there are, whoever's they are, by id.
    ///
    /// # Errors
    /// Where the database is away.
    pub async fn find_all(&self, ids: &[&str]) -> Result<HashMap<String, Booking>, sqlx::Error> {
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let (rows, now) = (self.store.find_all(ids).await?, self.clock.now());
        let bookings = rows.into_iter().filter_map(|row| Booking::read(row, now));
        Ok(bookings.map(|booking| (booking.id.clone(), booking)).collect())
    }

    /// Accepts an offer for a session that is written down in the same transaction. Twice is once: the second time it says
    /// which session there is. Whoever has a transaction open must not call this.
    ///
    /// `objection` is asked inside of the transaction, before anything is changed: others' changes may be in it, which a no
    /// leaves as they are.
    ///
    /// # Errors
    /// [`Error::NotFound`] for what is not the owner's, [`Error::Limit`] with what to do now, and the objection.
    pub async fn accept<F>(&self, owner: &str, id: &str, session: &str, objection: F) -> Result<Accepted>
    where
        F: for<'t> FnOnce(&'t mut AnyConnection) -> BoxFuture<'t, Objection> + Send,
    {
        let fault = |e: sqlx::Error| report("accepting an offer", &e);
        let row = self.own_row(owner, id).await?;
        if let Some(session) = row.session {
            return Ok(Accepted::Before(session));
        }
        let site = self.site_of(&row.site)?;
        let locked = Locked::wait(&site).await;
        let now = self.clock.now();
        let mut change = Change::begin(&self.store, &site, locked, now).await.map_err(fault)?;
        let planned = BookingId::new(id).ok_or(Error::NotFound)?;
        let held = change.planner().booking(&planned).is_some_and(|booking| booking.state != State::Accepted);
        if held && let Some(no) = objection(change.transaction()).await.map_err(fault)? {
            change.give_up().await.map_err(fault)?;
            return Err(no);
        }
        let Ok(accepted) = change.ask(|planner| planner.accept(&planned, Time::from_micros(now))) else {
            change.give_up().await.map_err(fault)?;
            return self.why_not_accepted(owner, id).await;
        };
        let revision = change.revision;
        let written = BookingsStore::accept(change.transaction(), id, session, revision, now).await;
        if !written.map_err(fault)? {
            drop(change);
            return self.why_not_accepted(owner, id).await;
        }
        let row = BookingRow {
            state: "booked".to_owned(),
            held_until_us: None,
            start_us: accepted.interval.start().micros(),
            end_us: accepted.interval.end().micros(),
            session: Some(session.to_owned()),
            revision,
            changed_us: now,
            ..row
        };
        let booking = Booking::read(row, now).ok_or(Error::NotFound)?;
        Ok(Accepted::Now(Box::new(Accepting { change, booking })))
    }

    async fn why_not_accepted(&self, owner: &str, id: &str) -> Result<Accepted> {
        let row = self.own_row(owner, id).await?;
        if let Some(session) = row.session {
            return Ok(Accepted::Before(session));
        }
        let until = row.held_until_us;
        Err(match Booking::read(row, self.clock.now()).map(|booking| booking.state) {
            Some(BookingState::Held | BookingState::Expired) => sentences::expired(until),
            Some(BookingState::Cancelled) => sentences::cancelled(),
            _ => Error::Limit(sentences::over()),
        })
    }

    /// The booking that a form of an owner's asked for.
    ///
    /// # Errors
    /// Where the database is away.
    pub async fn find_request(&self, owner: &str, request: &str) -> Result<Option<String>, sqlx::Error> {
        self.store.find_request(owner, request).await
    }

    /// The latest end that a booking could be given now, UTC microseconds; none where it cannot be extended.
    ///
    /// # Errors
    /// Where the database is away.
    pub async fn latest_end(&self, id: &str) -> Result<Option<Micros>, sqlx::Error> {
        let Some(booking) = self.find(id).await? else { return Ok(None) };
        let Some(site) = self.site(&booking.site) else { return Ok(None) };
        let now = self.clock.now();
        let mut locked = Locked::wait(site).await.look(&self.store, site, now).await?;
        Ok(latest_end(&mut locked, id, now))
    }

    /// Gives back what was held too long, and closes what is over, at every site.
    ///
    /// # Errors
    /// Where the database is away.
    pub async fn tidy(&self) -> Result<(), sqlx::Error> {
        for site in &self.sites {
            let now = self.clock.now();
            self.store.close(&site.key, now).await?;
            let mut locked = Locked::wait(site).await.look(&self.store, site, now).await?;
            locked.planner_mut().forget(Time::from_micros(now - sweep::FORGET_US));
        }
        Ok(())
    }

    /// A booking of an owner's as it is kept; what is not theirs is not found.
    async fn own_row(&self, owner: &str, id: &str) -> Result<BookingRow> {
        if !is_id(id) {
            return Err(Error::NotFound);
        }
        let row = self.store.find(id).await.map_err(|e| report("reading a booking", &e))?;
        row.filter(|row| row.owner == owner).ok_or(Error::NotFound)
    }

    /// The site of a booking, which may no longer be in the configuration.
    fn site_of(&self, key: &str) -> Result<Arc<PlannedSite>> {
        match self.site(key) {
            Some(site) => Ok(site.clone()),
            None => PlannedSite::gone(key).map(Arc::new).map_err(|e| report("finding a site", &e)),
        }
    }
}

/// Whether it can be an id at all. PostgreSQL takes no text with a NUL.
fn is_id(id: &str) -> bool {
    (1..=31).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Extending without end is always refused, and says until when it would do.
fn latest_end(locked: &mut Locked, id: &str, now: Micros) -> Option<Micros> {
    let id = BookingId::new(id)?;
    match locked.planner_mut().extend(&id, Time::MAX, Time::from_micros(now)) {
        Err(Refusal::No(reasons)) => reasons.iter().find_map(|reason| match reason {
            planner::Reason::FreeUntil { until } => Some(until.micros()),
            _ => None,
        }),
        _ => None,
    }
}

#[async_trait]
impl BookingsPort for BookingsService {
    async fn list(&self, caller: &Caller, from_us: i64, to_us: i64) -> Result<BookingsView> {
        self.list_view(caller.user()?, from_us, to_us).await
    }

    async fn show(&self, caller: &Caller, id: &str) -> Result<BookingView> {
        let row = self.own_row(caller.user()?, id).await?;
        let mut views = self.views(vec![row]).await?;
        views.pop().ok_or(Error::NotFound)
    }

    async fn cancel(&self, caller: &Caller, id: &str) -> Result<()> {
        self.cancel_own(caller.user()?, id).await
    }

    async fn move_to(&self, caller: &Caller, id: &str, start_us: i64) -> Result<()> {
        self.move_own(caller.user()?, &caller.groups, id, start_us).await
    }

    async fn end_at(&self, caller: &Caller, id: &str, end_us: i64) -> Result<()> {
        BookingsService::end_at(self, caller.user()?, id, end_us).await
    }

    async fn make_feed(&self, caller: &Caller) -> Result<String> {
        self.make_feed_of(caller.user()?).await
    }

    async fn drop_feed(&self, caller: &Caller) -> Result<()> {
        let dropped = self.store.remove_feed(caller.user()?).await;
        dropped.map_err(|e| report("taking a calendar feed away", &e))
    }
}
