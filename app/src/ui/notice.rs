//! A line that says what just happened or what is so now, on top of what it is about.

use super::icon::{Icon, Shape};
use super::state_word::Tone;
use leptos::prelude::*;

/// A notice in the page's flow. Screen readers hear it when it appears.
#[component]
pub fn Notice(
    /// How it is meant.
    #[prop(default = Tone::Waiting)]
    tone: Tone,
    /// What is said, with links and buttons.
    children: Children,
) -> impl IntoView {
    let shape = match tone {
        Tone::Running | Tone::Done => Shape::Check,
        Tone::Attention => Shape::Attention,
        Tone::Failed => Shape::Failed,
        Tone::Waiting | Tone::Quiet => Shape::Info,
    };
    view! {
        <div class=format!("notice {}", tone.class()) role="status">
            <Icon shape=shape/>
            <div>{children()}</div>
        </div>
    }
}
