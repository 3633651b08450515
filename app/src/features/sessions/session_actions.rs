//! What can be done with a session: small forms, and the question before something is lost.

use super::api::{DismissSession, EndSession, ExtendSession, RenameSession, ShareSession};
use super::model::{SessionAction, SessionItem};
use super::sentences;
use crate::error::Error;
use crate::features::software::model::Kind;
use crate::ui::{Confirm, Icon, Look, Shape, SubmitButton, TextInput, error_of};
use leptos::attr::custom::custom_attribute;
use leptos::prelude::*;

/// The running actions of a page.
#[derive(Clone, Copy)]
pub struct Actions {
    /// Keeps it longer.
    pub extend: ServerAction<ExtendSession>,
    /// Ends it.
    pub end: ServerAction<EndSession>,
    /// Takes it off the list.
    pub dismiss: ServerAction<DismissSession>,
    /// Names it.
    pub rename: ServerAction<RenameSession>,
    /// Shares it.
    pub share: ServerAction<ShareSession>,
}

impl Actions {
    /// Nothing was done yet.
    pub fn new() -> Self {
        Self {
            extend: ServerAction::new(),
            end: ServerAction::new(),
            dismiss: ServerAction::new(),
            rename: ServerAction::new(),
            share: ServerAction::new(),
        }
    }

    /// Changes whenever something was done.
    pub fn version(self) -> usize {
        self.extend.version().get()
            + self.end.version().get()
            + self.dismiss.version().get()
            + self.rename.version().get()
            + self.share.version().get()
    }

    /// What went wrong last.
    pub fn failed(self) -> Option<Error> {
        error_of(self.extend)
            .or_else(|| error_of(self.end))
            .or_else(|| error_of(self.dismiss))
            .or_else(|| error_of(self.rename))
            .or_else(|| error_of(self.share))
    }
}

impl Default for Actions {
    fn default() -> Self {
        Self::new()
    }
}

/// Whether its interface can be opened now.
pub fn can_be_opened(item: &SessionItem) -> bool {
    item.may(SessionAction::Open) && item.kind != Kind::Batch
}

/// Opens its interface in a tab of its own. A plain form: the way in is asked for by POST, and no script is needed.
#[component]
pub fn OpenButton(
    /// The session.
    item: SessionItem,
    /// How it looks.
    #[prop(optional)]
    look: Look,
    /// Whether it is a small one.
    #[prop(optional)]
    small: bool,
) -> impl IntoView {
    view! {
        <form method="post" action=format!("/sessions/{}/open", item.id) target="_blank" {..custom_attribute("rel", "noopener")}>
            <SubmitButton look=look small=small>
                <Icon shape=Shape::Out/>
                <span>"Open"<span class="unseen">" "<bdi>{item.title}</bdi>" in a new tab"</span></span>
            </SubmitButton>
        </form>
    }
    .into_any()
}

/// Keeps it longer by one press.
#[component]
pub fn ExtendButton(
    /// The session.
    item: SessionItem,
    /// By so many minutes; 0 for the usual time, which is then not said.
    #[prop(optional)]
    minutes: u32,
    /// Why not, where it cannot be.
    #[prop(optional_no_strip)]
    no_extension: Option<String>,
    /// The page's actions.
    actions: Actions,
    /// Whether it is a small one.
    #[prop(optional)]
    small: bool,
) -> impl IntoView {
    view! {
        <ActionForm action=actions.extend>
            <input type="hidden" name="id" value=item.id/>
            <input type="hidden" name="minutes" value=minutes.to_string()/>
            <SubmitButton small=small pending=actions.extend.pending() disabled_because=no_extension>
                <span>{sentences::extend(minutes)}<span class="unseen">" "<bdi>{item.title}</bdi></span></span>
            </SubmitButton>
        </ActionForm>
    }
    .into_any()
}

/// Takes one that is over off the list.
#[component]
pub fn DismissButton(
    /// The session.
    item: SessionItem,
    /// The page's actions.
    actions: Actions,
    /// Whether it is a small one.
    #[prop(optional)]
    small: bool,
) -> impl IntoView {
    view! {
        <ActionForm action=actions.dismiss>
            <input type="hidden" name="id" value=item.id/>
            <SubmitButton small=small pending=actions.dismiss.pending()>
                <span>"Dismiss"<span class="unseen">" "<bdi>{item.title}</bdi></span></span>
            </SubmitButton>
        </ActionForm>
    }
    .into_any()
}

/// The question before it is ended.
#[component]
pub fn EndQuestion(
    /// The session.
    item: SessionItem,
    /// The page's actions.
    actions: Actions,
    /// Whether it is open from the start.
    open: bool,
) -> impl IntoView {
    let question = sentences::end_question(&item);
    view! {
        <Confirm label="End" shape=Shape::Stop question=question look=Look::Danger right=true open=open>
            <ActionForm action=actions.end>
                <input type="hidden" name="id" value=item.id/>
                <SubmitButton look=Look::Danger pending=actions.end.pending()>
                    <span>"End "<bdi>{item.title}</bdi></span>
                </SubmitButton>
            </ActionForm>
        </Confirm>
    }
    .into_any()
}

/// A new name.
#[component]
pub fn Rename(
    /// The session.
    item: SessionItem,
    /// The page's actions.
    actions: Actions,
    /// Whether it is open from the start.
    open: bool,
) -> impl IntoView {
    view! {
        <details class="menu confirm right" open=open>
            <summary class="btn">"Rename…"</summary>
            <div class="sheet" role="group">
                <ActionForm action=actions.rename>
                    <input type="hidden" name="id" value=item.id/>
                    <TextInput name="title" id="new-title" label="New name" value=item.title maxlength=100 autocomplete="off"
                        hint=Signal::stored(Some(sentences::NAME_HINT.to_owned()))/>
                    <SubmitButton pending=actions.rename.pending()>"Rename session"</SubmitButton>
                </ActionForm>
            </div>
        </details>
    }
    .into_any()
}
