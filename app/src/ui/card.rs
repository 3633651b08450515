//! The box that a page is laid out in.

use leptos::prelude::*;

/// A titled part of a page.
#[component]
pub fn Card(
    /// Its heading, an `<h2>`; no header where empty.
    #[prop(optional, into)]
    title: String,
    /// Columns it takes of twelve on a wide screen, as a class: `c4`, `c5`, `c7`, `c8`, `c12`.
    #[prop(default = "c12")]
    span: &'static str,
    /// What stands at the right end of the header: a link, a count, small buttons.
    #[prop(optional, into)]
    more: ViewFn,
    /// Whether the content goes to the edges (tables, lists) instead of having a margin.
    #[prop(optional)]
    flush: bool,
    /// What it holds.
    children: Children,
) -> impl IntoView {
    let header = (!title.is_empty()).then(|| {
        view! { <header><h2>{title}</h2><div class="more">{more.run()}</div></header> }
    });
    view! {
        <section class=format!("card {span}")>
            {header}
            <div class=if flush { "flush" } else { "body" }>{children()}</div>
        </section>
    }
}
