//! Everything that can be told before an offer is accepted: too many sessions, a home that is full, an image that is not
//! there, data that cannot be had. What may pass by itself until it begins is a doubt and no reason not to.

use super::SessionsService;
use crate::fault::{chain, report};
use crate::features::bookings::Booking;
use crate::features::sessions::sentences;
use crate::features::sessions::store::Software;
use crate::features::software::service::AtRegistry;
use crate::providers::session_site::{Fault, Reason};
use app::asking::Caller;
use app::error::{Error, Result};
use app::features::bookings::model::BookingState;
use app::features::sessions::model::{Check, CheckOf, Verdict};
use std::time::Duration;

/// A site or a registry that does not answer in this time is not waited for: what it would say is then said later.
const LOOK: Duration = Duration::from_secs(5);
/// Data that takes longer to look at is looked at when it is prepared.
const LOOK_AT_DATA: Duration = Duration::from_secs(10);

impl SessionsService {
    /// What is in the way of an offer that is held; nothing where it is not held any more.
    pub(super) async fn look_before_one(&self, caller: &Caller, booking: &str) -> Result<Vec<Check>> {
        let user = caller.user()?;
        let found = self.bookings.find(booking).await.map_err(|e| report("reading a booking", &e))?;
        let found = found.filter(|booking| booking.owner == user).ok_or(Error::NotFound)?;
        if found.state != BookingState::Held {
            return Ok(Vec::new());
        }
        let software = self.software_of(caller, &found).await?;
        let home_bytes = self.homes.size(user).await;
        self.look(caller, &found, &software, home_bytes).await
    }

    /// Looks at all of it, for an owner whose home holds so much.
    pub(super) async fn look(
        &self,
        caller: &Caller,
        booking: &Booking,
        software: &Software,
        home_bytes: Option<u64>,
    ) -> Result<Vec<Check>> {
        let live = self.store.count_live(&booking.owner).await;
        let live = live.map_err(|e| report("counting sessions", &e))?;
        let (image, data) = tokio::join!(
            self.look_at_image(caller, booking, software),
            self.look_at_data(&booking.owner, software.data),
        );
        let (count, home) = (
            sentences::count(live, self.config.per_user),
            sentences::home(home_bytes, self.homes.limit_bytes()),
        );
        let checks = [(CheckOf::Count, Some(count)), (CheckOf::Home, Some(home))];
        let checks = checks.into_iter().chain([(CheckOf::Image, image?), (CheckOf::Data, data)]);
        Ok(checks
            .filter_map(|(of, found)| found.map(|(verdict, sentence)| Check { of, verdict, sentence }))
            .collect())
    }

    async fn look_at_image(
        &self,
        caller: &Caller,
        booking: &Booking,
        software: &Software,
    ) -> Result<Option<(Verdict, String)>> {
        let Some(site) = self.sites.find(&booking.site) else { return Ok(None) };
        let looked = tokio::time::timeout(LOOK, site.find_image(&booking.node, &software.reference)).await;
        let fault = match looked {
            Ok(Ok(Some(_))) => return Ok(Some((Verdict::Good, sentences::image_here(site.title())))),
            // Made there, and at no registry.
            Ok(Ok(None)) if software.image.starts_with("localhost/") => {
                Fault::new(Reason::NoImage, format!("there is no image {}", software.reference))
            }
            Ok(Ok(None)) => {
                let asked = self.software.look_at_registry(caller, &software.name, &software.reference);
                let Ok(asked) = tokio::time::timeout(LOOK, asked).await else {
                    return Ok(Some(sentences::at_registry(&AtRegistry::NotAsked { registry: None })));
                };
                let asked = asked.map_err(|e| report("asking a registry", &e))?;
                return Ok(Some(sentences::at_registry(&asked)));
            }
            Ok(Err(fault)) => fault,
            Err(_) => Fault::new(Reason::Unreachable, "it does not answer"),
        };
        let (_, failure) = sentences::fault(&fault, site.title());
        // What may pass until then is no reason not to book it.
        let passes = fault.reason.is_passing() && booking.start_us > self.clock.now();
        let verdict = if passes { Verdict::Doubtful } else { Verdict::Bad };
        Ok(Some((verdict, sentences::before_launch(&failure))))
    }

    async fn look_at_data(&self, owner: &str, wanted: bool) -> Option<(Verdict, String)> {
        if !wanted {
            return None;
        }
        match tokio::time::timeout(LOOK_AT_DATA, self.stage.look(owner)).await {
            Ok(Ok(outlook)) => Some(sentences::data(&outlook)),
            Ok(Err(fault)) if !fault.is_passing() => Some((Verdict::Bad, fault.to_string())),
            Ok(Err(fault)) => {
                tracing::warn!(fault.chain = %chain(&fault), "data could not be looked at");
                Some((Verdict::Doubtful, sentences::DATA_NOT_LOOKED_AT.to_owned()))
            }
            Err(_) => Some((Verdict::Doubtful, sentences::DATA_NOT_LOOKED_AT.to_owned())),
        }
    }
}
