//! An entry as a card: what it is for, what it is, its newest version, and the star that makes it a favourite.

use super::api::SetFavourite;
use super::model::{Kind, SoftwareCard};
use super::sentences;
use crate::features::plan::address::plan_of;
use crate::frame::address::escape;
use crate::ui::{Icon, Look, Shape, SubmitButton};
use leptos::prelude::*;

/// The picture of a kind.
pub fn shape_of(kind: Kind) -> Shape {
    match kind {
        Kind::Notebook => Shape::Notebook,
        Kind::Desktop => Shape::Monitor,
        Kind::WebApp => Shape::Globe,
        Kind::Batch => Shape::Queries,
    }
}

/// The page of an entry.
pub fn page_of(name: &str) -> String {
    format!("{}/{}", super::address::SOFTWARE, escape(name))
}

/// The star, for whoever is signed in.
#[component]
pub fn Star(
    /// The entry's name.
    name: String,
    /// What it is called.
    title: String,
    /// Whether it is a favourite now.
    chosen: bool,
    /// Whether there are words beside the star.
    #[prop(optional)]
    words: bool,
    /// Changes it.
    favourite: ServerAction<SetFavourite>,
) -> impl IntoView {
    let said = match (chosen, words) {
        (true, true) => view! { "In your favourites" }.into_any(),
        (false, true) => view! { "Add to favourites" }.into_any(),
        (true, false) => {
            view! { <span class="unseen">{format!("Remove {title} from your favourites")}</span> }.into_any()
        }
        (false, false) => {
            view! { <span class="unseen">{format!("Add {title} to your favourites")}</span> }.into_any()
        }
    };
    view! {
        <ActionForm action=favourite attr:class=if chosen { "star chosen" } else { "star" }>
            <input type="hidden" name="name" value=name/>
            <input type="hidden" name="favourite" value=(!chosen).to_string()/>
            <SubmitButton look=if words { Look::Plain } else { Look::Quiet } small=!words pending=favourite.pending()>
                <Icon shape=Shape::Star/>{said}
            </SubmitButton>
        </ActionForm>
    }
    .into_any()
}

/// The card.
#[component]
pub fn Card(
    /// The entry.
    card: SoftwareCard,
    /// Whether somebody is signed in.
    signed_in: bool,
    /// Changes whether it is a favourite.
    favourite: ServerAction<SetFavourite>,
) -> impl IntoView {
    let SoftwareCard {
        name,
        title,
        purpose,
        kind,
        version,
        versions,
        tags,
        domain,
        minimum,
        featured,
        favourite: chosen,
        origin,
    } = card;
    let seen_by = sentences::seen_by(&origin).map(
        |words| view! { <span class="whose"><Icon shape=Shape::User/><span dir="auto">{words}</span></span> },
    );
    let star = signed_in.then(|| {
        view! { <Star name=name.clone() title=title.clone() chosen=chosen favourite=favourite/> }
    });
    let (run, called) = (plan_of(&name, &version), title.clone());
    let marks = featured.then(|| view! { <span class="featured">"Featured"</span> });
    let needs = sentences::resources(&minimum).map(|needs| view! { <span>{format!("from {needs}")}</span> });
    let tags: Vec<_> = std::iter::once(domain).filter(|d| !d.is_empty()).chain(tags).collect();
    let tags = tags.into_iter().map(|tag| view! { <li dir="auto">{tag}</li> }).collect_view();
    view! {
        <article class="card software">
            <header>
                <Icon shape=shape_of(kind)/>
                <h2><a href=page_of(&name) dir="auto">{title}</a></h2>
                <div class="more">{marks}{star}</div>
            </header>
            <div class="body">
                <p class="purpose" dir="auto">{purpose}</p>
                <ul class="tags">{tags}</ul>
                <p class="facts">
                    <span>{kind.word()}</span>
                    <span dir="auto">{sentences::versions(&version, versions)}</span>
                    {needs}
                    {seen_by}
                    <a class="run-it" href=run><Icon shape=Shape::Play/><span>"Run this"<span class="unseen">": "<bdi>{called}</bdi></span></span></a>
                </p>
            </div>
        </article>
    }
    .into_any()
}
