//! What a site answers, and which of all offers is the best.

use super::question::Asked;
use super::sentences;
use crate::clock::{Micros, SECOND};
use crate::features::bookings::{PROPOSAL_GRID, PlannedSite};
use app::asking::Caller;
use app::features::plan::model::{OfferView, PartView, SiteAnswer, When};
use app::features::software::model::Resources;
use planner::{Offer, Planner, Time};

/// Offers of one site, or its reasons; the load comes later.
pub(super) fn of_site(
    site: &PlannedSite,
    planner: &Planner,
    asked: &Asked,
    caller: &Caller,
    now: Micros,
) -> SiteAnswer {
    let mut answer = SiteAnswer {
        key: site.key.clone(),
        title: site.title.clone(),
        has: site.has.clone(),
        offers: Vec::new(),
        reasons: asked.faults.iter().map(|fault| fault.sentence.clone()).collect(),
        load: Vec::new(),
    };
    let window = asked.window(planner.site().policy.horizon, PROPOSAL_GRID, now);
    match planner.earliest(&asked.request(caller), &window, Time::from_micros(now)) {
        Ok(offers) if answer.reasons.is_empty() => {
            answer.offers = offers.iter().map(|offer| view(site, planner, offer)).collect();
        }
        Ok(_) => {}
        Err(reasons) => answer.reasons.extend(reasons.iter().map(sentences::reason)),
    }
    answer
}

fn view(site: &PlannedSite, planner: &Planner, offer: &Offer) -> OfferView {
    let parts = offer.parts.iter().map(|part| {
        let node = planner.site().nodes.get(part.node.0 as usize);
        PartView {
            node: node.map_or_else(String::new, |node| node.name.clone()),
            resources: Resources {
                cores: part.resources.cores,
                memory_mib: part.resources.memory_mib,
                disk_gib: part.resources.disk_mib.div_ceil(1024),
                gpus: part.resources.gpus.values().sum(),
            },
        }
    });
    OfferView {
        site: site.key.clone(),
        start_us: offer.interval.start().micros(),
        end_us: offer.interval.end().micros(),
        parts: parts.collect(),
        why: String::new(),
        best: false,
    }
}

/// Puts sites with offers first, the soonest first, then the one on the fewest nodes; and says of each offer why it is one.
pub(super) fn rank(answers: &mut [SiteAnswer], when: When, now: Micros) {
    // In order of the configuration where they are as good.
    answers.sort_by_key(|answer| {
        answer.offers.first().map_or((true, 0, 0), |offer| (false, offer.start_us, offer.parts.len()))
    });
    for (site, answer) in answers.iter_mut().enumerate() {
        for (place, offer) in answer.offers.iter_mut().enumerate() {
            offer.best = site == 0 && place == 0;
            offer.why = why(offer, place, when, now).to_owned();
        }
    }
}

fn why(offer: &OfferView, place: usize, when: When, now: Micros) -> &'static str {
    let is_now = offer.start_us <= now + SECOND;
    match (is_now, offer.best, place, when) {
        (true, true, ..) => "Now",
        (true, ..) => "Now as well",
        (_, true, _, When::Within { from_us, .. }) if offer.start_us == from_us => "As your window begins",
        (_, true, _, When::Within { .. }) => "The earliest in your window",
        (_, true, ..) => "The earliest of all",
        (_, _, 0, _) => "The earliest here",
        _ => "Later, if that suits you",
    }
}
