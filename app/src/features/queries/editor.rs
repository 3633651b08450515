//! The ADQL editor: a textarea with a coloured layer under it, completion, the fault marked where it is.
//!
//! Without JavaScript it is a plain textarea in a form. The layer holds the same characters in the same places and is
//! only for the eye; screen readers meet the textarea alone.

use super::caret::byte_of_unit;
use super::completion::{Completion, Suggestions};
use super::desk::Desk;
use super::dom;
use super::highlight::{Piece, pieces};
use crate::error::AdqlFault;
use crate::ui::{Button, TextArea};
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsValue;

/// The editor. The text field is named `adql`.
#[component]
pub fn Editor(
    /// What it works on.
    desk: Desk,
    /// The textarea, so that others may write into it.
    area: NodeRef<html::Textarea>,
    /// Ctrl-Enter.
    #[prop(into)]
    on_run: Callback<()>,
) -> impl IntoView {
    let completion = Completion::new(desk, area);
    let live = RwSignal::new(false);
    Effect::new(move |_| live.set(true));
    completion.describe();
    let on_input = Callback::new(move |text: String| {
        desk.write(text);
        completion.look(false);
    });
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        let command = event.ctrl_key() || event.meta_key();
        let taken = match event.key().as_str() {
            "Enter" if command => {
                completion.close();
                on_run.run(());
                true
            }
            " " if event.ctrl_key() => {
                completion.look(true);
                true
            }
            _ if command || event.is_composing() => false,
            key => completion.key(key),
        };
        if taken {
            event.prevent_default();
            event.stop_propagation();
        }
    };
    let fault = Signal::derive(move || desk.fault.get().map(|fault| fault_sentence(&fault)));
    view! {
        <div class="editor" class:coloured=live on:keydown=on_key on:click=move |_| completion.close()>
            <pre class="layer" aria-hidden="true">
                {move || layer(&desk.text.get(), desk.fault.get().as_ref(), completion.anchor.get(), completion)}
                "\n"
            </pre>
            <TextArea
                name="adql"
                label="ADQL"
                label_unseen=true
                code=true
                rows=12
                value=desk.text
                on_input=on_input
                error=fault
                placeholder="SELECT TOP 100 * FROM …"
                node_ref=area
            />
            <Suggestions completion=completion/>
        </div>
        <Corrections desk=desk area=area/>
    }
    .into_any()
}

/// A fault with its place: `Line 1, column 8: There is no column magg.`
pub fn fault_sentence(fault: &AdqlFault) -> String {
    format!("Line {}, column {}: {}", fault.line, fault.column, fault.sentence)
}

fn span(piece: Piece) -> AnyView {
    let class = format!("{}{}", piece.class, if piece.faulty { " faulty" } else { "" });
    if class.is_empty() {
        piece.text.into_any()
    } else {
        view! { <span class=class>{piece.text}</span> }.into_any()
    }
}

/// The coloured text, with a mark without width at the anchor of the completion.
fn layer(text: &str, fault: Option<&AdqlFault>, anchor: Option<usize>, completion: Completion) -> AnyView {
    let fault = fault.map(|f| f.start..f.end.max(f.start + 1));
    let mark = completion.mark;
    match anchor.filter(|at| text.is_char_boundary(*at)) {
        None => pieces(text, fault).into_iter().map(span).collect_view().into_any(),
        Some(at) => {
            // Cut after colouring, so that the colours stay those of the whole text.
            let (mut before, mut after, mut seen) = (Vec::new(), Vec::new(), 0);
            for piece in pieces(text, fault) {
                let end = seen + piece.text.len();
                if end <= at {
                    before.push(span(piece));
                } else if seen >= at {
                    after.push(span(piece));
                } else {
                    let (left, right) = piece.text.split_at(at - seen);
                    before.push(span(Piece { text: left.to_owned(), ..piece.clone() }));
                    after.push(span(Piece { text: right.to_owned(), ..piece }));
                }
                seen = end;
            }
            view! { {before}<i class="mark" node_ref=mark></i>{after} }.into_any()
        }
    }
}

/// A text to look at: coloured, with its fault marked.
#[component]
pub fn AdqlText(
    /// The text.
    text: String,
    /// Its fault, where it has one.
    #[prop(optional_no_strip)]
    fault: Option<AdqlFault>,
) -> impl IntoView {
    let fault = fault.map(|f| f.start..f.end.max(f.start + 1));
    view! { <pre class="adql" tabindex="0" role="group" aria-label="ADQL">{pieces(&text, fault).into_iter().map(span).collect_view()}</pre> }
}

/// Names that come near an unknown one, to put in with one click; the fault's own sentence names them too.
#[component]
fn Corrections(desk: Desk, area: NodeRef<html::Textarea>) -> impl IntoView {
    move || {
        let fault = desk.fault.get().filter(|f| !f.nearest.is_empty())?;
        let (start, end) = (fault.start, fault.end);
        let buttons = fault.nearest.into_iter().take(4).map(move |name| {
            let put = name.clone();
            let correct = move |_| {
                if let Some(area) = area.get_untracked() {
                    dom::type_into(&area, start, end, &put);
                }
            };
            view! { <Button small=true on:click=correct>{name}</Button> }
        });
        Some(view! {
            <p class="corrections js-only">
                <span>"Put in "</span>
                {buttons.collect_view()}
            </p>
        })
    }
}

/// Puts a name at the caret, with a space before it where it would touch another name.
pub fn insert_name(area: NodeRef<html::Textarea>, name: &str) {
    let Some(area) = area.get_untracked() else { return };
    let text = area.value();
    let unit = |place: Result<Option<u32>, JsValue>| {
        place.ok().flatten().map_or(text.len(), |unit| byte_of_unit(&text, unit as usize))
    };
    let (start, end) = (unit(area.selection_start()), unit(area.selection_end()));
    let touches =
        text[..start].chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '"');
    let name = if touches { format!(", {name}") } else { name.to_owned() };
    dom::type_into(&area, start, end, &name);
}
