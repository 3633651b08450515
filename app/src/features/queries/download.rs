//! The result as a file.

use super::result_rows::Rows;
use crate::text::counted;
use crate::ui::{Menu, Shape};
use leptos::prelude::*;

/// Format in the address, its name, and what it is good for.
const FORMATS: [(&str, &str, &str); 3] = [
    ("votable", "VOTable", "with units and meaning, for TOPCAT, Aladin, astropy"),
    ("csv", "CSV", "for spreadsheets"),
    ("parquet", "Parquet", "small and quick, for pandas, polars, DuckDB"),
];

/// The menu.
#[component]
pub fn Download(
    /// The rows.
    rows: Rows,
) -> impl IntoView {
    let (id, count) = rows.query.with_value(|q| (q.id.clone(), q.rows));
    let entries = FORMATS.map(|(format, name, use_of)| {
        let href = format!("/queries/{id}/download?format={format}");
        view! { <li><a href=href rel="external" download="">{name}<span class="hint">{use_of}</span></a></li> }
    });
    view! {
        <Menu label="Download" shape=Shape::Download small=true right=true>
            {entries.collect_view()}
            <li class="hint note">{format!("The whole result, {}: filters, order and choice of columns are not applied.", counted(count, "row"))}</li>
        </Menu>
    }
}
