//! One site's planner, kept equal to the rows.
//!
//! The rows are the truth. A ledger knows up to which revision it has read them; whoever asks or changes anything first
//! reads what others wrote since. What the planner granted inside a transaction is kept only when that was committed:
//! where it was not, or nobody knows, the ledger is read anew.
//!
//! Changes for which others wait are committed together with theirs: the transaction is handed on to the next one in the
//! queue, and committed by the first who comes after all who waited then. What is done is told only when it is committed.
//!
//! Whoever has a ledger's lock may wait for a connection of the database; so nobody may wait for the lock who has one.

use super::booking::PartRow;
use super::site::PlannedSite;
use super::store::{BookingsStore, GrantRow};
use crate::clock::Micros;
use crate::fault::chain;
use planner::{Booking, BookingId, Interval, Part, Planner, State, Time};
use sqlx::{Any, AnyConnection, Error, Transaction};
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::{OwnedMutexGuard, oneshot};

/// A site's planner, and up to where it knows the rows.
pub(super) struct Ledger {
    pub(super) planner: Planner,
    /// The revision up to which the rows were read; none where they must be read from the beginning.
    known: Option<i64>,
    /// Changes that are done and wait for the next ones, to be committed together. The planner has them.
    shared: Option<Shared>,
}

impl Ledger {
    /// Of a site that has read nothing yet.
    pub(super) fn new(planner: Planner) -> Self {
        Self { planner, known: None, shared: None }
    }

    /// Reads what was written up to `revision`. Rows of later ones may come along; they come again the next time.
    async fn read(
        &mut self,
        connection: &mut AnyConnection,
        site: &str,
        revision: i64,
        now: Micros,
    ) -> Result<(), Error> {
        let rows = match self.known {
            Some(known) if known == revision => return Ok(()),
            // Lower where the database was put back to an older copy.
            Some(known) if known < revision => BookingsStore::changed_after(connection, site, known).await?,
            _ => {
                let rows = BookingsStore::granted(connection, site, now).await?;
                self.clear();
                rows
            }
        };
        let ids = rows.iter().filter_map(|row| BookingId::new(&row.id));
        for id in ids {
            // It need not be there.
            let _ = self.planner.release(&id);
        }
        let bookings: Vec<Booking> = rows.iter().filter_map(|row| self.booking(row, now)).collect();
        for fault in self.planner.load(bookings) {
            tracing::warn!(site.key = site, "{fault}; it is not counted");
        }
        self.known = Some(revision);
        Ok(())
    }

    fn clear(&mut self) {
        self.known = None;
        let ids: Vec<BookingId> = self.planner.bookings().map(|booking| booking.id).collect();
        for id in ids {
            let _ = self.planner.release(&id);
        }
    }

    /// A row as the planner knows it; none where it holds nothing.
    fn booking(&self, row: &GrantRow, now: Micros) -> Option<Booking> {
        let state = match (row.state.as_str(), row.held_until_us) {
            ("booked", _) => State::Accepted,
            ("held", Some(until)) => State::Held { until: Time::from_micros(until) },
            _ => return None,
        };
        let interval = Interval::new(Time::from_micros(row.start_us), Time::from_micros(row.end_us))?;
        if row.end_us <= now {
            return None;
        }
        let parts: Vec<PartRow> = serde_json::from_str(&row.parts).ok()?;
        let parts = parts.iter().map(|part| {
            let Some(node) = self.planner.node(&part.node) else {
                tracing::warn!(booking.id = %row.id, node.name = %part.node, "a booking is on a node that its site does not have any more; it is not counted");
                return None;
            };
            Some(Part { node, resources: part.planned() })
        });
        Some(Booking {
            id: BookingId::new(&row.id)?,
            user: row.owner.as_str().into(),
            interval,
            parts: parts.collect::<Option<_>>()?,
            state,
        })
    }
}

/// A transaction that is handed on, and those who wait for its commit.
struct Shared {
    transaction: Transaction<'static, Any>,
    revision: i64,
    members: Vec<oneshot::Sender<()>>,
}

/// One who waits for a site's lock is counted, also when they go away.
struct Waiting(Arc<AtomicUsize>);

impl Waiting {
    fn new(count: &Arc<AtomicUsize>) -> Self {
        count.fetch_add(1, Ordering::SeqCst);
        Self(count.clone())
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// A site's lock with its ledger. Dropped while the planner has what the rows may not have, it lets the ledger be read anew.
pub(super) struct Locked {
    ledger: OwnedMutexGuard<Ledger>,
    waiting: Arc<AtomicUsize>,
    is_ahead: bool,
}

impl Locked {
    /// Waits for the lock.
    pub(super) async fn wait(site: &PlannedSite) -> Self {
        let waiting = Waiting::new(&site.waiting);
        let ledger = site.ledger.clone().lock_owned().await;
        drop(waiting);
        Self { ledger, waiting: site.waiting.clone(), is_ahead: false }
    }

    /// The planner as it was when the ledger was last read; none where it never was.
    pub(super) fn as_known(&self) -> Option<&Planner> {
        self.ledger.known.map(|_| &self.ledger.planner)
    }

    /// Reads what others wrote, and gives back the offers that nobody accepted in time.
    pub(super) async fn look(
        mut self,
        store: &BookingsStore,
        site: &PlannedSite,
        now: Micros,
    ) -> Result<Self, Error> {
        self.close().await?;
        let revision = store.revision(&site.key).await?;
        if self.ledger.known != Some(revision) {
            let mut connection = store.connection().await?;
            self.ledger.read(&mut connection, &site.key, revision, now).await?;
        }
        if self.planner().next_expiry().is_some_and(|first| first <= Time::from_micros(now)) {
            return Change::begin(store, site, self, now).await?.commit_alone().await;
        }
        Ok(self)
    }

    /// Commits what was handed on, if anything was, and tells those who wait for it.
    async fn close(&mut self) -> Result<(), Error> {
        match self.ledger.shared.take() {
            Some(shared) => self.commit(shared).await,
            None => Ok(()),
        }
    }

    async fn commit(&mut self, shared: Shared) -> Result<(), Error> {
        let Shared { transaction, revision, members } = shared;
        self.is_ahead = true;
        // Where that fails nobody knows what became of it, and the rows are read anew.
        transaction.commit().await?;
        self.is_ahead = false;
        self.ledger.known = Some(revision);
        for member in members {
            // Whoever went away need not know.
            let _ = member.send(());
        }
        Ok(())
    }

    /// Commits what was handed on once all are served who wait now. Not part of anybody's request, which may be broken off.
    fn close_later(&self) {
        let (ledger, waiting) = (OwnedMutexGuard::mutex(&self.ledger).clone(), self.waiting.clone());
        tokio::spawn(async move {
            let mut locked = Self { ledger: ledger.lock_owned().await, waiting, is_ahead: false };
            if let Err(error) = locked.close().await {
                tracing::warn!(fault.chain = %chain(&error), "bookings were not committed; those who asked are told");
            }
        });
    }

    /// The planner.
    pub(super) fn planner(&self) -> &Planner {
        &self.ledger.planner
    }

    /// For questions that the planner asks as a change that it refuses.
    pub(super) fn planner_mut(&mut self) -> &mut Planner {
        &mut self.ledger.planner
    }
}

impl Drop for Locked {
    fn drop(&mut self) {
        if self.is_ahead {
            self.ledger.known = None;
        }
    }
}

/// Said to those whose changes were handed on and then not committed, since a later one was broken off.
fn cut_off() -> Error {
    Error::Io(io::Error::new(io::ErrorKind::Interrupted, "the change was cut off together with another one"))
}

/// Whether a change was not done because another one was cut off, so that it may be tried again.
pub(super) fn was_cut_off(error: &Error) -> bool {
    matches!(error, Error::Io(error) if error.kind() == io::ErrorKind::Interrupted)
}

/// A change of what a site has granted: a transaction, the site's lock, and the planner as the rows say inside of the
/// transaction. Dropped without [`Change::commit`], nothing has changed.
pub(super) struct Change {
    shared: Shared,
    locked: Locked,
    pub(super) revision: i64,
    /// Whether the transaction has something that holds whatever becomes of this change: others' changes, or offers that
    /// have expired.
    has_more: bool,
    /// Whether this change has something of its own.
    has_own: bool,
}

impl Change {
    /// Begins one, or goes on with the transaction that was handed on.
    pub(super) async fn begin(
        store: &BookingsStore,
        site: &PlannedSite,
        mut locked: Locked,
        now: Micros,
    ) -> Result<Self, Error> {
        let (mut shared, mut has_more) = if let Some(shared) = locked.ledger.shared.take() {
            (shared, true)
        } else {
            let (mut transaction, revision) = store.begin(&site.key).await?;
            // All that is before this revision is committed.
            locked.ledger.read(&mut transaction, &site.key, revision - 1, now).await?;
            (Shared { transaction, revision, members: Vec::new() }, false)
        };
        locked.is_ahead = has_more;
        let revision = shared.revision;
        let at = Time::from_micros(now);
        if locked.planner().next_expiry().is_some_and(|first| first <= at) {
            (locked.is_ahead, has_more) = (true, true);
            locked.ledger.planner.expire(at);
            BookingsStore::expire(&mut shared.transaction, &site.key, revision, now).await?;
        }
        Ok(Self { shared, locked, revision, has_more, has_own: false })
    }

    /// The planner.
    pub(super) fn planner(&self) -> &Planner {
        self.locked.planner()
    }

    /// Lets the planner change something. What it refuses has changed nothing.
    pub(super) fn ask<T, E>(&mut self, ask: impl FnOnce(&mut Planner) -> Result<T, E>) -> Result<T, E> {
        let answer = ask(&mut self.locked.ledger.planner);
        self.has_own |= answer.is_ok();
        self.locked.is_ahead |= answer.is_ok();
        answer
    }

    /// Says that what the planner did for this change was taken back, and that nothing was written.
    pub(super) fn took_back(&mut self) {
        self.has_own = false;
        self.locked.is_ahead = self.has_more;
    }

    /// The transaction.
    pub(super) fn transaction(&mut self) -> &mut Transaction<'static, Any> {
        &mut self.shared.transaction
    }

    /// Keeps it all; where others wait, together with what they change.
    pub(super) async fn commit(self) -> Result<(), Error> {
        let Self { mut shared, mut locked, .. } = self;
        let is_first = shared.members.is_empty();
        if is_first && locked.waiting.load(Ordering::SeqCst) == 0 {
            return locked.commit(shared).await;
        }
        let (member, committed) = oneshot::channel();
        shared.members.push(member);
        hand_on(&mut locked, shared);
        if is_first {
            locked.close_later();
        }
        drop(locked);
        committed.await.map_err(|_| cut_off())
    }

    /// Keeps it all at once.
    pub(super) async fn commit_alone(self) -> Result<Locked, Error> {
        let Self { shared, mut locked, .. } = self;
        locked.commit(shared).await?;
        Ok(locked)
    }

    /// After the planner refused: keeps only what holds whatever becomes of this change.
    pub(super) async fn give_up(self) -> Result<(), Error> {
        if self.has_own || !self.has_more {
            return self.shared.transaction.rollback().await;
        }
        let Self { shared, mut locked, .. } = self;
        if shared.members.is_empty() {
            return locked.commit(shared).await;
        }
        hand_on(&mut locked, shared);
        Ok(())
    }
}

/// The planner keeps what it has: whoever takes the lock next goes on with it, or commits it.
fn hand_on(locked: &mut Locked, shared: Shared) {
    locked.ledger.shared = Some(shared);
    locked.is_ahead = false;
}
