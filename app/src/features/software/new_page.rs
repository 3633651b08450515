//! The form of one's own container: an image, what it is, and where its interface is. The registry is asked the rest.

use super::api::{KeepContainer, show_container_form};
use super::container::{Container, ContainerForm, NEW_CONTAINER};
use super::container_form::Fields;
use super::sentences;
use crate::error::Error;
use crate::frame::address::sign_in;
use crate::frame::query_string::use_value;
use crate::ui::{ButtonLink, Card, Empty, ErrorBox, Loading, Look, PageError, PageHead, Shape, failure_of};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// The page; for a new one, or for one that is changed.
#[component]
pub fn NewContainerPage() -> impl IntoView {
    let change = use_value("change");
    let form = Resource::new_blocking(move || change.get(), show_container_form);
    let search = use_location().search;
    view! {
        <Transition fallback=Loading>
            {move || Suspend::new(async move {
                match form.await {
                    Ok(form) => {
                        let typed = search.with_untracked(|search| Container::read(search));
                        view! { <Desk form=form typed=typed/> }.into_any()
                    }
                    Err(Error::SignInNeeded) => view! { <Visitor/> }.into_any(),
                    Err(error) => view! { <PageError error=error/> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Desk(form: ContainerForm, typed: Container) -> impl IntoView {
    let changing = form.first.is_some();
    // What came back with a refusal goes before what is kept.
    let first = match &form.first {
        Some(kept) if typed.image.is_empty() => kept.clone(),
        _ => typed,
    };
    let (title, lead) = if changing {
        ("Change your container", sentences::CHANGE_LEAD)
    } else {
        ("Add your own container", sentences::ADD_LEAD)
    };
    let keep = ServerAction::<KeepContainer>::new();
    view! {
        <PageHead title=title lead=move || lead/>
        <ErrorBox error=failure_of(keep)/>
        <Fields form=form first=first keep=keep/>
    }
    .into_any()
}

#[component]
fn Visitor() -> impl IntoView {
    view! {
        <PageHead title="Add your own container" lead=|| sentences::ADD_LEAD/>
        <Card flush=true>
            <Empty title="Sign in to add a container" text=sentences::ADD_VISITOR shape=Shape::Package>
                <ButtonLink href=sign_in(NEW_CONTAINER) look=Look::Primary>"Sign in"</ButtonLink>
            </Empty>
        </Card>
    }
    .into_any()
}
