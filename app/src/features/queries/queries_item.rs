//! One query in the list: its state, what it is, the one likely action, and the rest in a menu.

use super::api::{AskQuery, CancelQuery, RemoveQuery};
use super::draft::Draft;
use super::model::{QueryState, QueryView};
use super::progress::follow;
use super::sentences;
use crate::text::counted;
use crate::ui::{ButtonLink, Copy, Look, Menu, StateWord, SubmitButton, Time};
use leptos::prelude::*;

/// What can be done with a query in the list.
#[derive(Clone, Copy)]
pub struct Actions {
    /// Stops it.
    pub cancel: ServerAction<CancelQuery>,
    /// Removes it.
    pub remove: ServerAction<RemoveQuery>,
    /// Asks it again.
    pub ask: ServerAction<AskQuery>,
    /// Told when one that is watched is over.
    pub ended: Callback<()>,
}

/// One query; watched while it goes on, where the page asks for that.
#[component]
pub fn Item(
    /// The query.
    query: QueryView,
    /// Whether to watch it.
    watch: bool,
    /// What can be done with it.
    actions: Actions,
) -> impl IntoView {
    let query = RwSignal::new(query);
    if watch {
        follow(query);
        Effect::watch(
            move || query.with(|q| q.state.is_over()),
            move |over, _, _| {
                if *over {
                    actions.ended.run(());
                }
            },
            false,
        );
    }
    view! { <li>{move || view! { <Entry query=query.get() actions=actions/> }}</li> }
}

#[component]
fn Entry(query: QueryView, actions: Actions) -> impl IntoView {
    let page = format!("/queries/{}", query.id);
    let numbers = sentences::numbers(&query);
    let numbers = (!numbers.is_empty()).then(|| format!(" · {numbers}"));
    let waits = (query.state == QueryState::Queued).then(|| sentences::waits_for(query.before_it));
    let so_far = (query.state == QueryState::Running && query.rows > 0)
        .then(|| format!("{} so far", counted(query.rows, "row")));
    let outcome = query.overflow.clone().map(|_| "the result was cut".to_owned());
    let reason = match query.state {
        QueryState::Failed | QueryState::Interrupted => sentences::end_reason(&query),
        _ => waits.or(so_far).or(outcome),
    };
    let kept =
        query.kept_until_us.filter(|_| query.has_result).map(|us| view! { " · kept until "<Time us=us/> });
    view! {
            <StateWord tone=sentences::tone(query.state) word=query.state.word()/>
            <div class="what">
                <a href=page dir="auto">{query.title.clone()}</a>
                <div class="sub">
                    {query.archive_title.clone()}
                    {numbers.filter(|_| query.state.is_over())}
                    " · "
                    <Time us=query.asked_us/>
                    {kept}
                </div>
                {reason.map(|reason| view! { <div class="sub reason">{reason}</div> })}
            </div>
            <div class="act"><Step query=query.clone() actions=actions/><More query=query actions=actions/></div>
    }
}

/// The one likely action.
#[component]
fn Step(query: QueryView, actions: Actions) -> impl IntoView {
    let edit = Draft::of_text(&query.archive, &query.adql).address();
    match query.state {
        QueryState::Queued | QueryState::Running => view! {
            <ActionForm action=actions.cancel>
                <input type="hidden" name="id" value=query.id/>
                <SubmitButton small=true>"Cancel"</SubmitButton>
            </ActionForm>
        }
        .into_any(),
        QueryState::Failed => {
            view! { <ButtonLink href=edit small=true>"Edit and ask again"</ButtonLink> }.into_any()
        }
        _ if query.has_result => {
            view! { <ButtonLink href=format!("/queries/{}", query.id) small=true>"Open"</ButtonLink> }
                .into_any()
        }
        _ => view! { <Repeat query=query actions=actions/> }.into_any(),
    }
}

#[component]
fn Repeat(query: QueryView, actions: Actions) -> impl IntoView {
    view! {
        <ActionForm action=actions.ask>
            <input type="hidden" name="archive" value=query.archive/>
            <input type="hidden" name="adql" value=query.adql/>
            <input type="hidden" name="title" value=query.title/>
            <button type="submit" class="btn small">"Repeat"</button>
        </ActionForm>
    }
}

/// Everything else that can be done with a query.
#[component]
fn More(query: QueryView, actions: Actions) -> impl IntoView {
    let edit = Draft::of_text(&query.archive, &query.adql).address();
    let removal = sentences::removal(&query);
    let (over, adql, id) = (query.state.is_over(), query.adql.clone(), query.id.clone());
    let remove = over.then(|| {
        view! {
            <li>
                <details class="in-menu">
                    <summary>"Remove…"</summary>
                    <p>{removal}</p>
                    <ActionForm action=actions.remove>
                        <input type="hidden" name="id" value=id/>
                        <SubmitButton look=Look::Danger small=true>"Remove query"</SubmitButton>
                    </ActionForm>
                </details>
            </li>
        }
    });
    view! {
        <Menu label="More" small=true right=true>
            <li><Repeat query=query.clone() actions=actions/></li>
            <li><a href=edit>"Edit and ask again"</a></li>
            <li class="js-only"><Copy text=adql what="the ADQL" label="Copy ADQL"/></li>
            {remove}
        </Menu>
    }
}
