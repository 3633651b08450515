//! Tabs that are links: each view of a page has its own address.

use leptos::prelude::*;

/// The row of tabs; the children are [`Tab`]s.
#[component]
pub fn Tabs(
    /// What the tabs choose between, for people who do not see them.
    #[prop(into)]
    label: String,
    /// The tabs.
    children: Children,
) -> impl IntoView {
    view! { <nav class="tabs" aria-label=label>{children()}</nav> }
}

/// One tab.
#[component]
pub fn Tab(
    /// Its address.
    #[prop(into)]
    href: Signal<String>,
    /// Whether it is the one shown.
    #[prop(into)]
    current: Signal<bool>,
    /// A number beside the words.
    #[prop(optional, into)]
    count: Signal<Option<u64>>,
    /// Its words.
    children: Children,
) -> impl IntoView {
    view! {
        <a href=move || href.get() aria-current=move || current.get().then_some("true")>
            {children()}
            {move || count.get().map(|n| view! { <span class="hint">{crate::text::count(n)}</span> })}
        </a>
    }
}
