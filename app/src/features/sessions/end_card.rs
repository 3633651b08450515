//! Why a session ended, in whose words, and what to do now.

use super::model::{SessionAction, SessionState, SessionView};
use super::sentences;
use super::session_actions::{Actions, DismissButton};
use crate::features::plan::address::Asked;
use crate::ui::{ButtonLink, Icon, Look, Shape, Tone};
use leptos::prelude::*;

/// The card; nothing while the session lives.
#[component]
pub fn EndCard(
    /// The session.
    session: RwSignal<SessionView>,
    /// The page's actions.
    actions: Actions,
) -> impl IntoView {
    let ended = Memo::new(move |_| {
        session.with(|s| {
            (s.item.state == SessionState::Ended || s.failure.is_some(), s.item.end, s.failure.clone())
        })
    });
    move || {
        let (shown, ..) = ended.get();
        shown.then(|| view! { <Card view=session.get_untracked() actions=actions/> })
    }
}

#[component]
fn Card(view: SessionView, actions: Actions) -> impl IntoView {
    let SessionView { item, failure, again, .. } = view;
    let over = item.state == SessionState::Ended;
    let tone = sentences::tone(&item);
    let failed = tone == Tone::Failed || !over;
    let title = if over {
        format!("Ended: {}", sentences::word(&item).to_lowercase())
    } else {
        "Something went wrong".to_owned()
    };
    let class = if failed { "card failure" } else { "card ended" };
    let shape = if failed { Shape::Failed } else { Shape::Info };
    let code = item.exit_code.map(|code| view! { <p class="sub">"Exit code "{code}"."</p> });
    let what = match &failure {
        Some(failure) => failure.what.clone(),
        None => sentences::why(&item).unwrap_or("It is over.").to_owned(),
    };
    let words = failure.as_ref().and_then(|failure| failure.words.clone()).map(|words| {
        view! {
            <figure class="quoted">
                <blockquote dir="auto">{words}</blockquote>
                <figcaption>"The site's own words: "<bdi>{item.site.clone()}</bdi></figcaption>
            </figure>
        }
    });
    let next = failure.filter(|failure| !failure.next.is_empty()).map(|failure| {
        view! { <h3>"What to do now"</h3><p>{failure.next}</p> }
    });
    let again = (over && item.mine).then(|| {
        view! { <ButtonLink href=Asked::again(&again).address() look=Look::Primary>"Run again"</ButtonLink> }
    });
    let dismiss = item
        .may(SessionAction::Dismiss)
        .then(|| view! { <DismissButton item=item.clone() actions=actions/> });
    view! {
        <section class=class role=if failed { "alert" } else { "status" }>
            <header><h2><Icon shape=shape/>{title}</h2></header>
            <div class="body">
                <p>{what}</p>
                {code}
                {words}
                {next}
                <div class="act spaced">{again}{dismiss}</div>
            </div>
        </section>
    }
    .into_any()
}
