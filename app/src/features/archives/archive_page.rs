//! An archive's tables and columns.

use leptos::prelude::*;
use leptos_meta::Title;

/// An archive's tables and columns.
#[component]
pub fn ArchivePage() -> impl IntoView {
    view! {
        <Title text="Archive"/>
        <h1>"Archive"</h1>
    }
}
