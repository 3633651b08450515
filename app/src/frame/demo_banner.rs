//! The banner that says: this Skyport signs people in with its demo issuer.

use super::app::FrameState;
use crate::ui::{Icon, Shape};
use leptos::prelude::*;

/// Said on every page of a demo, and nowhere else.
#[component]
pub fn DemoBanner() -> impl IntoView {
    let frame = FrameState::get();
    move || {
        frame.view().filter(|view| view.demo).map(|_| view! {
            <aside class="demo" aria-label="Demo">
                <Icon shape=Shape::Attention/>
                <span>"This is a demo: anybody on this machine may sign in as anybody. Keep nothing here that matters."</span>
            </aside>
        })
    }
}
