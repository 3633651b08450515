//! Server functions of planning.

#![expect(missing_docs, reason = "the macro turns documented arguments into undocumented fields")]

use super::model::{PlanQuestion, PlanView, Take};
use crate::error::Result;
use leptos::prelude::*;

/// Every site's answer.
#[server(endpoint = "plan/ask")]
pub async fn ask_plan(#[server(default)] question: PlanQuestion) -> Result<PlanView> {
    let (caller, ports) = crate::asking::asked()?;
    ports.plan.ask(&caller, &question).await
}

/// Holds an offer and goes to its booking. A form that was sent without JavaScript and is refused comes back with what
/// was chosen.
#[server(endpoint = "plan/take")]
pub async fn take_offer(offer: Take) -> Result<String> {
    let (caller, ports) = crate::asking::asked()?;
    caller.user()?;
    let held = ports.plan.take(&caller, offer.clone().settled()).await;
    let booking = held.inspect_err(|error| super::address::come_back::<TakeOffer>(&offer, error))?;
    leptos_axum::redirect(&format!("/bookings/{booking}"));
    Ok(booking)
}
