//! The top of every page: its one `<h1>`, a sentence, and its actions.

use super::announce::Announcer;
use super::browser;
use crate::frame::focus::Arrival;
use leptos::html;
use leptos::prelude::*;
use leptos::web_sys::HtmlElement;
use leptos_meta::Title;

/// The page's `<h1>` and the document's title. After a navigation the focus moves to it, and it is announced.
#[component]
pub fn PageHead(
    /// The heading.
    #[prop(into)]
    title: String,
    /// The document's title, where it says more than the heading.
    #[prop(optional, into)]
    document_title: Option<String>,
    /// One sentence under the heading.
    #[prop(optional, into)]
    lead: ViewFn,
    /// The page's actions, the likeliest last.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let heading = NodeRef::<html::H1>::new();
    let (arrival, announcer) = (Arrival::get(), Announcer::get());
    let said = title.clone();
    Effect::new(move |_| {
        if let Some(heading) = heading.get()
            && arrival.take()
        {
            browser::focus_when_there(HtmlElement::clone(&heading), 60);
            announcer.say(said.clone());
        }
    });
    let document_title = document_title.unwrap_or_else(|| title.clone());
    view! {
        <Title text=document_title/>
        <div class="head">
            <div class="words">
                <h1 node_ref=heading tabindex="-1" dir="auto">{title}</h1>
                <div class="lead">{lead.run()}</div>
            </div>
            {children.map(|children| view! { <div class="act">{children()}</div> })}
        </div>
    }
}
