//! The bar at the top.

use leptos::prelude::*;

/// Brand, search, what runs, and the user's menu.
#[component]
pub fn TopBar() -> impl IntoView {
    view! {
        <header class="top"><a class="brand" href="/">"Skyport"</a></header>
    }
}
