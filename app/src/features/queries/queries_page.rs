//! The queries, newest first, and how each of them went.

use super::api::{AskQuery, CancelQuery, RemoveQuery, list_queries, show_limits};
use super::draft::{Draft, QUERY_PAGE};
use super::model::{LimitsView, QueryState, QueryView};
use super::query_string::read_pairs;
use super::sentences;
use crate::error::Result;
use crate::frame::address::sign_in;
use crate::frame::app::FrameState;
use crate::text::counted;
use crate::ui::{
    ButtonLink, Card, Copy, Empty, ErrorBox, Look, Menu, Notice, PageError, PageHead, Pager, Shape,
    StateWord, SubmitButton, Time, Tone,
};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// How many are on a page; the server gives as many.
const PER_PAGE: u64 = 50;

/// The page.
#[component]
pub fn QueriesPage() -> impl IntoView {
    let search = use_location().search;
    let offset = Memo::new(move |_| {
        let pairs = search.with(|s| read_pairs(s));
        pairs.iter().find(|(name, _)| name == "offset").and_then(|(_, v)| v.parse::<u64>().ok()).unwrap_or(0)
    });
    let frame = use_context::<FrameState>();
    let cancel = ServerAction::<CancelQuery>::new();
    let remove = ServerAction::<RemoveQuery>::new();
    let ask = ServerAction::<AskQuery>::new();
    let list = Resource::new_blocking(
        move || (offset.get(), cancel.version().get(), remove.version().get()),
        move |(offset, _, _)| async move {
            let (list, limits) = futures::join!(list_queries(offset), show_limits());
            let visitor = match frame {
                Some(frame) => frame.0.await.is_ok_and(|f| f.name.is_none()),
                None => false,
            };
            Ok::<_, crate::error::Error>((list?, limits?, visitor))
        },
    );
    Effect::watch(
        move || (cancel.version().get(), remove.version().get()),
        move |_, _, _| {
            if let Some(frame) = frame {
                frame.refresh();
            }
        },
        false,
    );
    let failed = Signal::derive(move || {
        let cancelled = cancel.value().get().and_then(Result::err);
        cancelled
            .or_else(|| remove.value().get().and_then(Result::err))
            .or_else(|| ask.value().get().and_then(Result::err))
    });
    let actions = Actions { cancel, remove, ask };
    view! {
        <Transition fallback=|| view! { <PageHead title="Queries"/><p class="hint">"Loading…"</p> }>
            {move || Suspend::new(async move {
                match list.await {
                    Ok(((queries, total), limits, visitor)) => {
                        let quota = sentences::quota(&limits);
                        view! {
                            <PageHead title="Queries" lead=move || view! { <p>{quota.clone()}</p> }>
                                <ButtonLink href=QUERY_PAGE look=Look::Primary>"New query"</ButtonLink>
                            </PageHead>
                            <ErrorBox error=failed/>
                            <List queries=queries total=total offset=offset.get_untracked() limits=limits visitor=visitor actions=actions/>
                        }
                        .into_any()
                    }
                    Err(error) => view! { <PageError error=error/> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[derive(Clone, Copy)]
struct Actions {
    cancel: ServerAction<CancelQuery>,
    remove: ServerAction<RemoveQuery>,
    ask: ServerAction<AskQuery>,
}

#[component]
fn List(
    queries: Vec<QueryView>,
    total: u64,
    offset: u64,
    limits: LimitsView,
    visitor: bool,
    actions: Actions,
) -> impl IntoView {
    let note = (visitor && total > 0).then(|| {
        view! {
            <Notice tone=Tone::Attention>
                <p>{sentences::VISITORS_QUERIES}</p>
                <ButtonLink href=sign_in("/queries") small=true>"Sign in"</ButtonLink>
            </Notice>
        }
    });
    let full = (limits.quota_bytes > 0 && limits.used_bytes >= limits.quota_bytes).then(|| {
        view! {
            <Notice tone=Tone::Attention><p>"There is no room for another result. Remove queries that you no longer need."</p></Notice>
        }
    });
    if queries.is_empty() {
        return view! {
            <Card>
                <Empty
                    title="No queries yet"
                    text="Every question that you ask an archive is listed here with its text, its outcome and its rows, so that you can look again, repeat it or change it."
                    shape=Shape::Queries
                >
                    <ButtonLink href=QUERY_PAGE look=Look::Primary>"Ask an archive"</ButtonLink>
                </Empty>
            </Card>
        }
        .into_any();
    }
    let items = queries.into_iter().map(|query| view! { <Item query=query actions=actions/> }).collect_view();
    view! {
        {note}
        {full}
        <Card flush=true>
            <ul class="live">{items}</ul>
            <Pager offset=offset per_page=PER_PAGE total=total noun="queries" href=|offset| format!("/queries?offset={offset}")/>
        </Card>
    }
    .into_any()
}

#[component]
fn Item(query: QueryView, actions: Actions) -> impl IntoView {
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
        <li>
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
        </li>
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
