//! What the user has selected.

use leptos::prelude::*;
use leptos_meta::Title;

/// What the user has selected.
#[component]
pub fn BasketPage() -> impl IntoView {
    view! {
        <Title text="Basket"/>
        <h1>"Basket"</h1>
    }
}
