//! The account and its open sign-ins.

use leptos::prelude::*;
use leptos_meta::Title;

/// The account and its open sign-ins.
#[component]
pub fn SignInsPage() -> impl IntoView {
    view! {
        <Title text="Your account"/>
        <h1>"Your account"</h1>
    }
}
