//! The rules of planning: every site is asked, and says when or why not.

use super::question::{Asked, complete, minimum, software};
use super::{answer, load, sentences, sizes, taking};
use crate::clock::{Clock, Entropy};
use crate::fault::report;
use crate::features::basket::service::BasketService;
use crate::features::bookings::service::BookingsService;
use crate::features::software::service::SoftwareService;
use crate::ids::new_id;
use app::asking::Caller;
use app::error::{Error, Result};
use app::features::plan::model::{DataSummary, PlanQuestion, PlanView, Take};
use app::features::plan::port::PlanPort;
use async_trait::async_trait;
use std::sync::Arc;

/// Longest name of a software that is looked for.
const LONGEST_NAME: usize = 200;

/// When and where software can run.
pub struct PlanService {
    bookings: Arc<BookingsService>,
    software: Arc<SoftwareService>,
    basket: Arc<BasketService>,
    clock: Clock,
    entropy: Entropy,
}

impl PlanService {
    /// On top of those who know.
    pub fn new(
        bookings: Arc<BookingsService>,
        software: Arc<SoftwareService>,
        basket: Arc<BasketService>,
        clock: &Clock,
        entropy: &Entropy,
    ) -> Self {
        Self { bookings, software, basket, clock: clock.clone(), entropy: entropy.clone() }
    }

    /// The question in full, with the software where the caller may see it.
    async fn complete(&self, caller: &Caller, question: &PlanQuestion) -> Result<Asked> {
        let name = &question.software;
        let seen = if name.is_empty() || name.len() > LONGEST_NAME {
            None
        } else {
            self.software.find(caller, name).await.map_err(|e| report("reading software", &e))?
        };
        Ok(complete(question, seen, sizes::largest(self.bookings.sites()), self.clock.now()))
    }

    async fn data(&self, caller: &Caller) -> Result<DataSummary> {
        match caller.user() {
            Ok(user) => self.basket.summary(user).await.map_err(|e| report("summing up a basket", &e)),
            Err(_) => Ok(DataSummary::default()),
        }
    }
}

#[async_trait]
impl PlanPort for PlanService {
    async fn ask(&self, caller: &Caller, question: &PlanQuestion) -> Result<PlanView> {
        let asked = self.complete(caller, question).await?;
        let data = self.data(caller).await?;
        let now = self.clock.now();
        let fault = |e: sqlx::Error| report("asking a site for offers", &e);
        let mut sites = Vec::new();
        for site in self.bookings.sites() {
            let ask = |planner: &planner::Planner| answer::of_site(site, planner, &asked, caller, now);
            sites.push(self.bookings.look(site, ask).await.map_err(fault)?);
        }
        let when = asked.question.when;
        answer::rank(&mut sites, when, now);
        // All sites show the same time.
        let offers: Vec<_> = sites.iter().flat_map(|site| site.offers.iter().cloned()).collect();
        let shown = load::shown(when, &offers, now);
        for answered in &mut sites {
            if let Some(site) = self.bookings.site(&answered.key) {
                let look = self.bookings.look(site, |planner| load::over(planner, shown)).await;
                answered.load = look.map_err(fault)?;
            }
        }
        let largest = sizes::largest(self.bookings.sites());
        Ok(PlanView {
            request: new_id(&self.entropy),
            software: asked.seen.as_ref().map(software),
            sizes: sizes::named(largest, minimum(asked.seen.as_ref())),
            largest,
            longest_minutes: self
                .bookings
                .sites()
                .iter()
                .map(|site| site.longest_minutes())
                .max()
                .unwrap_or(0),
            question: asked.question,
            data,
            sites,
            now_us: now,
            signed_in: caller.user().is_ok(),
        })
    }

    async fn take(&self, caller: &Caller, offer: Take) -> Result<String> {
        caller.user()?;
        let asked = self.complete(caller, &offer.question).await?;
        let hold = taking::read(caller, &offer, asked)?;
        let Some(site) = self.bookings.site(&hold.site) else {
            return Err(Error::Limit(sentences::NO_SITE.to_owned()));
        };
        if !taking::fits_window(&hold, self.clock.now(), site.notice_us()) {
            // Unless this form did it before.
            let before = self.bookings.find_request(&hold.owner, &hold.request).await;
            let before = before.map_err(|e| report("holding an offer", &e))?;
            return before.ok_or_else(|| Error::Limit(sentences::WINDOW_OVER.to_owned()));
        }
        self.bookings.hold(&hold).await.map_err(|refusal| sentences::not_held(&site.title, refusal))
    }
}
