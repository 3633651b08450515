//! Accepting an offer, together with what whoever accepts it has to write down.

use super::booking::Booking;
use super::ledger::Change;
use futures::future::BoxFuture;
use sqlx::{Any, AnyConnection, Error, Transaction};

/// Why an offer may not be accepted, where something else speaks against it.
pub type Objection = Result<Option<app::error::Error>, Error>;

/// Nothing else does.
pub fn no_objection(_: &mut AnyConnection) -> BoxFuture<'_, Objection> {
    Box::pin(std::future::ready(Ok(None)))
}

/// What accepting an offer came to.
pub enum Accepted {
    /// It is being accepted.
    Now(Box<Accepting>),
    /// It was accepted before; this is its session.
    Before(String),
}

/// An offer that is being accepted: its site is locked and a transaction open, so be quick. Dropped without
/// [`Accepting::commit`], the offer is held as before.
pub struct Accepting {
    pub(super) change: Change,
    pub(super) booking: Booking,
}

impl Accepting {
    /// The booking as it will be.
    pub fn booking(&self) -> &Booking {
        &self.booking
    }

    /// For what must be there if the booking is, and must not be if it is not.
    pub fn transaction(&mut self) -> &mut Transaction<'static, Any> {
        self.change.transaction()
    }

    /// Makes it so.
    ///
    /// # Errors
    /// Where the database did not say that it is so. Asking again finds out.
    pub async fn commit(self) -> Result<Booking, Error> {
        self.change.commit().await?;
        Ok(self.booking)
    }
}
