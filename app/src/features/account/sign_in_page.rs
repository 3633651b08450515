//! Where one chooses a provider, and reads why a sign-in failed.

use leptos::prelude::*;
use leptos_meta::Title;

/// Where one chooses a provider, and reads why a sign-in failed.
#[component]
pub fn SignInPage() -> impl IntoView {
    view! {
        <Title text="Sign in"/>
        <h1>"Sign in"</h1>
    }
}
