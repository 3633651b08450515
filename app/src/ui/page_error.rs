//! What a page shows, and with which status it answers, when its data cannot be had.

use super::button::{ButtonLink, Look};
use super::error_box::title_of;
use super::page_head::PageHead;
use crate::error::Error;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use leptos_router::location::Location;

/// Sets the status that the server answers this page with. Does nothing in the browser.
pub fn answer_with(error: &Error) {
    #[cfg(feature = "ssr")]
    if let (Some(response), Ok(status)) =
        (use_context::<leptos_axum::ResponseOptions>(), http::StatusCode::from_u16(error.status()))
    {
        response.set_status(status);
    }
    #[cfg(not(feature = "ssr"))]
    let _ = error;
}

/// A whole page in place of one that cannot be shown: its own `<h1>`, what happened, what to do now, and the status.
#[component]
pub fn PageError(
    /// Why not.
    error: Error,
) -> impl IntoView {
    answer_with(&error);
    let location = use_location();
    let here = format!("{}{}", location.pathname.get_untracked(), search_of(&location));
    let step = match error {
        Error::SignInNeeded => view! {
            <ButtonLink href=crate::frame::address::sign_in(&here) look=Look::Primary>"Sign in"</ButtonLink>
        }
        .into_any(),
        Error::NotFound | Error::Forbidden => {
            view! { <ButtonLink href="/">"Go to the first page"</ButtonLink> }.into_any()
        }
        _ => view! { <ButtonLink href=here external=true>"Try again"</ButtonLink> }.into_any(),
    };
    view! {
        <PageHead title=title_of(&error)/>
        <div class="page-error">
            <p>{error.to_string()}</p>
            <div class="act">{step}</div>
        </div>
    }
    .into_any()
}

/// The query of an address with its mark, less what a failed form left in it; nothing where there is none.
pub(super) fn search_of(location: &Location) -> String {
    let search = location.search.get_untracked();
    let kept: Vec<_> = search
        .trim_start_matches('?')
        .split('&')
        .filter(|part| !part.is_empty() && !part.starts_with("__err=") && !part.starts_with("__path="))
        .collect();
    if kept.is_empty() { String::new() } else { format!("?{}", kept.join("&")) }
}
