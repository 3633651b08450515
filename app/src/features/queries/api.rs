//! Server functions of queries and results.

#![expect(missing_docs, reason = "the macro turns documented arguments into undocumented fields")]

use super::model::{
    CompletionView, LimitsView, PlotQuestion, PlotView, QueryView, Target, WindowQuestion, WindowView,
};
use crate::error::{AdqlFault, Result};
use leptos::prelude::*;
use server_fn::codec::Json;

/// Asks a question and goes to its page.
#[server(endpoint = "queries/ask")]
pub async fn ask_query(archive: String, adql: String, #[server(default)] title: String) -> Result<String> {
    let (caller, ports) = crate::asking::asked()?;
    let query = ports.queries.ask(&caller, super::model::Question { archive, adql, title }).await?;
    leptos_axum::redirect(&format!("/queries/{}", query.id));
    Ok(query.id)
}

/// The same as a plain form, for pages without JavaScript: a text that fails comes back with the page, not lost.
#[server(endpoint = "queries/ask_form")]
pub async fn ask_query_form(archive: String, #[server(default)] adql: String) -> Result<()> {
    let (caller, ports) = crate::asking::asked()?;
    let question =
        super::model::Question { archive: archive.clone(), adql: adql.clone(), title: String::new() };
    let to = match ports.queries.ask(&caller, question).await {
        Ok(query) => format!("/queries/{}", query.id),
        Err(error) => super::draft::Draft::of_text(&archive, &adql).failed_address::<AskQueryForm>(error),
    };
    leptos_axum::redirect(&to);
    Ok(())
}

/// The caller's queries from `offset`, and how many there are.
#[server(endpoint = "queries/list")]
pub async fn list_queries(offset: u64) -> Result<(Vec<QueryView>, u64)> {
    let (caller, ports) = crate::asking::asked()?;
    ports.queries.list(&caller, offset).await
}

/// One of the caller's queries.
#[server(endpoint = "queries/show")]
pub async fn show_query(id: String) -> Result<QueryView> {
    let (caller, ports) = crate::asking::asked()?;
    ports.queries.show(&caller, &id).await
}

/// Stops a query.
#[server(endpoint = "queries/cancel")]
pub async fn cancel_query(id: String) -> Result<QueryView> {
    let (caller, ports) = crate::asking::asked()?;
    ports.queries.cancel(&caller, &id).await
}

/// Removes a query and its result.
#[server(endpoint = "queries/remove")]
pub async fn remove_query(id: String) -> Result<()> {
    let (caller, ports) = crate::asking::asked()?;
    ports.queries.remove(&caller, &id).await?;
    leptos_axum::redirect("/queries");
    Ok(())
}

/// Some rows of a result.
#[server(endpoint = "queries/window", input = Json)]
pub async fn show_window(id: String, question: WindowQuestion) -> Result<WindowView> {
    let (caller, ports) = crate::asking::asked()?;
    ports.queries.window(&caller, &id, question).await
}

/// A picture of one or two columns.
#[server(endpoint = "queries/plot", input = Json)]
pub async fn show_plot(id: String, question: PlotQuestion) -> Result<PlotView> {
    let (caller, ports) = crate::asking::asked()?;
    ports.queries.plot(&caller, &id, question).await
}

/// The first fault in a text, where it can be told.
#[server(endpoint = "queries/check")]
pub async fn check_adql(archive: String, adql: String) -> Result<Option<AdqlFault>> {
    let (caller, ports) = crate::asking::asked()?;
    ports.queries.check(&caller, &archive, &adql).await
}

/// What may stand at a place in a text.
#[server(endpoint = "queries/complete")]
pub async fn complete_adql(archive: String, adql: String, at: usize) -> Result<Vec<CompletionView>> {
    let (caller, ports) = crate::asking::asked()?;
    ports.queries.complete(&caller, &archive, &adql, at).await
}

/// The target that a name or a pair of coordinates stands for.
#[server(endpoint = "queries/resolve")]
pub async fn resolve_target(text: String) -> Result<Target> {
    let (caller, ports) = crate::asking::asked()?;
    ports.queries.resolve(&caller, &text).await
}

/// The limits that apply to the caller.
#[server(endpoint = "queries/limits")]
pub async fn show_limits() -> Result<LimitsView> {
    let (caller, ports) = crate::asking::asked()?;
    ports.queries.limits(&caller).await
}
