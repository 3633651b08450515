//! What stands where data is on its way, in the browser only: the server waits before it answers.

use leptos::prelude::*;

/// A quiet word, said to screen readers too.
#[component]
pub fn Loading() -> impl IntoView {
    view! { <p class="loading" role="status">"Loading…"</p> }
}
