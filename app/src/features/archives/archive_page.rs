//! An archive's tables, and the columns of one of them.

use super::api::{ProbeArchive, show_archive, show_table};
use super::archive_card::{ArchiveStateDetail, ArchiveStateWord, ProbeForm};
use super::columns_card::{ColumnsCard, NoTableCard};
use super::model::{ArchiveDetail, ArchiveState, TableView};
use super::tables_card::TablesCard;
use crate::error::{Error, Result};
use crate::frame::address::escape;
use crate::frame::query_string::use_value;
use crate::ui::{
    ButtonLink, Card, Copy, DataError, ErrorBox, Loading, Look, PageError, PageHead, failure_of,
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// An archive's tables and columns.
#[component]
pub fn ArchivePage() -> impl IntoView {
    let (params, words, table) = (use_params_map(), use_value("q"), use_value("table"));
    let archive = Memo::new(move |_| params.read().get("archive").unwrap_or_default());
    let search = Memo::new(move |_| words.with(|words| words.trim().to_owned()));
    let table = Memo::new(move |_| Some(table.get()).filter(|table| !table.is_empty()));
    let probe = ServerAction::<ProbeArchive>::new();
    let detail = Resource::new_blocking(
        move || (archive.get(), search.get(), probe.version().get()),
        |(archive, search, _)| show_archive(archive, search),
    );
    let columns = Resource::new_blocking(
        move || (archive.get(), table.get()),
        |(archive, table)| async move {
            match table {
                Some(table) => show_table(archive, table).await.map(Some),
                None => Ok(None),
            }
        },
    );
    view! {
        <ErrorBox error=failure_of(probe)/>
        <Transition fallback=Loading>
            {move || Suspend::new(async move {
                let (detail, columns) = (detail.await, columns.await);
                match detail {
                    Ok(detail) => view! {
                        <Found detail=detail columns=columns search=search.get_untracked() chosen=table.get_untracked() probe=probe/>
                    }
                    .into_any(),
                    Err(error @ Error::Archive(_)) => view! {
                        <PageError error=error/>
                        <div class="page-error act"><ProbeForm archive=archive.get_untracked() probe=probe again=true/></div>
                    }
                    .into_any(),
                    Err(error) => view! { <PageError error=error/> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Found(
    detail: ArchiveDetail,
    columns: Result<Option<TableView>>,
    search: String,
    chosen: Option<String>,
    probe: ServerAction<ProbeArchive>,
) -> impl IntoView {
    let ArchiveDetail { archive, tables, matching, credit } = detail;
    let key = archive.name.clone();
    let ask = format!("/datasets/query?archive={}", escape(&key));
    let answering = matches!(archive.state, ArchiveState::Answering { .. });
    let again = !matches!(archive.state, ArchiveState::NotTried);
    let columns = match columns {
        Ok(Some(table)) => view! { <ColumnsCard archive=key.clone() view=table/> }.into_any(),
        Ok(None) => view! { <NoTableCard/> }.into_any(),
        Err(error) => view! { <Card title="Columns"><DataError error=error/></Card> }.into_any(),
    };
    view! {
        <PageHead title=archive.title lead=move || archive.sentence.clone()>
            <ButtonLink href=ask look=Look::Primary>"Ask this archive"</ButtonLink>
        </PageHead>
        <div class="archive-facts">
            <ArchiveStateWord state=archive.state.clone()/>
            <ArchiveStateDetail state=archive.state/>
            {archive.address.map(|address| view! {
                <span class="copyable"><code>{address.clone()}</code><Copy text=address what="address"/></span>
            })}
            {credit.map(|credit| view! { <span class="quiet-text">"Source: "{credit}</span> })}
            {(!answering).then(|| view! { <ProbeForm archive=key.clone() probe=probe again=again/> })}
        </div>
        <div class="grid">
            <TablesCard archive=key tables=tables matching=matching known=archive.tables search=search chosen=chosen.clone()/>
            <div class=if chosen.is_some() { "c8 chosen" } else { "c8" }>{columns}</div>
        </div>
    }
    .into_any()
}
