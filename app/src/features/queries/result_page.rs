//! One query and its result.

use leptos::prelude::*;
use leptos_meta::Title;

/// One query and its result.
#[component]
pub fn ResultPage() -> impl IntoView {
    view! {
        <Title text="Result"/>
        <h1>"Result"</h1>
    }
}
