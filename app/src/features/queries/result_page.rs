//! One query: where it stands while it runs, why it ended, and the rows that it answered with.

use super::api::{show_plot, show_query, show_window};
use super::model::{PlotView, QueryState, QueryView, WindowView};
use super::plot_view::{Plot, axes};
use super::progress::{Progress, follow};
use super::result_address::{PAGE_ROWS, ResultAddress};
use super::result_facts::{AskedText, Ending, Facts};
use super::result_table::ResultTable;
use super::sentences;
use crate::error::Result;
use crate::features::basket::api::remembered_selection;
use crate::frame::app::FrameState;
use crate::selection::Selection;
use crate::ui::{ButtonLink, Loading, PageError, PageHead, StateWord};
use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_params_map};
use serde::{Deserialize, Serialize};

/// What the page needs at first.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct FirstLook {
    query: QueryView,
    window: Option<Result<WindowView>>,
    plot: Option<Result<PlotView>>,
    remembered: Option<Selection>,
}

async fn look(id: String, address: ResultAddress, frame: Option<FrameState>) -> Result<FirstLook> {
    let query = show_query(id.clone()).await?;
    if !query.has_result {
        return Ok(FirstLook { query, window: None, plot: None, remembered: None });
    }
    let question = address.sound(&query.columns).window(address.offset, PAGE_ROWS, &query.columns);
    let plot = axes(&address, &query.columns).map(|(x, y)| address.sound(&query.columns).plot(x, y));
    let (window, plot, remembered) = futures::join!(
        show_window(id.clone(), question),
        async {
            match plot {
                Some(plot) => Some(show_plot(id.clone(), plot).await),
                None => None,
            }
        },
        remembered(id.clone(), frame)
    );
    Ok(FirstLook { query, window: Some(window), plot, remembered })
}

/// What a visitor had selected before signing in and has not added since; asked only once they are signed in.
async fn remembered(id: String, frame: Option<FrameState>) -> Option<Selection> {
    let signed_in = frame?.0.await.is_ok_and(|frame| frame.name.is_some());
    if signed_in { remembered_selection(id).await.ok().flatten() } else { None }
}

/// The page.
#[component]
pub fn ResultPage() -> impl IntoView {
    let (params, search) = (use_params_map(), use_location().search);
    let frame = use_context::<FrameState>();
    let id = Memo::new(move |_| params.with(|p| p.get("id").unwrap_or_default()));
    let first = Resource::new_blocking(
        move || id.get(),
        move |id| look(id, ResultAddress::read(&search.get_untracked()), frame),
    );
    view! {
        <Suspense fallback=Loading>
            {move || Suspend::new(async move {
                match first.await {
                    Ok(first) => view! { <OneQuery first=first/> }.into_any(),
                    Err(error) => view! { <PageError error=error/> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn OneQuery(first: FirstLook) -> impl IntoView {
    let FirstLook { query, window, plot, remembered } = first;
    let title = query.title.clone();
    let ask_again = super::draft::Draft::of_text(&query.archive, &query.adql).address();
    let query = RwSignal::new(query);
    follow(query);
    let state = Memo::new(move |_| query.with(|q| q.state));
    let has_result = Memo::new(move |_| query.with(|q| q.has_result && q.state.is_over()));
    let rows = StoredValue::new((window, plot, remembered));
    let lead = move || {
        view! {
            <p class="state-line">
                {move || view! { <StateWord tone=sentences::tone(state.get()) word=state.get().word()/> }}
                <span>{move || query.with(|q| q.archive_title.clone())}</span>
                <span>{move || query.with(sentences::numbers)}</span>
            </p>
        }
    };
    view! {
        <PageHead title=title lead=lead>
            {move || {
                let ended_well = matches!(state.get(), QueryState::Completed | QueryState::Queued | QueryState::Running);
                ended_well.then(|| view! { <ButtonLink href=ask_again.clone()>"Edit and ask again"</ButtonLink> })
            }}
        </PageHead>
        {move || (!state.get().is_over()).then(|| view! { <Progress query=query/> })}
        {move || state.get().is_over().then(|| view! { <Ending query=query.get_untracked()/> })}
        {move || {
            has_result
                .get()
                .then(|| {
                    // Taken once: a query that ends while it is watched asks for its own.
                    let (window, plot, remembered) = rows.try_update_value(|r| (r.0.take(), r.1.take(), r.2.take())).unwrap_or_default();
                    view! { <Rows query=query.get_untracked() window=window plot=plot remembered=remembered/> }
                })
        }}
        <div class="grid about">
            <AskedText query=query/>
            <Facts query=query/>
        </div>
    }
    .into_any()
}

#[component]
fn Rows(
    query: QueryView,
    #[prop(optional_no_strip)] window: Option<Result<WindowView>>,
    #[prop(optional_no_strip)] plot: Option<Result<PlotView>>,
    #[prop(optional_no_strip)] remembered: Option<Selection>,
) -> impl IntoView {
    let state = super::result_rows::Rows::new(query, window, remembered);
    state.follow();
    let plottable = state.query.with_value(|q| q.rows > 0 && q.columns.iter().any(|c| c.kind.is_numeric()));
    view! {
        <div class="grid">
            <ResultTable rows=state span=if plottable { "c8" } else { "c12" }/>
            {plottable.then(|| view! { <Plot rows=state first=plot/> })}
        </div>
    }
    .into_any()
}
