//! Completion in the editor: asked for at a pause in typing, chosen with arrow keys and Enter, closed with Escape.

use super::api::complete_adql;
use super::caret::byte_of_unit;
use super::desk::Desk;
use super::dom;
use super::model::CompletionView;
use super::pause::{Latest, Pause};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// At most so many suggestions are shown.
const MOST: usize = 12;

/// The state of the completion.
#[derive(Clone, Copy)]
pub struct Completion {
    desk: Desk,
    area: NodeRef<html::Textarea>,
    found: RwSignal<Vec<CompletionView>>,
    chosen: RwSignal<usize>,
    /// The byte where what is being completed begins; set while the list is open.
    pub anchor: RwSignal<Option<usize>>,
    /// The mark in the layer at the anchor.
    pub mark: NodeRef<html::I>,
    pause: Pause,
    latest: Latest,
}

impl Completion {
    /// Closed.
    pub fn new(desk: Desk, area: NodeRef<html::Textarea>) -> Self {
        Self {
            desk,
            area,
            found: RwSignal::new(Vec::new()),
            chosen: RwSignal::new(0),
            anchor: RwSignal::new(None),
            mark: NodeRef::new(),
            pause: Pause::new(),
            latest: Latest::new(),
        }
    }

    /// Tells assistive technology what the textarea is about to complete.
    pub fn describe(self) {
        Effect::new(move |_| {
            let Some(area) = self.area.get() else { return };
            let open = self.anchor.with(Option::is_some);
            let active = if open { format!("suggestion-{}", self.chosen.get()) } else { String::new() };
            let attributes = [
                ("aria-autocomplete", "list"),
                ("aria-haspopup", "listbox"),
                ("aria-controls", if open { "suggestions" } else { "" }),
                ("aria-activedescendant", active.as_str()),
                ("aria-keyshortcuts", "Control+Enter Control+Space"),
            ];
            for (name, value) in attributes {
                // An element that is being taken away refuses; nothing is lost with it.
                let _ = if value.is_empty() {
                    area.remove_attribute(name)
                } else {
                    area.set_attribute(name, value)
                };
            }
        });
    }

    /// Asks what may stand at the caret, at the next pause or (`now`) at once.
    pub fn look(self, now: bool) {
        let request = self.latest.next();
        self.pause.then(if now { 0 } else { 120 }, move || {
            let Some(area) = self.area.get_untracked() else { return };
            let text = area.value();
            let unit = area.selection_start().ok().flatten().unwrap_or_default();
            let at = byte_of_unit(&text, unit as usize);
            let in_word =
                text[..at].chars().next_back().is_some_and(|c| c.is_alphanumeric() || "_.\"".contains(c));
            if !now && !in_word {
                return self.close();
            }
            let archive = self.desk.draft.with_untracked(|d| d.archive.clone());
            spawn_local(async move {
                let found = complete_adql(archive, text.clone(), at).await.unwrap_or_default();
                if self.latest.is(request) {
                    self.open(&text, found, now);
                }
            });
        });
    }

    fn open(self, text: &str, mut found: Vec<CompletionView>, now: bool) {
        // What stands there already needs no suggestion, and must not take Enter away.
        found.retain(|c| text.get(c.start..c.end).is_none_or(|typed| !typed.eq_ignore_ascii_case(&c.text)));
        found.truncate(MOST);
        let typed = found.first().is_some_and(|c| c.end > c.start);
        if found.is_empty() || !(now || typed) {
            return self.close();
        }
        self.chosen.set(0);
        self.anchor.set(found.first().map(|c| c.start));
        crate::ui::Announcer::get().say(format!("{} suggestions", found.len()));
        self.found.set(found);
    }

    /// Closes the list. What is on its way is dropped.
    pub fn close(self) {
        self.pause.forget();
        self.latest.next();
        if self.anchor.with_untracked(Option::is_some) {
            self.anchor.set(None);
            self.found.set(Vec::new());
        }
    }

    /// Takes a key while the list is open; says whether it did.
    pub fn key(self, key: &str) -> bool {
        let len = self.found.with_untracked(Vec::len);
        if len == 0 {
            return false;
        }
        match key {
            "ArrowDown" => self.chosen.update(|c| *c = (*c + 1) % len),
            "ArrowUp" => self.chosen.update(|c| *c = (*c + len - 1) % len),
            "Enter" => self.accept(self.chosen.get_untracked()),
            "Escape" => self.close(),
            "ArrowLeft" | "ArrowRight" | "Home" | "End" | "Tab" => {
                self.close();
                return false;
            }
            _ => return false,
        }
        true
    }

    fn accept(self, at: usize) {
        let chosen = self.found.with_untracked(|found| found.get(at).cloned());
        self.close();
        if let (Some(chosen), Some(area)) = (chosen, self.area.get_untracked()) {
            dom::type_into(&area, chosen.start, chosen.end, &chosen.text);
            self.close();
        }
    }
}

/// The list.
#[component]
pub fn Suggestions(
    /// Its state.
    completion: Completion,
) -> impl IntoView {
    let list = NodeRef::<html::Ul>::new();
    // Beside the mark, once both are in the document.
    Effect::new(move |_| {
        let (Some(list), Some(mark)) = (list.get(), completion.mark.get()) else { return };
        completion.anchor.track();
        dom::set_style(&list, "--x", &format!("{}px", mark.offset_left()));
        dom::set_style(&list, "--y", &format!("{}px", mark.offset_top() + mark.offset_height()));
    });
    let entries = move || {
        completion
            .found
            .get()
            .into_iter()
            .enumerate()
            .map(|(i, suggestion)| {
                view! {
                    <li
                        id=format!("suggestion-{i}")
                        role="option"
                        aria-selected=move || if completion.chosen.get() == i { "true" } else { "false" }
                        // Before the textarea loses the focus.
                        on:mousedown=move |event| {
                            event.prevent_default();
                            completion.accept(i);
                        }
                    >
                        <code>{suggestion.text}</code>
                        <span class="hint">{suggestion.kind}</span>
                        <span class="hint detail">{suggestion.detail}</span>
                    </li>
                }
            })
            .collect_view()
    };
    move || {
        completion.anchor.with(Option::is_some).then(|| {
            view! { <ul id="suggestions" class="suggestions" role="listbox" aria-label="Suggestions" node_ref=list>{entries}</ul> }
        })
    }
}
