//! Server functions of the basket.

#![expect(missing_docs, reason = "the macro turns documented arguments into undocumented fields")]

use super::model::{Added, Addition, BasketView};
use crate::error::Result;
use crate::selection::Selection;
use leptos::prelude::*;
use server_fn::codec::Json;

/// Adds rows or a whole result.
#[server(endpoint = "basket/add", input = Json)]
pub async fn add_to_basket(add: Addition) -> Result<Added> {
    let (caller, ports) = crate::asking::asked()?;
    ports.basket.add(&caller, add).await
}

/// The same as a plain form, for pages without JavaScript: `what` is `rows`, `matching` or `result`; `rows` are the
/// ticked rows; `filters` is the page's filter text. A visitor is sent to sign in and comes back to `next`.
#[server(endpoint = "basket/add_form")]
pub async fn add_to_basket_form(
    query: String,
    what: String,
    #[server(default)] rows: Vec<String>,
    #[server(default)] filters: String,
    next: String,
) -> Result<()> {
    use super::model::AddWhat;
    use crate::error::Error;
    use crate::features::queries::filter::Filter;
    let (caller, ports) = crate::asking::asked()?;
    let what = match what.as_str() {
        "rows" => AddWhat::Rows(
            rows.join(",").parse::<Selection>().map_err(|e| Error::field("rows", e.to_string()))?,
        ),
        "matching" => AddWhat::Matching(Filter::parse_all(&filters).map_err(|e| Error::field("filters", e))?),
        "result" => AddWhat::WholeResult,
        _ => return Err(Error::StaleForm),
    };
    match ports.basket.add(&caller, Addition { query, what }).await {
        Ok(added) => leptos_axum::redirect(&crate::frame::address::with_notice(&next, added)),
        Err(Error::SignInNeeded) => leptos_axum::redirect(&crate::frame::address::sign_in(&next)),
        Err(other) => return Err(other),
    }
    Ok(())
}

/// The rows that a visitor wanted to add before signing in.
#[server(endpoint = "basket/remembered")]
pub async fn remembered_selection(query: String) -> Result<Option<Selection>> {
    let (caller, ports) = crate::asking::asked()?;
    ports.basket.remembered(&caller, &query).await
}

/// One page of the basket.
#[server(endpoint = "basket/show")]
pub async fn show_basket(#[server(default)] archive: String, offset: u64) -> Result<BasketView> {
    let (caller, ports) = crate::asking::asked()?;
    caller.user()?;
    ports.basket.show(&caller, &archive, offset).await
}

/// Removes items.
#[server(endpoint = "basket/remove")]
pub async fn remove_from_basket(#[server(default)] items: Vec<String>) -> Result<BasketView> {
    let (caller, ports) = crate::asking::asked()?;
    caller.user()?;
    if items.is_empty() {
        let sentence =
            "Nothing is ticked. Tick the items that should go, then press \"Remove ticked\" again.";
        return Err(crate::error::Error::field("items", sentence));
    }
    ports.basket.remove(&caller, items).await
}

/// Empties the basket, or one archive's part of it.
#[server(endpoint = "basket/empty")]
pub async fn empty_basket(#[server(default)] archive: String) -> Result<BasketView> {
    let (caller, ports) = crate::asking::asked()?;
    caller.user()?;
    ports.basket.empty(&caller, &archive).await
}

/// Puts back what was removed last.
#[server(endpoint = "basket/undo")]
pub async fn undo_basket() -> Result<BasketView> {
    let (caller, ports) = crate::asking::asked()?;
    caller.user()?;
    ports.basket.undo(&caller).await
}

/// Writes a note on an item.
#[server(endpoint = "basket/note")]
pub async fn note_on_item(item: String, #[server(default)] note: String) -> Result<()> {
    let (caller, ports) = crate::asking::asked()?;
    caller.user()?;
    ports.basket.note(&caller, &item, note).await
}
