//! Form and ADQL side by side: they say the same thing until the text is changed by hand, and then the page says so.

use super::api::{AskQuery, AskQueryForm};
use super::desk::{Desk, FirstLook, look};
use super::draft::{Draft, QUERY_PAGE};
use super::editor::Editor;
use super::guided_form::GuidedForm;
use super::schema_tree::SchemaTree;
use super::{dom, sentences};
use crate::error::Error;
use crate::frame::app::FrameState;
use crate::ui::{
    Announcer, Copy, ErrorBox, Loading, Look, PageError, PageHead, StateWord, SubmitButton, Tone,
};
use leptos::html;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::{use_location, use_url};

/// The page.
#[component]
pub fn QueryPage() -> impl IntoView {
    let search = use_location().search;
    let draft = Draft::read(&search.get_untracked());
    let first = Resource::new_blocking(|| (), {
        let draft = draft.clone();
        move |()| look(draft.clone())
    });
    view! {
        <Suspense fallback=Loading>
            {move || {
                let draft = draft.clone();
                Suspend::new(async move {
                    match first.await {
                        Ok(first) => view! { <QueryDesk draft=draft first=first/> }.into_any(),
                        Err(error) => view! { <PageError error=error/> }.into_any(),
                    }
                })
            }}
        </Suspense>
    }
}

#[component]
fn QueryDesk(draft: Draft, first: FirstLook) -> impl IntoView {
    let desk = Desk::new(draft, first);
    desk.follow();
    follow_links(desk);
    let area = NodeRef::<html::Textarea>::new();
    let ask = ServerAction::<AskQuery>::new();
    let plain = ServerAction::<AskQueryForm>::new();
    let frame = use_context::<FrameState>();
    if let Some(Err(Error::Adql(fault))) = plain.value().get_untracked()
        && desk.fault.with_untracked(Option::is_none)
    {
        desk.fault.set(Some(fault));
    }
    let failed = Signal::derive(move || {
        let error =
            ask.value().get().and_then(Result::err).or_else(|| plain.value().get().and_then(Result::err));
        // A fault in the text is shown in the text.
        error.filter(|error| !matches!(error, Error::Adql(_)))
    });
    Effect::watch(
        move || ask.value().get(),
        move |answer, _, _| match answer {
            Some(Err(Error::Adql(fault))) => {
                Announcer::get().say(super::editor::fault_sentence(fault));
                desk.fault.set(Some(fault.clone()));
            }
            Some(Ok(_)) => {
                if let Some(frame) = frame {
                    frame.refresh();
                }
            }
            _ => {}
        },
        false,
    );
    let blocked = Signal::derive(move || {
        let faulty = !desk.by_hand() && desk.form.with(Result::is_err);
        faulty.then(|| sentences::FORM_HAS_FAULTS.to_owned())
    });
    let run = move || {
        if blocked.get_untracked().is_none() && !ask.pending().get_untracked() {
            let archive = desk.draft.with_untracked(|d| d.archive.clone());
            ask.dispatch(AskQuery { archive, adql: desk.text.get_untracked(), title: String::new() });
        }
    };
    let link = Signal::derive(move || format!("{}{}", dom::origin(), desk.draft.with(Draft::address)));
    view! {
        <PageHead
            title="Ask the archives"
            lead=|| view! { <p>"Form and ADQL always say the same thing."<span class="js-only">" Ctrl-Enter runs."</span></p> }
        >
            <Copy text=link what="a link to this question" label="Share link"/>
            <SubmitButton form="ask" look=Look::Primary pending=ask.pending() disabled_because=blocked>"Run query"</SubmitButton>
        </PageHead>
        <ErrorBox error=failed/>
        <div class="grid">
            <section class="card c4 stretch" aria-labelledby="form-title">
                <header><h2 id="form-title">"Form"</h2></header>
                <div class="body"><GuidedForm desk=desk/></div>
            </section>
            <section class="card c8 stretch asking" aria-labelledby="adql-title">
                <header><h2 id="adql-title">"ADQL"</h2><div class="more"><Validity desk=desk/></div></header>
                <div class="desk">
                    <form
                        id="ask"
                        method="post"
                        action=AskQueryForm::url()
                        on:submit=move |event| {
                            event.prevent_default();
                            run();
                        }
                    >
                        <input type="hidden" name="archive" value=move || desk.draft.with(|d| d.archive.clone())/>
                        <Editor desk=desk area=area on_run=run/>
                    </form>
                    <SchemaTree desk=desk area=area/>
                </div>
            </section>
        </div>
    }
    .into_any()
}

/// Links on the page that lead to the page itself, and the browser's Back, come as a new query string.
fn follow_links(desk: Desk) {
    let url = use_url();
    Effect::watch(
        move || url.get(),
        move |url, _, _| {
            if url.path() != QUERY_PAGE {
                return;
            }
            let mut draft = Draft::read(url.search());
            if draft.archive.is_empty() {
                draft.archive = desk.draft.with_untracked(|d| d.archive.clone());
            }
            if desk.draft.with_untracked(|now| *now != draft) {
                desk.draft.set(draft);
            }
        },
        false,
    );
}

/// Whether the text is right, as far as can be told before asking.
#[component]
fn Validity(desk: Desk) -> impl IntoView {
    move || {
        let form_faulty = !desk.by_hand() && desk.form.with(Result::is_err);
        match desk.fault.with(|f| f.as_ref().map(|f| f.line)) {
            _ if form_faulty => {
                view! { <StateWord tone=Tone::Attention word="The form needs another look"/> }
            }
            Some(line) => view! { <StateWord tone=Tone::Failed word=format!("Fault in line {line}")/> },
            None if desk.text.with(|t| t.trim().is_empty()) => {
                view! { <StateWord tone=Tone::Quiet word="Empty"/> }
            }
            None => view! { <StateWord tone=Tone::Done word="Valid"/> },
        }
    }
}
