//! The rail of pages on the left.

use leptos::prelude::*;
use leptos_router::components::A;

/// Links to the main pages.
#[component]
pub fn Rail() -> impl IntoView {
    view! {
        <nav class="rail" aria-label="Main">
            <ul>
                <li><A href="/" exact=true>"Home"</A></li>
                <li><A href="/datasets">"Datasets"</A></li>
                <li><A href="/queries">"Queries"</A></li>
                <li><A href="/basket">"Basket"</A></li>
            </ul>
        </nav>
    }
}
