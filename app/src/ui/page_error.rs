//! What a page shows, and with which status it answers, when its data cannot be had.

use super::button::{ButtonLink, Look};
use super::error_box::title_of;
use super::page_head::PageHead;
use crate::error::Error;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

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
    let here =
        format!("{}{}", location.pathname.get_untracked(), with_mark(&location.search.get_untracked()));
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

fn with_mark(search: &str) -> String {
    match search.strip_prefix('?').unwrap_or(search) {
        "" => String::new(),
        search => format!("?{search}"),
    }
}
