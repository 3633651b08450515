//! Where an entry can run: every site with its next start for what the entry needs at least, or why it cannot.

use super::model::Resources;
use crate::error::Result;
use crate::features::plan::{
    api::ask_plan,
    model::{PlanQuestion, PlanView, SiteAnswer},
};
use crate::ui::{Card, DataError, StateWord, Time, Tone};
use leptos::prelude::*;

/// An hour is asked for: sites that refuse it refuse anything longer too.
const MINUTES: u32 = 60;

/// What the sites say of an entry that needs at least this.
pub async fn ask_sites(software: String, minimum: Resources) -> Result<PlanView> {
    let question = PlanQuestion { software, resources: minimum, minutes: MINUTES, ..PlanQuestion::default() };
    ask_plan(question).await
}

/// The card.
#[component]
pub fn WhereCard(
    /// What [`ask_sites`] gave.
    answer: Result<PlanView>,
) -> impl IntoView {
    let inside = match answer {
        Err(error) => view! { <DataError error=error/> }.into_any(),
        Ok(view) if view.sites.is_empty() => {
            view! { <p class="quiet-text">{super::sentences::NO_SITES}</p> }.into_any()
        }
        Ok(view) => {
            let sites = view
                .sites
                .into_iter()
                .map(|site| view! { <li>{of_site(site, view.now_us)}</li> })
                .collect_view();
            view! { <ul class="sites">{sites}</ul> }.into_any()
        }
    };
    view! { <Card title="Where it can run">{inside}</Card> }
}

fn of_site(site: SiteAnswer, now_us: i64) -> AnyView {
    let SiteAnswer { title, has, offers, reasons, .. } = site;
    let head = view! { <p><strong dir="auto">{title}</strong><span class="sub" dir="auto">{has}</span></p> };
    match offers.first() {
        Some(offer) if offer.start_us <= now_us => {
            view! { {head}<p><StateWord tone=Tone::Done word="Now"/></p> }.into_any()
        }
        Some(offer) => {
            let start = offer.start_us;
            view! { {head}<p><StateWord tone=Tone::Waiting word="Later"/>" from "<Time us=start/></p> }
                .into_any()
        }
        None => {
            let reasons =
                reasons.into_iter().map(|reason| view! { <li dir="auto">{reason}</li> }).collect_view();
            view! {
                {head}
                <p><StateWord tone=Tone::Attention word="Not here"/></p>
                <ul class="reasons">{reasons}</ul>
            }
            .into_any()
        }
    }
}
