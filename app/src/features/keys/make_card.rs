//! A pair that is made here. The private half is in this window's memory until it is saved or the page is left; nothing
//! but the public half is ever sent.

use super::api::AddKey;
use super::keys_page::Changes;
use super::{here, sentences};
use crate::error::{Error, Result};
use crate::features::keys::model::{KeyView, LONGEST_NAME};
use crate::ui::{Announcer, Button, Card, Copy, ErrorBox, Icon, Look, Notice, Shape, TextInput, Tone};
use access_key::{MadeKey, make_ed25519};
use leptos::html;
use leptos::prelude::*;

/// Where making stands.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Stage {
    /// Nothing made.
    Idle,
    /// The public half is kept under this name; the private half is here.
    Ready { file: String, saved: bool },
}

#[derive(Clone, Copy)]
struct Making {
    made: ServerAction<AddKey>,
    stage: RwSignal<Stage>,
    pair: StoredValue<Option<MadeKey>>,
    failed: RwSignal<Option<&'static str>>,
    name: NodeRef<html::Input>,
    announcer: Announcer,
}

impl Making {
    fn typed_name(self) -> String {
        self.name.get_untracked().map(|input| input.value().trim().to_owned()).unwrap_or_default()
    }

    /// Makes a pair and sends its public half. One whose sending had no answer is sent again, not made anew: it may be
    /// there.
    fn make(self) {
        if self.made.pending().get_untracked() {
            return;
        }
        let name = self.typed_name();
        let comment = if name.is_empty() { "skyport" } else { &name };
        if self.pair.with_value(Option::is_none) {
            let pair = here::random().and_then(|seed| make_ed25519(seed, comment).ok());
            self.failed.set(pair.is_none().then_some(sentences::NOT_MADE));
            self.pair.set_value(pair);
        }
        if let Some(key) =
            self.pair.with_value(|pair| pair.as_ref().map(|pair| pair.public.line().to_owned()))
        {
            self.made.dispatch(AddKey { name, key });
        }
    }

    fn answered(self, answer: Result<KeyView>) {
        let name = match answer {
            Ok(key) => key.name,
            // Sent again after an answer that was lost: it is there.
            Err(error) if error.of_field("key").is_some() => self.typed_name(),
            // Whether it arrived is not known.
            Err(Error::Transport | Error::Unavailable { .. }) => return,
            Err(_) => return self.pair.set_value(None),
        };
        self.stage.set(Stage::Ready { file: sentences::file_name(&name), saved: false });
        self.announcer.say(sentences::SAVE_NOW);
    }

    fn save(self, file: &str) {
        let done = self
            .pair
            .with_value(|pair| pair.as_ref().is_some_and(|pair| here::save(file, &pair.private_openssh)));
        self.failed.set((!done).then_some(sentences::NOT_SAVED));
        if done {
            self.stage.set(Stage::Ready { file: file.to_owned(), saved: true });
            self.announcer.say(format!("Saved as {file}"));
        }
    }

    /// Forgets the pair.
    fn finish(self) {
        self.pair.set_value(None);
        self.stage.set(Stage::Idle);
    }
}

/// Having a key made.
#[component]
pub fn MakeCard(
    /// The page's actions.
    changes: Changes,
) -> impl IntoView {
    let made = changes.made;
    let making = Making {
        made,
        stage: RwSignal::new(Stage::Idle),
        pair: StoredValue::new(None),
        failed: RwSignal::new(None),
        name: NodeRef::new(),
        announcer: Announcer::get(),
    };
    Effect::new(move |_| {
        changes.unsaved.set(matches!(making.stage.get(), Stage::Ready { saved: false, .. }));
    });
    // An effect, which only the browser runs; it depends on nothing, so what it listens to stays as long as the card.
    Effect::new(move |_| here::ask_before_leaving(changes.unsaved.into(), sentences::LEAVE));
    Effect::watch(
        move || made.version().get(),
        move |_, _, _| {
            if let Some(answer) = made.value().get_untracked() {
                making.answered(answer);
            }
        },
        false,
    );
    view! {
        <Card title="Make a key for me" span="c5">
            <p class="quiet-text">{sentences::MAKE}</p>
            <div class="no-js make-without">
                <p>{sentences::MAKE_NEEDS_SCRIPT}</p>
                <p class="line"><code>"ssh-keygen -t ed25519"</code></p>
            </div>
            <div class="js-only making">
                {move || making.failed.get().map(|sentence| view! { <p class="field-error" role="alert"><Icon shape=Shape::Failed/>{sentence}</p> })}
                {move || match making.stage.get() {
                    Stage::Idle => view! { <Ask making=making/> }.into_any(),
                    Stage::Ready { file, saved } => view! { <Ready making=making file=file saved=saved/> }.into_any(),
                }}
            </div>
        </Card>
    }
    .into_any()
}

#[component]
fn Ask(making: Making) -> impl IntoView {
    let failure = Signal::derive(move || making.made.value().get().and_then(Result::err));
    let of_name = Signal::derive(move || {
        failure.with(|error| error.as_ref().and_then(|e| e.of_field("name").map(str::to_owned)))
    });
    let other = Signal::derive(move || failure.get().filter(|error| !matches!(error, Error::Invalid(_))));
    view! {
        <ErrorBox error=other/>
        <TextInput name="make-name" label="Name of the new key" node_ref=making.name maxlength=LONGEST_NAME autocomplete="off" error=of_name/>
        <p class="act"><Button on:click=move |_| making.make()><Icon shape=Shape::Key/>"Make a key"</Button></p>
    }
    .into_any()
}

#[component]
fn Ready(making: Making, file: String, saved: bool) -> impl IntoView {
    let (keep, ssh) = (sentences::keep_command(&file), sentences::ssh_command(&file));
    let (tone, sentence) =
        if saved { (Tone::Done, sentences::SAVED) } else { (Tone::Attention, sentences::SAVE_NOW) };
    let look = if saved { Look::Plain } else { Look::Primary };
    let label = if saved { format!("Download {file} again") } else { format!("Download {file}") };
    view! {
        <Notice tone=tone><span>{sentence}</span></Notice>
        <p class="act">
            <Button look=look on:click=move |_| making.save(&file)><Icon shape=Shape::Download/><span>{label}</span></Button>
            {saved.then(|| view! { <Button on:click=move |_| making.finish()>"Done"</Button> })}
        </p>
        <p class="step">"Put it where ssh looks, for you alone:"</p>
        <p class="line copyable"><code>{keep.clone()}</code><Copy text=keep what="the command that keeps the key"/></p>
        <p class="step">"Log in; the page of your server says user and address:"</p>
        <p class="line copyable"><code>{ssh.clone()}</code><Copy text=ssh what="the ssh command"/></p>
    }
    .into_any()
}
