//! The catalogue: cards, a search over everything, and what it can be narrowed by. All of it is in the address.

use super::address;
use super::api::{SetFavourite, search_software};
use super::card::Card as SoftwareCard;
use super::container::NEW_CONTAINER;
use super::facets::Facets;
use super::model::{Found, LONGEST_WORDS, Only, PER_PAGE, Question};
use super::sentences;
use crate::text::counted;
use crate::ui::{
    ButtonLink, Card, DataError, Empty, ErrorBox, Loading, PageHead, Pager, Shape, SubmitButton, TextInput,
    failure_of,
};
use leptos::prelude::*;
use leptos_router::components::Form;
use leptos_router::hooks::use_location;

/// The catalogue.
#[component]
pub fn SoftwarePage() -> impl IntoView {
    let search = use_location().search;
    let question = Memo::new(move |_| search.with(|search| address::read(search)));
    let favourite = ServerAction::<SetFavourite>::new();
    let found = Resource::new_blocking(
        move || (question.get(), favourite.version().get()),
        |(question, _)| search_software(question),
    );
    let words = Signal::derive(move || question.with(|question| question.words.clone()));
    // What narrows the search stays when other words are looked for.
    let kept = move || {
        let pairs =
            question.with(|q| address::pairs(&Question { words: String::new(), offset: 0, ..q.clone() }));
        pairs
            .into_iter()
            .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
            .collect_view()
    };
    view! {
        <PageHead title="Software" lead=|| sentences::LEAD>
            <ButtonLink href=NEW_CONTAINER>"Add your own container"</ButtonLink>
        </PageHead>
        <Form method="get" action=address::SOFTWARE>
            <div class="inline-form search-row" role="search" aria-label="Software">
                <TextInput name="q" id="q" kind="search" label="Search software" label_unseen=true value=words maxlength=LONGEST_WORDS
                    placeholder="A name, a task, a version: casa, notebook, topcat"/>
                <SubmitButton>"Search"</SubmitButton>
            </div>
            {kept}
        </Form>
        <ErrorBox error=failure_of(favourite)/>
        <Transition fallback=Loading>
            {move || Suspend::new(async move {
                match found.await {
                    Ok(found) => {
                        let question = question.get_untracked();
                        view! { <Browse found=found question=question favourite=favourite/> }.into_any()
                    }
                    Err(error) => view! { <DataError error=error/> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Browse(found: Found, question: Question, favourite: ServerAction<SetFavourite>) -> impl IntoView {
    let Found { cards, found, total, facets, signed_in } = found;
    let said = said(&question, found, total);
    let list = if cards.is_empty() {
        nothing(&question, total)
    } else {
        let cards = cards
            .into_iter()
            .map(|card| view! { <li><SoftwareCard card=card signed_in=signed_in favourite=favourite/></li> })
            .collect_view();
        view! { <ul class="cards">{cards}</ul> }.into_any()
    };
    let (offset, asked) = (question.offset, question.clone());
    let at = move |offset| address::write(&Question { offset, ..asked.clone() });
    view! {
        <div class="catalogue">
            <Facets facets=facets question=question signed_in=signed_in/>
            <div class="results">
                {said}
                {list}
                <Pager offset=offset per_page=PER_PAGE total=found noun="software" href=at/>
            </div>
        </div>
    }
    .into_any()
}

/// How many there are, of what.
fn said(question: &Question, found: u64, total: u64) -> impl IntoView + use<> {
    let narrowed = address::is_narrowed(question) || !question.words.is_empty();
    let count = if narrowed {
        format!("{} of {}", crate::text::count(found), counted(total, "container"))
    } else {
        counted(total, "container")
    };
    let words =
        (!question.words.is_empty()).then(|| view! { " for "<q dir="auto">{question.words.clone()}</q> });
    let all = narrowed.then(|| view! { " · "<a href=address::SOFTWARE>"Show all"</a> });
    view! { <p class="found" role="status">{count}{words}{all}</p> }
}

fn nothing(question: &Question, total: u64) -> AnyView {
    let bare = question.words.is_empty() && question.kind.is_none() && question.tags.is_empty();
    let (title, text, shape) = match question.only {
        _ if total == 0 => ("No software yet", sentences::NOTHING, Shape::Package),
        Only::Favourites if bare => ("No favourites yet", sentences::NO_FAVOURITES, Shape::Star),
        Only::Recent if bare => ("Nothing used yet", sentences::NOTHING_USED, Shape::Package),
        Only::Mine if bare => ("Nothing of your own yet", sentences::NOTHING_MINE, Shape::Package),
        _ => ("Nothing found", sentences::NOT_FOUND, Shape::Search),
    };
    let all =
        (total > 0).then(|| view! { <ButtonLink href=address::SOFTWARE>"Show all software"</ButtonLink> });
    view! { <Card flush=true><Empty title=title text=text shape=shape>{all}</Empty></Card> }.into_any()
}
