//! Server functions of software.

#![expect(missing_docs, reason = "the macro turns documented arguments into undocumented fields")]

use super::container::{Container, ContainerForm};
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

/// What the form of one's own container offers; `change` names the one that is changed.
#[server(endpoint = "software/form")]
pub async fn show_container_form(#[server(default)] change: String) -> Result<ContainerForm> {
    let (caller, ports) = crate::asking::asked()?;
    caller.user()?;
    ports.software.form(&caller, &change).await
}

/// Asks the registry, keeps the container and goes to its page. A form that was sent without JavaScript and is refused
/// comes back with what was typed.
#[server(endpoint = "software/keep")]
pub async fn keep_container(container: Container) -> Result<String> {
    let (caller, ports) = crate::asking::asked()?;
    caller.user()?;
    let kept = ports.software.keep(&caller, container.clone()).await;
    let name = kept.inspect_err(|error| super::container::come_back::<KeepContainer>(&container, error))?;
    let page = super::card::page_of(&name);
    leptos_axum::redirect(&page);
    Ok(page)
}

/// Deletes one of the caller's own containers and goes to the catalogue.
#[server(endpoint = "software/remove")]
pub async fn remove_container(name: String) -> Result<()> {
    let (caller, ports) = crate::asking::asked()?;
    caller.user()?;
    ports.software.remove(&caller, &name).await?;
    leptos_axum::redirect("/software?show=mine");
    Ok(())
}

/// Shows a user's container to everybody, or no longer; for operators. `mark` is the one of the page that they look at.
#[server(endpoint = "software/feature")]
pub async fn feature_container(name: String, featured: bool, #[server(default)] mark: String) -> Result<()> {
    let (caller, ports) = crate::asking::asked()?;
    caller.user()?;
    ports.software.feature(&caller, &name, featured, &mark).await
}
