//! Server functions of software.

#![expect(missing_docs, reason = "the macro turns documented arguments into undocumented fields")]

use super::model::{Found, Question, SoftwareView};
use crate::error::Result;
use leptos::prelude::*;

/// A page of what is found in the catalogue.
#[server(endpoint = "software/search")]
pub async fn search_software(#[server(default)] question: Question) -> Result<Found> {
    let (caller, ports) = crate::asking::asked()?;
    ports.software.search(&caller, &question).await
}

/// One entry.
#[server(endpoint = "software/show")]
pub async fn show_software(name: String) -> Result<SoftwareView> {
    let (caller, ports) = crate::asking::asked()?;
    ports.software.show(&caller, &name).await
}

/// Makes an entry a favourite, or no longer.
#[server(endpoint = "software/favourite")]
pub async fn set_favourite(name: String, favourite: bool) -> Result<()> {
    let (caller, ports) = crate::asking::asked()?;
    caller.user()?;
    ports.software.set_favourite(&caller, &name, favourite).await
}
