//! With whom a session is shared, for its owner.

use super::model::{SessionState, SessionView, Share};
use super::sentences;
use super::session_actions::Actions;
use crate::ui::{Card, Select, SubmitButton, TextInput};
use leptos::prelude::*;

/// The card; nothing for whom the session is not, and nothing once it is over.
#[component]
pub fn ShareCard(
    /// The session.
    session: RwSignal<SessionView>,
    /// The page's actions.
    actions: Actions,
) -> impl IntoView {
    let (id, mine, watched) = session.with_untracked(|s| (s.item.id.clone(), s.item.mine, s.can_be_watched));
    let over = Memo::new(move |_| session.with(|s| s.item.state == SessionState::Ended));
    let shares = Memo::new(move |_| session.with(|s| s.shares.clone()));
    let fault = Signal::derive(move || {
        let error = actions.share.value().get().and_then(crate::error::Result::err)?;
        error.of_field("with").map(str::to_owned)
    });
    if !mine {
        return ().into_any();
    }
    (move || (!over.get()).then(|| view! { <Open id=id.clone() shares=shares fault=fault can_be_watched=watched actions=actions/> }))
        .into_any()
}

#[component]
fn Open(
    id: String,
    shares: Memo<Vec<Share>>,
    fault: Signal<Option<String>>,
    can_be_watched: bool,
    actions: Actions,
) -> impl IntoView {
    let hint = if can_be_watched { sentences::SHARE_HINT } else { sentences::SHARE_HINT_NO_VIEW };
    let of = id.clone();
    let rows = move || {
        let shares = shares.get();
        let rows = shares
            .into_iter()
            .map(|share| view! { <Row id=of.clone() share=share actions=actions/> })
            .collect_view();
        view! { <ul class="shares">{rows}</ul> }
    };
    let may = vec![
        ("false".to_owned(), "Look at it".to_owned()),
        ("true".to_owned(), "Use it as you do".to_owned()),
    ];
    let whom = vec![("false".to_owned(), "A person".to_owned()), ("true".to_owned(), "A group".to_owned())];
    view! {
        <Card title="Shared with">
            {rows}
            <ActionForm action=actions.share attr:class="stacked">
                <input type="hidden" name="id" value=id/>
                <input type="hidden" name="on" value="true"/>
                <div class="pair">
                    <Select name="group" id="share-group" label="With" options=whom/>
                    <TextInput name="with" id="with" label="Their sign-in name" maxlength=200 required=true autocomplete="off" error=fault/>
                </div>
                <Select name="control" id="share-control" label="They may" options=may/>
                <p class="hint">{hint}</p>
                <p class="act"><SubmitButton small=true pending=actions.share.pending()>"Share it"</SubmitButton></p>
            </ActionForm>
        </Card>
    }
    .into_any()
}

#[component]
fn Row(id: String, share: Share, actions: Actions) -> impl IntoView {
    let Share { with, key, group, control } = share;
    let may = if control { ", to use" } else { ", to look at" };
    view! {
        <li>
            <span><bdi>{with.clone()}</bdi>{group.then_some(" (group)")}{may}</span>
            <ActionForm action=actions.share>
                <input type="hidden" name="id" value=id/>
                <input type="hidden" name="key" value=key/>
                <input type="hidden" name="group" value=group.to_string()/>
                <input type="hidden" name="on" value="false"/>
                <SubmitButton small=true pending=actions.share.pending()>
                    <span>"Take back"<span class="unseen">" from "<bdi>{with}</bdi></span></span>
                </SubmitButton>
            </ActionForm>
        </li>
    }
    .into_any()
}
