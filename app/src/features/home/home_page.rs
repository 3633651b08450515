//! The first page.

use leptos::prelude::*;
use leptos_meta::Title;

/// The first page.
#[component]
pub fn HomePage() -> impl IntoView {
    view! {
        <Title text="Home"/>
        <h1>"Home"</h1>
    }
}
