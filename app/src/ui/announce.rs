//! What is said to people who do not see the page change.

use leptos::prelude::*;

/// Says short sentences through the one live region of the frame: "Copied", "3 items removed". Given as context by
/// the app; get it with [`Announcer::get`].
#[derive(Debug, Clone, Copy)]
pub struct Announcer(RwSignal<String>);

impl Announcer {
    /// The frame's announcer; one that nobody hears outside the app.
    pub fn get() -> Self {
        use_context().unwrap_or_else(|| Self(RwSignal::new(String::new())))
    }

    /// Makes it known to everything below.
    pub fn provide() -> Self {
        let announcer = Self(RwSignal::new(String::new()));
        provide_context(announcer);
        announcer
    }

    /// Says a sentence once the screen reader is idle. The same sentence twice is said twice.
    pub fn say(self, sentence: impl Into<String>) {
        let mut sentence = sentence.into();
        if self.0.with_untracked(|last| *last == sentence) {
            sentence.push('\u{a0}');
        }
        self.0.set(sentence);
    }
}

/// The live region; once, in the frame.
#[component]
pub fn LiveRegion() -> impl IntoView {
    let announcer = Announcer::get();
    view! { <div id="said" class="unseen" role="status" aria-live="polite">{move || announcer.0.get()}</div> }
}
