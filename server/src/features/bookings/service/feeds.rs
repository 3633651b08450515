//! Calendar feeds: whoever knows the address reads the bookings of one user, and nothing else.

use super::BookingsService;
use super::views::MOST;
use crate::clock::{Micros, SECOND};
use crate::fault::report;
use crate::features::bookings::booking::Booking;
use crate::features::bookings::calendar_file;
use crate::ids::{hash_secret, new_secret};
use app::error::{Error, Result};

const DAY: Micros = 86_400 * SECOND;
/// What is over stays in the feed for so long.
const BEHIND: Micros = 31 * DAY;
/// Further ahead nobody can book.
const AHEAD: Micros = 3661 * DAY;

impl BookingsService {
    /// The address of an owner's feed, which is told once; the one before is gone.
    pub(super) async fn make_feed_of(&self, owner: &str) -> Result<String> {
        let secret = new_secret(&self.entropy);
        let kept = self.store.set_feed(owner, &hash_secret(&secret), self.clock.now()).await;
        kept.map_err(|e| report("making a calendar feed", &e))?;
        Ok(format!("{}/bookings/feed/{secret}.ics", self.origin))
    }

    /// The calendar of whoever's feed has this secret.
    ///
    /// # Errors
    /// [`Error::NotFound`] where nobody's has.
    pub async fn feed(&self, secret: &str) -> Result<String> {
        let fault = |e: sqlx::Error| report("reading a calendar feed", &e);
        let owner = self.store.feed_owner(&hash_secret(secret)).await.map_err(fault)?;
        let owner = owner.ok_or(Error::NotFound)?;
        let now = self.clock.now();
        let rows = self.store.list(&owner, (now - BEHIND, now + AHEAD), MOST).await.map_err(fault)?;
        let bookings: Vec<Booking> = rows.into_iter().filter_map(|row| Booking::read(row, now)).collect();
        let title = |key: &str| self.site(key).map_or_else(|| key.to_owned(), |site| site.title.clone());
        Ok(calendar_file::write(&bookings, title, &self.origin, now))
    }
}
