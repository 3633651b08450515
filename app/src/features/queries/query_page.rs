//! Form and ADQL side by side.

use leptos::prelude::*;
use leptos_meta::Title;

/// Form and ADQL side by side.
#[component]
pub fn QueryPage() -> impl IntoView {
    view! {
        <Title text="Ask the archives"/>
        <h1>"Ask the archives"</h1>
    }
}
