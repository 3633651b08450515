//! Archives as cards, searchable by what they hold.

use super::api::{ProbeArchive, search_archives};
use super::archive_card::ArchiveCard;
use super::model::ArchiveDetail;
use crate::frame::query_string::use_value;
use crate::text::counted;
use crate::ui::{
    ButtonLink, Card, DataError, Empty, ErrorBox, Loading, PageHead, Shape, SubmitButton, TextInput,
    failure_of,
};
use leptos::prelude::*;
use leptos_router::components::Form;

/// Archives as cards.
#[component]
pub fn DatasetsPage() -> impl IntoView {
    let words = use_value("q");
    let search = Memo::new(move |_| words.with(|words| words.trim().to_owned()));
    let probe = ServerAction::<ProbeArchive>::new();
    let found = Resource::new_blocking(
        move || (search.get(), probe.version().get()),
        |(search, _)| search_archives(search),
    );
    view! {
        <PageHead
            title="Datasets"
            lead=|| "Archives that can be asked from here. Choose one for its tables and columns, or ask it right away."
        >
            <ButtonLink href="/datasets/query">"Ask an archive"</ButtonLink>
        </PageHead>
        <Form method="get" action="/datasets">
            <div class="inline-form search-row" role="search" aria-label="Archives">
                <TextInput name="q" id="q" kind="search" label="Search archives and tables" label_unseen=true value=search maxlength=200
                    placeholder="A word: galaxy, photometry, redshift"/>
                <SubmitButton>"Search"</SubmitButton>
            </div>
        </Form>
        <ErrorBox error=failure_of(probe)/>
        <Transition fallback=Loading>
            {move || Suspend::new(async move {
                match found.await {
                    Ok(found) => view! { <Cards found=found search=search.get_untracked() probe=probe/> }.into_any(),
                    Err(error) => view! { <DataError error=error/> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Cards(found: Vec<ArchiveDetail>, search: String, probe: ServerAction<ProbeArchive>) -> impl IntoView {
    if found.is_empty() {
        return if search.is_empty() {
            view! {
                <Card flush=true>
                    <Empty title="No archives yet" shape=Shape::Database
                        text="This page lists the archives that the operator of this Skyport has configured. There are none: ask them to add some to skyport.toml."/>
                </Card>
            }
            .into_any()
        } else {
            view! {
                <Card flush=true>
                    <Empty title="Nothing found" shape=Shape::Search
                        text="No archive, and no table of an archive that answers, has all of these words. Try fewer or other words.">
                        <ButtonLink href="/datasets">"Show all archives"</ButtonLink>
                    </Empty>
                </Card>
            }
            .into_any()
        };
    }
    let said = (!search.is_empty()).then(|| {
        view! {
            <p class="found" role="status">
                {counted(found.len() as u64, "archive")}" for "<q dir="auto">{search.clone()}</q>" · "
                <a href="/datasets">"Show all"</a>
            </p>
        }
    });
    let cards = found
        .into_iter()
        .map(|detail| view! { <li><ArchiveCard detail=detail search=search.clone() probe=probe/></li> })
        .collect_view();
    view! { {said}<ul class="cards">{cards}</ul> }.into_any()
}
