//! What one does with a basket as a whole: look at one archive's part, take out, put back.

use super::api::UndoBasket;
use super::basket_page::Changes;
use super::model::BasketGroup;
use crate::frame::address::escape;
use crate::text::{count, counted};
use crate::ui::{Button, Confirm, Look, Notice, SubmitButton, Tab, Tabs, Tone, browser};
use leptos::prelude::*;

/// The address of a page of the basket.
pub fn page_address(archive: &str, offset: u64) -> String {
    match (archive, offset) {
        ("", 0) => "/basket".to_owned(),
        ("", at) => format!("/basket?offset={at}"),
        (archive, 0) => format!("/basket?archive={}", escape(archive)),
        (archive, at) => format!("/basket?archive={}&offset={at}", escape(archive)),
    }
}

/// One tab for all, one for each archive.
#[component]
pub fn Groups(
    /// Items by archive.
    groups: Vec<BasketGroup>,
    /// Items in all.
    count: u64,
    /// The archive whose items are shown; all where empty.
    archive: String,
) -> impl IntoView {
    let tabs = groups
        .into_iter()
        .map(|group| {
            let href = page_address(&group.archive, 0);
            view! { <Tab href=href current=group.archive == archive count=Some(group.count)><bdi>{group.title}</bdi></Tab> }
        })
        .collect_view();
    view! {
        <Tabs label="Archives">
            <Tab href="/basket" current=archive.is_empty() count=Some(count)>"All"</Tab>
            {tabs}
        </Tabs>
    }
    .into_any()
}

/// Says what was taken out, and puts it back.
#[component]
pub fn UndoNotice(
    /// How many items.
    removed: u64,
    /// Puts them back.
    undo: ServerAction<UndoBasket>,
) -> impl IntoView {
    view! {
        <Notice tone=Tone::Waiting>
            <span>{format!("{} removed.", counted(removed, "item"))}</span>
            <ActionForm action=undo>
                <SubmitButton small=true pending=undo.pending()>{if removed == 1 { "Put it back" } else { "Put them back" }}</SubmitButton>
            </ActionForm>
        </Notice>
    }
    .into_any()
}

/// Removing, ticked ones or all. The ticks are fields of the form `remove`, wherever they stand.
#[component]
pub fn Tools(
    /// The archive whose items are shown; all where empty.
    archive: String,
    /// How many of them there are.
    matching: u64,
    /// What changes the basket.
    changes: Changes,
) -> impl IntoView {
    let (label, what) = if archive.is_empty() {
        ("Empty the basket", format!("All {} items and their notes are removed.", count(matching)))
    } else {
        (
            "Remove all of this archive",
            format!("{} of this archive and their notes are removed.", counted(matching, "item")),
        )
    };
    view! {
        <Button small=true on:click=|_| browser::tick_all("#items input[type=checkbox]")>"Tick all here"</Button>
        <ActionForm action=changes.remove attr:id="remove">
            <SubmitButton small=true pending=changes.remove.pending()>"Remove ticked"</SubmitButton>
        </ActionForm>
        <Confirm label=label question=format!("{what} You can put them back until the next change.") small=true>
            <ActionForm action=changes.empty>
                <input type="hidden" name="archive" value=archive/>
                <SubmitButton look=Look::Danger pending=changes.empty.pending()>{format!("Remove {}", counted(matching, "item"))}</SubmitButton>
            </ActionForm>
        </Confirm>
    }
    .into_any()
}
