//! One entry of the catalogue: what it is for, its versions, what it needs, and how it is opened.

use super::address::SOFTWARE;
use super::api::{FeatureContainer, RemoveContainer, SetFavourite, show_software};
use super::card::{Star, shape_of};
use super::facts::{About, Labels, Needs};
use super::model::SoftwareView;
use super::owner_actions::{Changes, OwnerActions};
use super::sentences;
use super::versions::Versions;
use super::where_card::{WhereCard, ask_sites};
use crate::error::Result;
use crate::features::plan::{address::plan_of, model::PlanView};
use crate::ui::{ButtonLink, Card, ErrorBox, Icon, Loading, Look, PageError, PageHead, Shape, failure_of};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// The page.
#[component]
pub fn EntryPage() -> impl IntoView {
    let params = use_params_map();
    let name = Memo::new(move |_| params.with(|p| p.get("name").unwrap_or_default()));
    let favourite = ServerAction::<SetFavourite>::new();
    let changes = Changes {
        remove: ServerAction::<RemoveContainer>::new(),
        feature: ServerAction::<FeatureContainer>::new(),
    };
    let entry = Resource::new_blocking(
        move || (name.get(), favourite.version().get(), changes.feature.version().get()),
        |(name, ..)| async move {
            let view = show_software(name.clone()).await?;
            let places = ask_sites(name, view.card.minimum).await;
            Ok((view, places))
        },
    );
    view! {
        <Transition fallback=Loading>
            {move || Suspend::new(async move {
                match entry.await {
                    Ok((view, places)) => view! { <Entry view=view places=places favourite=favourite changes=changes/> }.into_any(),
                    Err(error) => view! { <PageError error=error/> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Entry(
    view: SoftwareView,
    places: Result<PlanView>,
    favourite: ServerAction<SetFavourite>,
    changes: Changes,
) -> impl IntoView {
    let card = view.card.clone();
    let lead = card.purpose.clone();
    let star = view.signed_in.then(|| {
        view! { <Star name=card.name.clone() title=card.title.clone() chosen=card.favourite words=true favourite=favourite/> }
    });
    let whose = sentences::seen_by(&card.origin).map(|words| view! { <span dir="auto">{words}</span> });
    let featured = card.featured.then(|| view! { <span class="featured">"Featured"</span> });
    let about = if view.description.is_empty() {
        view! { <p class="quiet-text">{sentences::NO_DESCRIPTION}</p> }.into_any()
    } else {
        // Made of Markdown by the server, which lets nothing but plain structure through.
        view! { <div class="prose" dir="auto" inner_html=view.description.clone()></div> }.into_any()
    };
    let (labels, acted_on) = (view.labels.clone(), view.clone());
    view! {
        <PageHead title=card.title.clone() lead=move || view! { <span dir="auto">{lead.clone()}</span> }>
            <OwnerActions view=acted_on changes=changes/>
            {star}
            <ButtonLink href=plan_of(&card.name, &card.version) look=Look::Primary><Icon shape=Shape::Play/>"Run this"</ButtonLink>
        </PageHead>
        <p class="entry-facts">
            <span class="kind"><Icon shape=shape_of(card.kind)/>{card.kind.word()}</span>
            {featured}
            {whose}
            <a href=SOFTWARE>"All software"</a>
        </p>
        <ErrorBox error=failure_of(favourite)/>
        <ErrorBox error=failure_of(changes.remove)/>
        <ErrorBox error=failure_of(changes.feature)/>
        <div class="grid">
            <div class="c8 stack">
                <Card title="What it is">{about}</Card>
                <Versions image=view.image.clone() versions=view.versions.clone()/>
            </div>
            <div class="c4 stack">
                <WhereCard answer=places/>
                <Needs view=view.clone()/>
                <About view=view/>
                <Labels labels=labels/>
            </div>
        </div>
    }
    .into_any()
}
