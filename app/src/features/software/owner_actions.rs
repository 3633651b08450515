//! What the owner of a container, and an operator, can do with it on its page.

use super::api::{FeatureContainer, RemoveContainer};
use super::container::NEW_CONTAINER;
use super::model::SoftwareView;
use super::sentences;
use crate::frame::address::escape;
use crate::ui::{ButtonLink, Confirm, Look, SubmitButton};
use leptos::prelude::*;

/// Everything that changes an entry.
#[derive(Clone, Copy)]
pub struct Changes {
    /// Deletes it.
    pub remove: ServerAction<RemoveContainer>,
    /// Shows it to everybody, or no longer.
    pub feature: ServerAction<FeatureContainer>,
}

/// The buttons.
#[component]
pub fn OwnerActions(
    /// The entry.
    view: SoftwareView,
    /// What they do.
    changes: Changes,
) -> impl IntoView {
    let SoftwareView { card, may_change, may_feature, mark, .. } = view;
    let (name, title) = (card.name, card.title);
    let own = may_change.then(|| {
        let href = format!("{NEW_CONTAINER}?change={}", escape(&name));
        let (remove, name, called) = (changes.remove, name.clone(), title.clone());
        view! {
            <ButtonLink href=href>"Change"</ButtonLink>
            <Confirm label="Delete" question=sentences::delete_question(&title)>
                <ActionForm action=remove>
                    <input type="hidden" name="name" value=name/>
                    <SubmitButton look=Look::Danger pending=remove.pending()><span>"Delete "<bdi>{called}</bdi></span></SubmitButton>
                </ActionForm>
            </Confirm>
        }
    });
    let feature = may_feature.then(|| {
        let feature = changes.feature;
        let words = if card.featured { "Show it to everybody no longer" } else { "Show it to everybody" };
        view! {
            <ActionForm action=feature>
                <input type="hidden" name="name" value=name.clone()/>
                <input type="hidden" name="featured" value=(!card.featured).to_string()/>
                <input type="hidden" name="mark" value=mark/>
                <SubmitButton pending=feature.pending()>{words}</SubmitButton>
            </ActionForm>
        }
    });
    view! { {feature}{own} }.into_any()
}
