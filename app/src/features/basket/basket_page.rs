//! What the user has selected.

use super::api::{EmptyBasket, NoteOnItem, RemoveFromBasket, UndoBasket, show_basket};
use super::basket_item::ItemRow;
use super::basket_tools::{Groups, Tools, UndoNotice, page_address};
use super::model::{BasketItem, BasketView};
use crate::error::Error;
use crate::features::plan::address::USE_BASKET;
use crate::frame::app::FrameState;
use crate::frame::query_string::use_value;
use crate::text::counted;
use crate::ui::{
    Announcer, ButtonLink, Card, DataError, Empty, ErrorBox, Icon, Loading, Look, PageHead, Pager, Shape,
    SubmitButton, failure_of,
};
use leptos::prelude::*;

/// Items on a page.
pub const PER_PAGE: u64 = 50;

/// Everything that changes the basket. All of them work as plain forms too.
#[derive(Clone, Copy)]
pub struct Changes {
    /// Takes ticked items out.
    pub remove: ServerAction<RemoveFromBasket>,
    /// Takes everything out.
    pub empty: ServerAction<EmptyBasket>,
    /// Puts back what was taken out last.
    pub undo: ServerAction<UndoBasket>,
    /// Writes a note.
    pub note: ServerAction<NoteOnItem>,
}

/// What the user has selected.
#[component]
pub fn BasketPage() -> impl IntoView {
    let (archive, offset) = (use_value("archive"), use_value("offset"));
    let offset = Memo::new(move |_| offset.with(|text| text.parse::<u64>().unwrap_or(0)));
    let changes = Changes {
        remove: ServerAction::new(),
        empty: ServerAction::new(),
        undo: ServerAction::new(),
        note: ServerAction::new(),
    };
    let versions = move || {
        changes.remove.version().get()
            + changes.empty.version().get()
            + changes.undo.version().get()
            + changes.note.version().get()
    };
    let (frame, announcer) = (FrameState::get(), Announcer::get());
    Effect::watch(
        versions,
        move |_, _, _| {
            frame.refresh();
            announcer.say("The basket is changed");
        },
        false,
    );
    let basket = Resource::new_blocking(
        move || (archive.get(), offset.get(), versions()),
        |(archive, offset, _)| show_basket(archive, offset),
    );
    view! {
        <PageHead
            title="Basket"
            lead=|| "What you keep of your results, with everything in each row. It stays when you sign out, and is the same on all your devices."
        >
            <Transition>
                {move || frame.view().filter(|view| view.basket > 0).map(|_| view! {
                    <Download format="votable" name="VOTable"/>
                    <Download format="json" name="JSON"/>
                    <ButtonLink href=USE_BASKET look=Look::Primary>"Use in a session"</ButtonLink>
                })}
            </Transition>
        </PageHead>
        <ErrorBox error=failure_of(changes.remove)/>
        <ErrorBox error=failure_of(changes.empty)/>
        <ErrorBox error=failure_of(changes.undo)/>
        <ErrorBox error=failure_of(changes.note)/>
        <Transition fallback=Loading>
            {move || Suspend::new(async move {
                match basket.await {
                    Ok(view) => view! { <Content view=view changes=changes/> }.into_any(),
                    Err(Error::SignInNeeded) => view! { <Visitor/> }.into_any(),
                    Err(error) => view! { <DataError error=error/> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Download(format: &'static str, name: &'static str) -> impl IntoView {
    view! {
        <a class="btn" href=format!("/basket/download?format={format}") rel="external" download="">
            <Icon shape=Shape::Download/><span><span class="unseen">"Download as "</span>{name}</span>
        </a>
    }
}

#[component]
fn Visitor() -> impl IntoView {
    view! {
        <Card flush=true>
            <Empty
                title="Sign in to have a basket"
                text="A basket keeps rows of results, with your notes, for as long as you want them. It belongs to an account, so that you find it again on any device. Asking archives needs none."
                shape=Shape::Basket
            >
                <ButtonLink href="/sign-in?next=%2Fbasket" look=Look::Primary>"Sign in"</ButtonLink>
                <ButtonLink href="/datasets/query">"Ask an archive"</ButtonLink>
            </Empty>
        </Card>
    }
}

#[component]
fn Content(view: BasketView, changes: Changes) -> impl IntoView {
    let undo = (view.undo > 0).then(|| view! { <UndoNotice removed=view.undo undo=changes.undo/> });
    if view.count == 0 {
        return view! {
            {undo}
            <Card flush=true>
                <Empty
                    title="The basket is empty"
                    text="Ask an archive, tick the rows that matter, and press \"Add to basket\". A whole result can go in as one item."
                    shape=Shape::Basket
                >
                    <ButtonLink href="/datasets/query" look=Look::Primary>"Ask an archive"</ButtonLink>
                    <ButtonLink href="/queries">"See your results"</ButtonLink>
                </Empty>
            </Card>
        }
        .into_any();
    }
    let BasketView { count, groups, archive, offset, matching, items, .. } = view;
    let several = groups.len() > 1 || !archive.is_empty();
    let title_of = groups.iter().map(|g| (g.archive.clone(), g.title.clone())).collect::<Vec<_>>();
    let (here, tab) = (archive.clone(), archive.clone());
    let pages = move || {
        let here = here.clone();
        view! {
            <Pager offset=offset per_page=PER_PAGE total=matching noun="items" href=move |at: u64| page_address(&here, at)/>
        }
    };
    let first_page = page_address(&archive, 0);
    let past_the_end = items.is_empty().then(|| {
        view! {
            <Empty title="Nothing on this page" text="Items were removed since." shape=Shape::Basket>
                <ButtonLink href=first_page>"To the first page"</ButtonLink>
            </Empty>
        }
    });
    // Keyed, and made anew with the view: no tick or half-written note passes from an item that is gone to another.
    let row = move |item: BasketItem| {
        let title = title_of.iter().find(|(key, _)| *key == item.archive);
        let title = title.map_or_else(|| item.archive.clone(), |(_, title)| title.clone());
        view! { <ItemRow item=item archive_title=title note=changes.note/> }
    };
    let rows = view! { <For each=move || items.clone() key=|item| item.id.clone() children=row/> };
    view! {
        {undo}
        {several.then(|| view! { <Groups groups=groups count=count archive=tab/> })}
        <section class="card basket">
            <header>
                <h2>{counted(matching, "item")}</h2>
                <div class="more"><Tools archive=archive matching=matching changes=changes/></div>
            </header>
            <ul class="items" id="items">{rows}</ul>
            {past_the_end}
            <footer class="foot">
                <SubmitButton form="remove" small=true pending=changes.remove.pending()>"Remove ticked"</SubmitButton>
                {pages()}
            </footer>
        </section>
    }
    .into_any()
}
