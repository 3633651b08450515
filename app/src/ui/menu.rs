//! Menus that open without JavaScript. With it they also close on Escape and on a click elsewhere (see the frame).

use super::icon::{Icon, Shape};
use leptos::prelude::*;

/// A button that opens a list. The children are its entries, each an `<li>`.
#[component]
pub fn Menu(
    /// What the button says.
    #[prop(into)]
    label: Signal<String>,
    /// The picture before the words.
    #[prop(optional, into)]
    shape: Option<Shape>,
    /// Whether the button is a small one.
    #[prop(optional)]
    small: bool,
    /// Whether the list hangs from the button's right end.
    #[prop(optional)]
    right: bool,
    /// Entries: `<li><a ..></li>` or `<li><form ..><button ..></form></li>`.
    children: Children,
) -> impl IntoView {
    view! {
        <details class=if right { "menu right" } else { "menu" }>
            <summary class=if small { "btn small" } else { "btn" }>
                {shape.map(|shape| view! { <Icon shape=shape/> })}
                <span class="words">{move || label.get()}</span>
                <Icon shape=Shape::Down/>
            </summary>
            <ul class="sheet">{children()}</ul>
        </details>
    }
}
