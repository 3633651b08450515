//! Previous, next, and where one is.

use super::icon::{Icon, Shape};
use crate::text::count;
use leptos::prelude::*;

/// `1-50 of 412` between links to the pages before and after; nothing where all is on one page.
#[component]
pub fn Pager(
    /// The first one shown, 0-based.
    offset: u64,
    /// How many are on a page.
    per_page: u64,
    /// How many there are.
    total: u64,
    /// What they are: `items`, `queries`.
    #[prop(into)]
    noun: String,
    /// The address of the page that begins at an offset.
    #[prop(into)]
    href: Callback<u64, String>,
) -> impl IntoView {
    if total <= per_page && offset == 0 {
        return None;
    }
    let per_page = per_page.max(1);
    let last = (offset + per_page).min(total);
    let previous = (offset > 0).then(|| href.run(offset.saturating_sub(per_page)));
    let next = (offset + per_page < total).then(|| href.run(offset + per_page));
    Some(view! {
        <nav class="pager" aria-label=format!("Pages of {noun}")>
            {previous.map(|href| view! { <a class="btn small" rel="prev" href=href><Icon shape=Shape::Left/>"Previous"</a> })}
            <span>{format!("{}–{} of {}", count((offset + 1).min(total)), count(last), count(total))}</span>
            {next.map(|href| view! { <a class="btn small" rel="next" href=href>"Next"<Icon shape=Shape::Right/></a> })}
        </nav>
    })
}
