//! Accepting an offer: looked at before, since a no is worth most while something can be done about it; then the booking, the
//! session and its wish to run are written down at once, or nothing is.

use super::SessionsService;
use crate::auth::users::lock_user;
use crate::fault::report;
use crate::features::bookings::{Accepted, Booking};
use crate::features::sessions::sentences;
use crate::features::sessions::store::{SessionRow, SessionStore, Software};
use crate::features::software::entry::Entry;
use crate::ids::new_id;
use crate::work::NewOperation;
use app::asking::Caller;
use app::error::{Error, Result};
use app::features::bookings::model::BookingState;
use app::features::sessions::model::{SessionState, Verdict};
use app::text;

impl SessionsService {
    pub(super) async fn accept_offer(&self, caller: &Caller, booking: &str) -> Result<String> {
        let fault = |e: sqlx::Error| report("accepting an offer", &e);
        let user = caller.user()?;
        let found = self.bookings.find(booking).await.map_err(fault)?;
        let found = found.filter(|booking| booking.owner == user).ok_or(Error::NotFound)?;
        if let Some(session) = found.session {
            return Ok(session);
        }
        let software = self.software_of(caller, &found).await?;
        // What is not held any more says so itself, below.
        if found.state == BookingState::Held {
            let home_bytes = self.homes.size_now(user).await;
            let checks = self.look(caller, &found, &software, home_bytes).await?;
            if let Some(bad) = checks.into_iter().find(|check| check.verdict == Verdict::Bad) {
                return Err(Error::Limit(bad.sentence));
            }
        }
        let id = new_id(&self.entropy);
        let (owner, most) = (user.to_owned(), self.config.per_user);
        let accepted = self.bookings.accept(user, booking, &id, |connection| {
            Box::pin(async move {
                // Again, now that they can accept nothing else: two pressed at once would both have seen room.
                lock_user(&mut *connection, &owner).await?;
                let live = SessionStore::count_live_in(connection, &owner).await?;
                Ok((live >= i64::from(most)).then(|| sentences::too_many(most)))
            })
        });
        let mut accepting = match accepted.await? {
            Accepted::Before(session) => return Ok(session),
            Accepted::Now(accepting) => accepting,
        };
        let row = self.row_of(&id, accepting.booking(), &software);
        let operation = NewOperation {
            id: &new_id(&self.entropy),
            noun: "session",
            subject: &id,
            owner: user,
            verb: "run",
        };
        let begins = match accepting.booking().state {
            BookingState::Running => "Accepted; it begins now.".to_owned(),
            _ => format!("Accepted; it begins {}.", text::utc(accepting.booking().start_us)),
        };
        let transaction = accepting.transaction();
        SessionStore::add(transaction, &row, &operation).await.map_err(fault)?;
        let event = new_id(&self.entropy);
        SessionStore::add_event_in(&mut *transaction, &event, &id, &begins, row.asked_us)
            .await
            .map_err(fault)?;
        accepting.commit().await.map_err(fault)?;
        self.watching.tell(user, &id);
        self.runner.wake();
        if let Err(error) = self.software.remember_use(user, &software.name).await {
            tracing::warn!(fault.chain = %crate::fault::chain(&error), "what was run was not remembered");
        }
        Ok(id)
    }

    /// What the catalogue says now of what was chosen.
    pub(super) async fn software_of(&self, caller: &Caller, booking: &Booking) -> Result<Software> {
        let wish = &booking.wish;
        let found = self.software.find(caller, &wish.software).await;
        let found = found.map_err(|e| report("reading software", &e))?;
        let gone = || sentences::no_software(&wish.software_title);
        let entry: &Entry = &found.ok_or_else(gone)?.entry;
        let version = entry.find_version(&wish.version).ok_or_else(gone)?;
        let command = if wish.command.is_empty() { entry.command.clone() } else { wish.command.clone() };
        Ok(Software {
            name: entry.name.clone(),
            title: entry.title.clone(),
            version: version.version.clone(),
            image: entry.image.clone(),
            reference: version.reference(&entry.image),
            digest: version.digest.clone(),
            kind: entry.kind.key().to_owned(),
            interface: entry.interface.clone(),
            command,
            environment: wish.environment.clone(),
            data: wish.data,
            idle_minutes: entry.idle_minutes,
        })
    }

    fn row_of(&self, id: &str, booking: &Booking, software: &Software) -> SessionRow {
        let json = |done: serde_json::Result<String>| done.unwrap_or_else(|_| "{}".to_owned());
        SessionRow {
            id: id.to_owned(),
            owner: booking.owner.clone(),
            booking: booking.id.clone(),
            site: booking.site.clone(),
            node: booking.node.clone(),
            title: booking.wish.title.clone(),
            kind: software.kind.clone(),
            software: json(serde_json::to_string(software)),
            resources: json(serde_json::to_string(&booking.resources)),
            state: SessionState::Waiting.key().to_owned(),
            asked_us: self.clock.now(),
            ..SessionRow::default()
        }
    }
}
