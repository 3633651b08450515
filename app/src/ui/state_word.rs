//! States of things that live, always as a word with a picture, never as a colour alone.

use super::icon::{Icon, Shape};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// How a state is meant.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Tone {
    /// It goes on now.
    Running,
    /// It ended well, or works.
    Done,
    /// It waits, or is being prepared.
    Waiting,
    /// Somebody should look.
    Attention,
    /// It went wrong.
    Failed,
    /// It is over or unknown, and nobody needs to care.
    #[default]
    Quiet,
}

impl Tone {
    /// The class that carries its colour.
    pub fn class(self) -> &'static str {
        match self {
            Self::Running | Self::Done => "run",
            Self::Waiting => "wait",
            Self::Attention => "warn",
            Self::Failed => "fail",
            Self::Quiet => "calm",
        }
    }

    fn shape(self) -> Shape {
        match self {
            Self::Running => Shape::Running,
            Self::Done => Shape::Check,
            Self::Waiting => Shape::Clock,
            Self::Attention => Shape::Attention,
            Self::Failed => Shape::Failed,
            Self::Quiet => Shape::Info,
        }
    }
}

/// A state in a word.
#[component]
pub fn StateWord(
    /// How it is meant.
    tone: Tone,
    /// The word: `Running`, `Completed`.
    #[prop(into)]
    word: String,
) -> impl IntoView {
    view! { <span class=format!("state {}", tone.class())><Icon shape=tone.shape()/>{word}</span> }
}
