//! Archives as cards.

use leptos::prelude::*;
use leptos_meta::Title;

/// Archives as cards.
#[component]
pub fn DatasetsPage() -> impl IntoView {
    view! {
        <Title text="Datasets"/>
        <h1>"Datasets"</h1>
    }
}
