//! A user's access keys: the list, adding one, having one made.

use super::add_form::AddForm;
use super::api::{AddKey, AddKeyForm, RemoveKey, list_keys};
use super::key_item::Item;
use super::make_card::MakeCard;
use super::model::KeysView;
use super::sentences;
use crate::error::Error;
use crate::frame::address::escape;
use crate::frame::app::FrameState;
use crate::frame::query_string::use_value;
use crate::text::counted;
use crate::ui::{
    Announcer, ButtonLink, Card, DataError, Empty, ErrorBox, Loading, Look, Notice, PageHead, Shape, Tone,
    failure_of,
};
use leptos::prelude::*;

/// Everything that changes the keys.
#[derive(Clone, Copy)]
pub struct Changes {
    /// Adds what was pasted.
    pub add: ServerAction<AddKey>,
    /// The same without JavaScript.
    pub plain: ServerAction<AddKeyForm>,
    /// Adds the public half of a made pair.
    pub made: ServerAction<AddKey>,
    /// Deletes.
    pub remove: ServerAction<RemoveKey>,
    /// Whether a made key waits to be saved, which is then what one does next.
    pub unsaved: RwSignal<bool>,
}

/// A user's access keys.
#[component]
pub fn KeysPage() -> impl IntoView {
    let changes = Changes {
        add: ServerAction::new(),
        plain: ServerAction::new(),
        made: ServerAction::new(),
        remove: ServerAction::new(),
        unsaved: RwSignal::new(false),
    };
    let versions =
        move || changes.add.version().get() + changes.made.version().get() + changes.remove.version().get();
    let keys = Resource::new_blocking(versions, |_| list_keys());
    let (frame, announcer, added) = (FrameState::get(), Announcer::get(), use_value("added"));
    Effect::watch(
        move || changes.remove.version().get(),
        move |_, _, _| {
            if matches!(changes.remove.value().get_untracked(), Some(Ok(()))) {
                announcer.say("The key is deleted");
            }
        },
        false,
    );
    let signed_in = move || frame.view().is_some_and(|view| view.name.is_some());
    view! {
        <PageHead title="Access keys" lead=|| sentences::LEAD/>
        <ErrorBox error=failure_of(changes.remove)/>
        <Transition fallback=Loading>
            {move || Suspend::new(async move {
                match keys.await {
                    Ok(view) => view! { <List view=view changes=changes added=added.get_untracked()/> }.into_any(),
                    Err(Error::SignInNeeded) => view! { <Visitor/> }.into_any(),
                    Err(error) => view! { <DataError error=error/> }.into_any(),
                }
            })}
        </Transition>
        <Transition>
            // Stays while the list is made anew: what is typed, and a private key that is not saved yet.
            <Show when=signed_in>
                <div class="grid add-keys">
                    <AddForm changes=changes/>
                    <MakeCard changes=changes/>
                </div>
            </Show>
        </Transition>
    }
}

#[component]
fn Visitor() -> impl IntoView {
    view! {
        <Card flush=true>
            <Empty title="Sign in to have access keys" text=sentences::VISITOR shape=Shape::Key>
                <ButtonLink href="/sign-in?next=%2Fkeys" look=Look::Primary>"Sign in"</ButtonLink>
            </Empty>
        </Card>
    }
}

#[component]
fn List(
    view: KeysView,
    changes: Changes,
    /// The id of a key that was just added, where the address says so.
    added: String,
) -> impl IntoView {
    let KeysView { keys, most } = view;
    let newest = match changes.add.value().get_untracked() {
        Some(added) => added.ok().map(|key| (key.id, key.name)),
        None => keys.iter().find(|key| key.id == added).map(|key| (key.id.clone(), key.name.clone())),
    };
    let said = newest.map(|(id, name)| {
        view! {
            <Notice tone=Tone::Done>
                <span><bdi>{name}</bdi>" is added."</span>
                <ButtonLink href=format!("/servers/new?key={}", escape(&id)) small=true>"Create a server with it"</ButtonLink>
            </Notice>
        }
    });
    if keys.is_empty() {
        return view! {
            {said}
            <Card flush=true><Empty title="No access key yet" text=sentences::EMPTY shape=Shape::Key/></Card>
        }
        .into_any();
    }
    let count = keys.len() as u64;
    let title = if count * 5 >= most * 4 { format!("{count} of {most} keys") } else { counted(count, "key") };
    let rows = keys.into_iter().map(|key| view! { <Item key=key remove=changes.remove/> }).collect_view();
    view! {
        {said}
        <Card title=title flush=true><ul class="keys">{rows}</ul></Card>
    }
    .into_any()
}
