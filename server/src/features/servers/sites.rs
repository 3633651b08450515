//! The sites that this Skyport makes servers at, and with what each is asked for a user.

use super::tokens::Tokens;
use crate::providers::{Access, Offer, Reason, Site};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Offers of sites that are asked over the network are used again for so long.
const OFFER_KEPT: Duration = Duration::from_secs(20);

/// By site and owner: since when, and what.
type Offers = HashMap<(String, String), (Instant, Arc<Offer>)>;

/// All sites, in the order in which they are offered.
#[derive(Default)]
pub struct Sites {
    all: Vec<Arc<dyn Site>>,
    offers: Mutex<Offers>,
}

impl Sites {
    /// These sites.
    pub fn new(all: Vec<Arc<dyn Site>>) -> Self {
        Self { all, offers: Mutex::default() }
    }

    /// All of them.
    pub(crate) fn all(&self) -> &[Arc<dyn Site>] {
        &self.all
    }

    /// One by its key.
    pub(crate) fn find(&self, key: &str) -> Option<&Arc<dyn Site>> {
        self.all.iter().find(|site| site.key() == key)
    }

    /// A site's name for people; its key where it is no longer configured.
    pub(crate) fn title<'a>(&'a self, key: &'a str) -> &'a str {
        self.find(key).map_or(key, |site| site.title())
    }

    /// With what a site is asked for this user; none where the user has to sign in there first.
    pub(crate) async fn access(
        &self,
        tokens: &Tokens,
        site: &dyn Site,
        owner: &str,
    ) -> Result<Option<Access>, sqlx::Error> {
        if !site.wants_token() {
            return Ok(Some(Access::Site));
        }
        Ok(tokens.find(owner, site.key()).await?.map(Access::Token))
    }

    /// What a site offers to a user.
    pub(crate) async fn offer(
        &self,
        site: &dyn Site,
        access: &Access,
        owner: &str,
    ) -> Result<Arc<Offer>, crate::providers::Fault> {
        let key = (site.key().to_owned(), owner.to_owned());
        if let Some((since, offer)) = self.lock().get(&key)
            && since.elapsed() < OFFER_KEPT
        {
            return Ok(offer.clone());
        }
        let offer = Arc::new(site.offer(access).await?);
        // A local site's is cheap and always new.
        if site.wants_token() {
            let mut offers = self.lock();
            offers.retain(|_, (since, _)| since.elapsed() < OFFER_KEPT);
            offers.insert(key, (Instant::now(), offer.clone()));
        }
        Ok(offer)
    }

    /// Forgets what was offered to a user: something was made or removed.
    pub(crate) fn forget_offers(&self, owner: &str) {
        self.lock().retain(|(_, of), _| of != owner);
    }

    fn lock(&self) -> MutexGuard<'_, Offers> {
        self.offers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a fault says that the token is no longer taken.
pub(crate) fn is_over(reason: &Reason) -> bool {
    *reason == Reason::SignInNeeded
}
