//! Pages with nothing on them yet: what the page is for, and the first step.

use super::icon::{Icon, Shape};
use leptos::prelude::*;

/// What stands where nothing is.
#[component]
pub fn Empty(
    /// What is empty: `No queries yet`.
    #[prop(into)]
    title: String,
    /// What the page is for, in a sentence.
    #[prop(into)]
    text: String,
    /// The picture above.
    #[prop(default = Shape::Info)]
    shape: Shape,
    /// The first step: usually a `ButtonLink`.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <Icon shape=shape/>
            <p class="title">{title}</p>
            <p>{text}</p>
            {children.map(|children| view! { <div class="act">{children()}</div> })}
        </div>
    }
}
