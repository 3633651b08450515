//! The page for addresses that lead nowhere, and for answers that the server could not give.

use crate::error::Error;
use crate::ui::{ButtonLink, PageHead, Trouble, TroublePage, answer_with};
use leptos::prelude::*;

/// Nothing is here; or, where the server says so, what went wrong instead.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    if let Some(trouble) = use_context::<Trouble>() {
        return view! { <TroublePage trouble=trouble/> }.into_any();
    }
    answer_with(&Error::NotFound);
    view! {
        <PageHead title="There is no such page"/>
        <div class="page-error">
            <p>"The address may be mistyped, or the page may be gone."</p>
            <div class="act">
                <ButtonLink href="/">"Go to the first page"</ButtonLink>
                <ButtonLink href="/datasets">"Look for data"</ButtonLink>
            </div>
        </div>
    }
    .into_any()
}
