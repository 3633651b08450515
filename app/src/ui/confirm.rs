//! The question before something is lost. It names the thing and what is lost, and needs no JavaScript: the first
//! button only opens it.

use super::button::Look;
use super::icon::{Icon, Shape};
use leptos::prelude::*;

/// A button that opens a question; the children are the form that really does it, with a button that says what it does.
#[component]
pub fn Confirm(
    /// What the first button says: `Empty basket`.
    #[prop(into)]
    label: String,
    /// The thing, and what is lost: `All 412 items and their notes are removed. You can undo this once.`
    #[prop(into)]
    question: String,
    /// Whether the first button is a small one.
    #[prop(optional)]
    small: bool,
    /// How it looks.
    #[prop(optional)]
    look: Look,
    /// What stands before its label.
    #[prop(optional)]
    shape: Option<Shape>,
    /// Whether the question is at the button's right end.
    #[prop(optional)]
    right: bool,
    /// Whether it is open from the start.
    #[prop(optional)]
    open: bool,
    /// The form.
    children: Children,
) -> impl IntoView {
    view! {
        <details class=if right { "menu confirm right" } else { "menu confirm" } open=open>
            <summary class=look.class(small)>{shape.map(|shape| view! { <Icon shape=shape/> })}{label}"…"</summary>
            <div class="sheet" role="group">
                <p><Icon shape=Shape::Attention/><span>{question}</span></p>
                {children()}
            </div>
        </details>
    }
}
