//! A part of a page that cannot be shown, under the page's own heading.

use super::button::ButtonLink;
use super::error_box::ErrorBox;
use super::page_error::answer_with;
use crate::error::Error;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// What happened, what to do now, and the status that the server answers with.
#[component]
pub fn DataError(
    /// Why not.
    error: Error,
) -> impl IntoView {
    answer_with(&error);
    let again = matches!(
        error,
        Error::Unavailable { .. }
            | Error::Internal { .. }
            | Error::Transport
            | Error::StaleForm
            | Error::Archive(_)
    );
    let location = use_location();
    view! {
        <ErrorBox error=Some(error)/>
        {again.then(|| {
            let here = format!("{}{}", location.pathname.get_untracked(), super::page_error::search_of(&location));
            view! { <ButtonLink href=here external=true>"Try again"</ButtonLink> }
        })}
    }
    .into_any()
}
