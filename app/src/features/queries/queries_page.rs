//! The queries and how they went.

use leptos::prelude::*;
use leptos_meta::Title;

/// The queries and how they went.
#[component]
pub fn QueriesPage() -> impl IntoView {
    view! {
        <Title text="Queries"/>
        <h1>"Queries"</h1>
    }
}
