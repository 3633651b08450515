//! The queries, newest first, and how each of them went.

use super::api::{AskQuery, CancelQuery, RemoveQuery, list_queries, show_limits};
use super::draft::QUERY_PAGE;
use super::model::{LimitsView, QueryView};
use super::queries_item::{Actions, Item};
use super::sentences;
use crate::error::Result;
use crate::frame::address::sign_in;
use crate::frame::app::FrameState;
use crate::frame::query_string::read_pairs;
use crate::ui::{
    ButtonLink, Card, Empty, ErrorBox, Loading, Look, Notice, PageError, PageHead, Pager, Shape, Tone,
};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// How many are on a page; the server gives as many.
const PER_PAGE: u64 = 50;
/// How many are watched as they go on: each holds a connection, and browsers give six to a site.
const MOST_WATCHED: usize = 2;

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
    let ended = Callback::new(move |()| list.refetch());
    let actions = Actions { cancel, remove, ask, ended };
    view! {
        <Transition fallback=Loading>
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
    let mut watched = 0;
    let items = queries.into_iter().map(move |query| {
        watched += usize::from(!query.state.is_over());
        let watch = !query.state.is_over() && watched <= MOST_WATCHED;
        view! { <Item query=query watch=watch actions=actions/> }
    });
    let items = items.collect_view();
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
