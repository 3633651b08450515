//! What can be done with a server: small forms, and the questions before something is lost.

use super::api::ActOnServer;
use super::model::{ServerAction as Act, ServerItem};
use super::sentences;
use crate::error::Error;
use crate::ui::{Confirm, Icon, Look, Shape, SubmitButton, TextInput, error_of};
use leptos::prelude::*;

/// The running actions of a page. Deleting and renaming have their own, so that what is wrong stands beside their field.
#[derive(Clone, Copy)]
pub struct Actions {
    plain: ServerAction<ActOnServer>,
    rename: ServerAction<ActOnServer>,
    delete: ServerAction<ActOnServer>,
}

impl Actions {
    /// Nothing was done yet.
    pub fn new() -> Self {
        Self { plain: ServerAction::new(), rename: ServerAction::new(), delete: ServerAction::new() }
    }

    /// Changes whenever something was done.
    pub fn version(self) -> usize {
        self.plain.version().get() + self.rename.version().get() + self.delete.version().get()
    }

    /// What went wrong last. Without JavaScript the error comes in the address, for all three.
    pub fn failed(self) -> Option<Error> {
        [self.plain, self.rename, self.delete].into_iter().find_map(error_of)
    }
}

impl Default for Actions {
    fn default() -> Self {
        Self::new()
    }
}

/// A button that does something at once.
#[component]
pub fn ActButton(
    /// The server's id.
    id: String,
    /// The server's name, for people who do not see the row.
    name: String,
    /// What the button does.
    act: Act,
    /// The page's actions.
    actions: Actions,
    /// Whether it is a small one.
    #[prop(optional)]
    small: bool,
) -> impl IntoView {
    let look = if act == Act::Delete { Look::Danger } else { Look::Plain };
    view! {
        <ActionForm action=actions.plain>
            <input type="hidden" name="id" value=id/>
            <input type="hidden" name="action" value=sentences::action(act)/>
            <SubmitButton small=small look=look pending=actions.plain.pending()>
                <span>{sentences::action(act)}<span class="unseen">" "<bdi>{name}</bdi></span></span>
            </SubmitButton>
        </ActionForm>
    }
    .into_any()
}

/// A new name.
#[component]
pub fn Rename(
    /// The server.
    item: ServerItem,
    /// The page's actions.
    actions: Actions,
    /// Whether it is open from the start.
    open: bool,
) -> impl IntoView {
    let error = beside_its_field(actions.rename);
    view! {
        <details class="menu confirm right" open=open>
            <summary class="btn">"Rename…"</summary>
            <div class="sheet" role="group">
                <ActionForm action=actions.rename>
                    <input type="hidden" name="id" value=item.id/>
                    <input type="hidden" name="action" value=sentences::action(Act::Rename)/>
                    <TextInput name="name" id="new-name" label="New name" value=item.name maxlength=63 autocomplete="off"
                        error=error hint=sentences::RENAME_HINT/>
                    <SubmitButton pending=actions.rename.pending()>"Rename server"</SubmitButton>
                </ActionForm>
            </div>
        </details>
    }
    .into_any()
}

/// The question before a server is switched off that has no disk of its own.
#[component]
pub fn StopAndLose(
    /// The server.
    item: ServerItem,
    /// The page's actions.
    actions: Actions,
    /// Whether it is open from the start.
    open: bool,
) -> impl IntoView {
    view! {
        <Confirm label="Stop" question=sentences::STOPPING_LOSES right=true open=open>
            <ActButton id=item.id name=item.name act=Act::Stop actions=actions/>
        </Confirm>
    }
    .into_any()
}

/// The question before a server is removed, in which its name is typed.
#[component]
pub fn Delete(
    /// The server.
    item: ServerItem,
    /// Its address.
    address: Option<String>,
    /// The page's actions.
    actions: Actions,
    /// Whether it is open from the start.
    open: bool,
) -> impl IntoView {
    let question = sentences::deletion(&item, address.as_deref());
    let (typed, live) = (RwSignal::new(String::new()), RwSignal::new(false));
    Effect::new(move |_| live.set(true));
    let name = StoredValue::new(item.name.clone());
    // Without JavaScript nobody knows what is typed before it is sent; the server looks in any case.
    let wait = Signal::derive(move || {
        let differs = name.with_value(|name| typed.with(|typed| typed.trim() != name));
        (live.get() && differs).then(|| name.with_value(|name| sentences::type_its_name(name)))
    });
    view! {
        <details class="menu confirm right" open=open>
            <summary class="btn danger"><Icon shape=Shape::Trash/>"Delete…"</summary>
            <div class="sheet" role="group">
                <p><Icon shape=Shape::Attention/><span>{question}</span></p>
                <ActionForm action=actions.delete>
                    <input type="hidden" name="id" value=item.id/>
                    <input type="hidden" name="action" value=sentences::action(Act::Delete)/>
                    <div on:input=move |event| typed.set(event_target_value(&event))>
                        <TextInput name="name" id="deleted-name" label=format!("Type {} to confirm", item.name)
                            error=beside_its_field(actions.delete) maxlength=63 autocomplete="off"/>
                    </div>
                    <SubmitButton look=Look::Danger pending=actions.delete.pending() disabled_because=wait>"Delete server"</SubmitButton>
                </ActionForm>
            </div>
        </details>
    }
    .into_any()
}

/// What is wrong with the name in a form that was sent by script. Without one nobody knows which form it was.
fn beside_its_field(action: ServerAction<ActOnServer>) -> Signal<Option<String>> {
    Signal::derive(move || {
        let sent = action.version().get() > 0;
        let error = action.value().get().and_then(Result::err).filter(|_| sent)?;
        error.of_field("name").map(str::to_owned)
    })
}
