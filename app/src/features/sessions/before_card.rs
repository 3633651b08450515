//! What was looked at before an offer is accepted: a no is worth most while something can be done about it.

use super::model::{Check, CheckOf, Verdict};
use crate::error::Result;
use crate::ui::{Card, DataError, StateWord, Tone};
use leptos::prelude::*;

/// The card; nothing where nothing was looked at.
#[component]
pub fn BeforeCard(
    /// What was found.
    checks: Result<Vec<Check>>,
) -> impl IntoView {
    let inside = match checks {
        Ok(checks) if checks.is_empty() => return ().into_any(),
        Ok(checks) => {
            let rows = checks.into_iter().map(|check| view! { <Row check=check/> }).collect_view();
            view! { <ul class="sites">{rows}</ul> }.into_any()
        }
        Err(error) => view! { <DataError error=error/> }.into_any(),
    };
    view! { <Card title="Before it starts">{inside}</Card> }.into_any()
}

#[component]
fn Row(check: Check) -> impl IntoView {
    let name = match check.of {
        CheckOf::Count => "Your sessions",
        CheckOf::Home => "Your home",
        CheckOf::Image => "Its image",
        CheckOf::Data => "Its data",
    };
    let (tone, word) = match check.verdict {
        Verdict::Good => (Tone::Done, "Good"),
        Verdict::Doubtful => (Tone::Attention, "Look at this"),
        Verdict::Bad => (Tone::Failed, "In the way"),
    };
    view! {
        <li>
            <p><strong>{name}</strong>" "<StateWord tone=tone word=word/></p>
            <p class="sub" dir="auto">{check.sentence}</p>
        </li>
    }
    .into_any()
}
