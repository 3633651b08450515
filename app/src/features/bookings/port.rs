//! What the pages need of bookings; the server implements it.

use super::model::{BookingView, BookingsView};
use crate::asking::Caller;
use crate::error::Result;
use async_trait::async_trait;

/// A user's bookings. Every method checks the caller itself: visitors get [`crate::error::Error::SignInNeeded`], and what
/// is not the caller's is [`crate::error::Error::NotFound`].
#[async_trait]
pub trait BookingsPort: Send + Sync {
    /// The caller's bookings that meet a time, UTC microseconds; both 0: from this week's Monday for five weeks.
    async fn list(&self, caller: &Caller, from_us: i64, to_us: i64) -> Result<BookingsView>;
    /// One booking.
    async fn show(&self, caller: &Caller, id: &str) -> Result<BookingView>;
    /// Gives an offer back that is held, or cancels a booking before its time.
    async fn cancel(&self, caller: &Caller, id: &str) -> Result<()>;
    /// Begins a booking at another time, UTC microseconds; it stays as long.
    async fn move_to(&self, caller: &Caller, id: &str, start_us: i64) -> Result<()>;
    /// Ends a booking at another time, later (if that is free) or earlier; UTC microseconds.
    async fn end_at(&self, caller: &Caller, id: &str, end_us: i64) -> Result<()>;
    /// The secret address of the caller's calendar feed; a new one each time, after which the one before is not there.
    async fn make_feed(&self, caller: &Caller) -> Result<String>;
    /// Takes the calendar feed away.
    async fn drop_feed(&self, caller: &Caller) -> Result<()>;
}
