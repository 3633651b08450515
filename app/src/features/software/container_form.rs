//! The fields of one's own container. Simple first; everything under "More options" has a good default in the image.

use super::api::KeepContainer;
use super::container::{Container, ContainerForm};
use super::model::Kind;
use super::sentences;
use crate::ui::{Card, Icon, Look, Select, Shape, SubmitButton, TextArea, TextInput};
use leptos::prelude::*;

/// What is wrong with a field, in a sentence.
fn fault_of(keep: ServerAction<KeepContainer>, field: &'static str) -> Signal<Option<String>> {
    let value = keep.value();
    Signal::derive(move || {
        value.with(|last| last.as_ref()?.as_ref().err()?.of_field(field).map(str::to_owned))
    })
}

/// A line of the form.
#[component]
fn Line(
    keep: ServerAction<KeepContainer>,
    id: &'static str,
    label: &'static str,
    value: String,
    #[prop(optional)] hint: Option<&'static str>,
    #[prop(optional)] placeholder: Option<&'static str>,
    #[prop(optional)] longest: Option<u32>,
    #[prop(default = "text")] kind: &'static str,
) -> impl IntoView {
    view! {
        <TextInput name=format!("container[{id}]") id=id label=label value=value kind=kind hint=Signal::stored(hint.map(str::to_owned))
            placeholder=placeholder.unwrap_or_default() maxlength=longest.unwrap_or(300) autocomplete="off" error=fault_of(keep, id)/>
    }
    .into_any()
}

/// The form.
#[component]
pub fn Fields(
    /// What is offered.
    form: ContainerForm,
    /// What it starts with.
    first: Container,
    /// Keeps it.
    keep: ServerAction<KeepContainer>,
) -> impl IntoView {
    let ContainerForm { registries, groups, first: kept, has_secret } = form;
    let changing = kept.is_some();
    let hint = sentences::image_hint(&registries);
    let kinds: Vec<_> = std::iter::once((String::new(), "As the image says".to_owned()))
        .chain(Kind::ALL.map(|kind| (kind.key().to_owned(), kind.word().to_owned())))
        .collect();
    let share = (!groups.is_empty() || !first.share.is_empty()).then(|| {
        let mut options = vec![(String::new(), "Nobody: it is mine alone".to_owned())];
        options.extend(groups.into_iter().map(|group| (group.clone(), format!("My group {group}"))));
        view! { <Select name="container[share]" id="share" label="Share it with" options=options value=first.share.clone() error=fault_of(keep, "share")/> }
    });
    let shown = first.clone();
    let button = if changing { "Save changes" } else { "Add container" };
    view! {
        <ActionForm action=keep attr:class="stack container-form">
            <input type="hidden" name="container[change]" value=shown.change.clone()/>
            <Card title="The image">
                <div class="stacked">
                    <TextInput name="container[image]" id="image" label="Image" value=shown.image.clone() hint=Signal::stored(Some(hint))
                        placeholder="quay.io/jupyter/scipy-notebook:2025-12-31" maxlength=400 autocomplete="off" required=true error=fault_of(keep, "image")/>
                    <div class="pair">
                        <Select name="container[kind]" id="kind" label="What it is" options=kinds value=shown.kind.clone()
                            hint=Signal::stored(Some(sentences::KIND_HINT.to_owned())) error=fault_of(keep, "kind")/>
                        <Line keep=keep id="port" label="Port of its interface" value=shown.port.clone() hint=sentences::PORT_HINT longest=5/>
                    </div>
                </div>
            </Card>
            <Card title="What you call it">
                <div class="stacked">
                    <Line keep=keep id="title" label="Title" value=shown.title.clone() hint="Left empty, the image's own." longest=100/>
                    <Line keep=keep id="purpose" label="What it is for, in one line" value=shown.purpose.clone() longest=200/>
                    {share}
                </div>
            </Card>
            <More first=first has_secret=has_secret keep=keep/>
            <p class="act"><SubmitButton look=Look::Primary pending=keep.pending()>{button}</SubmitButton></p>
        </ActionForm>
    }
    .into_any()
}

#[component]
fn More(first: Container, has_secret: bool, keep: ServerAction<KeepContainer>) -> impl IntoView {
    let fields = [
        "path",
        "ready",
        "command",
        "description",
        "tags",
        "cores",
        "memory_gib",
        "registry_user",
        "registry_secret",
    ];
    let faults = fields.map(|field| fault_of(keep, field));
    let amiss = Memo::new(move |_| faults.iter().any(|fault| fault.with(Option::is_some)));
    let unusual = first.is_unusual();
    let secret_hint = if has_secret { sentences::SECRET_KEPT } else { sentences::SECRET_HINT };
    view! {
        <section class="card">
            <details class="more-options" open=move || unusual || amiss.get()>
                <summary>
                    <Icon shape=Shape::Right/>
                    <h2>"More options"</h2>
                    <span class="hint">"private registry, command, paths, what it needs, description"</span>
                </summary>
                <div class="body stacked">
                    <div class="pair">
                        <Line keep=keep id="registry_user" label="User at a private registry" value=first.registry_user/>
                        <Line keep=keep id="registry_secret" label="Password or token there" value=String::new() kind="password" hint=secret_hint longest=4000/>
                        <Line keep=keep id="path" label="Path that opens it" value=first.path placeholder="/"/>
                        <Line keep=keep id="ready" label="Path that answers once it is ready" value=first.ready placeholder="/"/>
                        <Line keep=keep id="cores" label="Cores it needs" value=first.cores placeholder="1" longest=6/>
                        <Line keep=keep id="memory_gib" label="Memory it needs, GiB" value=first.memory_gib placeholder="1" longest=8/>
                    </div>
                    <Line keep=keep id="command" label="Command and arguments" value=first.command hint=sentences::COMMAND_HINT longest=2000/>
                    <Line keep=keep id="tags" label="Tags" value=first.tags hint="With commas between: radio, imaging" longest=400/>
                    <TextArea name="container[description]" id="description" label="Description (Markdown)" value=first.description rows=6
                        error=fault_of(keep, "description") maxlength=20_000/>
                </div>
            </details>
        </section>
    }
    .into_any()
}
