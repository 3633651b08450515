//! The page for addresses that lead nowhere.

use crate::error::Error;
use crate::ui::{ButtonLink, PageHead, answer_with};
use leptos::prelude::*;

/// Nothing is here.
#[component]
pub fn NotFoundPage() -> impl IntoView {
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
}
