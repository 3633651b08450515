//! The page in place of an answer that never came to be one: a request that broke, took too long or was not taken. The
//! server renders it alone, without a script, since the address shows another page to whoever comes again.

use super::button::{ButtonLink, Look};
use super::page_head::PageHead;
use leptos::prelude::*;

/// What happened, for [`TroublePage`]. The server provides it as context; nobody else does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// A short headline.
    pub title: &'static str,
    /// What happened and what to do now, with the reference where there is one.
    pub sentence: String,
    /// The page that the request was for, or came from: a path of this site.
    pub here: String,
    /// Whether asking for the same again may help.
    pub again: bool,
}

/// The whole page.
#[component]
pub fn TroublePage(
    /// What happened.
    trouble: Trouble,
) -> impl IntoView {
    let Trouble { title, sentence, here, again } = trouble;
    view! {
        <PageHead title=title/>
        <div class="page-error">
            <p>{sentence}</p>
            <div class="act">
                <ButtonLink href=here look=Look::Primary external=true>
                    {if again { "Try again" } else { "Back to the page" }}
                </ButtonLink>
                <ButtonLink href="/">"Go to the first page"</ButtonLink>
            </div>
        </div>
    }
    .into_any()
}
