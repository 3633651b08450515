//! The form that takes a public key, pasted or from a file. A private key does not leave this browser: it is refused as
//! soon as it stands in the field, and the field is emptied.

use super::api::{AddKey, AddKeyForm};
use super::here;
use super::keys_page::Changes;
use super::model::LONGEST_NAME;
use super::sentences;
use super::typed::Typed;
use crate::error::Error;
use crate::ui::{Announcer, Card, ErrorBox, Field, Look, SubmitButton, TextArea, TextInput};
use access_key::{LARGEST_BYTES, ReadError, looks_private};
use leptos::html;
use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;
use leptos::task::spawn_local;
use leptos_router::hooks::use_location;

/// What is in the form.
#[derive(Clone, Copy)]
struct Form {
    key: RwSignal<String>,
    name: RwSignal<String>,
    /// The name that was put there last, not typed.
    proposed: StoredValue<String>,
    /// Why this browser did not send it.
    refused: RwSignal<Option<String>>,
    area: NodeRef<html::Textarea>,
    name_input: NodeRef<html::Input>,
    announcer: Announcer,
}

impl Form {
    fn refuse(self, sentence: String) {
        self.announcer.say(sentence.clone());
        self.refused.set(Some(sentence));
    }

    /// Looks at what stands in the field of the key now.
    fn take(self, text: String) {
        if looks_private(&text) {
            self.key.set(String::new());
            self.refuse(ReadError::PrivateKey.to_string());
            return;
        }
        if !text.is_empty() {
            self.refused.set(None);
        }
        let name = sentences::proposed_name(&text);
        self.key.set(text);
        let typed = self.typed_name();
        if !name.is_empty() && (typed.is_empty() || self.proposed.with_value(|last| *last == typed)) {
            self.name.set(name.clone());
            self.proposed.set_value(name);
        }
    }

    fn typed_name(self) -> String {
        self.name_input.get_untracked().map(|input| input.value()).unwrap_or_default()
    }

    /// Sends it, unless it must stay here.
    fn send(self, add: ServerAction<AddKey>) {
        let text = self.area.get_untracked().map(|area| area.value()).unwrap_or_default();
        if looks_private(&text) {
            return self.take(text);
        }
        let name = self.typed_name();
        if looks_private(&name) {
            self.name.set(String::new());
            return self.refuse(ReadError::PrivateKey.to_string());
        }
        if text.trim().is_empty() {
            return self.refuse(ReadError::Empty.to_string());
        }
        self.refused.set(None);
        add.dispatch(AddKey { name, key: text });
    }

    /// Empty, for the next one.
    fn clear(self) {
        self.key.set(String::new());
        self.name.set(String::new());
        self.refused.set(None);
    }
}

/// Pasting or choosing a key.
#[component]
pub fn AddForm(
    /// The page's actions.
    changes: Changes,
) -> impl IntoView {
    let typed = use_location().search.with_untracked(|search| Typed::read(search));
    let form = Form {
        key: RwSignal::new(typed.key),
        name: RwSignal::new(typed.name),
        proposed: StoredValue::new(String::new()),
        refused: RwSignal::new(None),
        area: NodeRef::new(),
        name_input: NodeRef::new(),
        announcer: Announcer::get(),
    };
    let add = changes.add;
    Effect::watch(
        move || add.version().get(),
        move |_, _, _| match add.value().get_untracked() {
            Some(Ok(key)) => {
                form.clear();
                form.announcer.say(format!("{} is added", key.name));
            }
            Some(Err(error)) => form.announcer.say(error.to_string()),
            None => {}
        },
        false,
    );
    let failure = Signal::derive(move || match add.value().get() {
        Some(result) => result.err(),
        None => changes.plain.value().get().and_then(Result::err),
    });
    let of_field = move |name: &'static str| {
        Signal::derive(move || {
            failure.with(|error| error.as_ref().and_then(|e| e.of_field(name).map(str::to_owned)))
        })
    };
    let (of_key, of_name) = (of_field("key"), of_field("name"));
    let key_error = Signal::derive(move || form.refused.get().or_else(|| of_key.get()));
    // What belongs to a field is said beside it.
    let other = Signal::derive(move || failure.get().filter(|error| !matches!(error, Error::Invalid(_))));
    view! {
        <Card title="Add a key" span="c7">
            <ErrorBox error=other/>
            <form
                id="add-key"
                method="post"
                action=AddKeyForm::url()
                on:submit=move |event| {
                    event.prevent_default();
                    form.send(add);
                }
            >
                <TextArea
                    name="key"
                    label="Public key"
                    code=true
                    rows=5
                    value=form.key
                    on_input=Callback::new(move |text| form.take(text))
                    node_ref=form.area
                    hint=Signal::stored(Some(sentences::PASTE_HINT.to_owned()))
                    error=key_error
                    placeholder="ssh-ed25519 AAAA… you@laptop"
                />
                <FileChoice form=form/>
                <TextInput
                    name="name"
                    label="Name"
                    value=form.name
                    node_ref=form.name_input
                    maxlength=LONGEST_NAME
                    autocomplete="off"
                    hint=Signal::stored(Some(sentences::NAME_HINT.to_owned()))
                    error=of_name
                />
                <p class="act">
                    {move || {
                        let look = if changes.unsaved.get() { Look::Plain } else { Look::Primary };
                        view! { <SubmitButton look=look pending=add.pending()>"Add key"</SubmitButton> }
                    }}
                </p>
            </form>
        </Card>
    }
    .into_any()
}

/// A file instead of pasting: its text goes into the field, nothing is sent.
#[component]
fn FileChoice(form: Form) -> impl IntoView {
    let input = NodeRef::<html::Input>::new();
    let chosen = move || {
        let Some(input) = input.get_untracked() else { return };
        spawn_local(async move {
            match here::chosen_text(&input, LARGEST_BYTES).await {
                Ok(text) => form.take(text),
                Err(Some(_)) => form.refuse(ReadError::TooLarge.to_string()),
                Err(None) => form.refuse(sentences::NOT_READ.to_owned()),
            }
        });
    };
    view! {
        <div class="js-only">
            <Field id="key-file" label="Or choose the .pub file">
                <input type="file" id="key-file" node_ref=input on:change=move |_| chosen()/>
            </Field>
        </div>
    }
    .into_any()
}
