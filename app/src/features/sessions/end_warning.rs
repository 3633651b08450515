//! Warnings before a session's time comes, and before it is up: on the page, aloud, and by the browser's own notification where one wants it.

use super::model::{SessionAction, SessionState, SessionView};
use super::sentences;
use super::session_actions::{Actions, ExtendButton};
use crate::features::software::model::Kind;
use crate::ui::{Announcer, Button, Countdown, Notice, Time, Tone, browser};
use leptos::leptos_dom::helpers::set_interval_with_handle;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;

/// What is near.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Near {
    /// Its time begins then.
    Start(i64),
    /// Its time is up then.
    End(i64),
}

impl Near {
    fn us(self) -> i64 {
        match self {
            Self::Start(us) | Self::End(us) => us,
        }
    }
}

/// The notice, once its start or its end is near.
#[component]
pub fn EndWarning(
    /// The session.
    session: RwSignal<SessionView>,
    /// The page's actions.
    actions: Actions,
) -> impl IntoView {
    // How far the server's clock is ahead of the browser's; nothing is trusted of the latter but what passes.
    let ahead = StoredValue::new(0);
    let now = RwSignal::new(session.with_untracked(|s| s.now_us));
    Effect::new(move |_| {
        let server = session.with(|s| s.now_us);
        if let Some(here) = browser::now_us() {
            ahead.set_value(server - here);
            now.set(server);
        }
    });
    Effect::new(move |_| {
        let tick = move || {
            if let (Some(here), Some(ahead)) = (browser::now_us(), ahead.try_get_value()) {
                let _ = now.try_set(here + ahead);
            }
        };
        if let Ok(handle) = set_interval_with_handle(tick, Duration::from_secs(5)) {
            on_cleanup(move || handle.clear());
        }
    });
    let due = Memo::new(move |_| {
        let now = now.get();
        session.with(|s| {
            let when = match s.item.state {
                SessionState::Waiting => Near::Start(s.item.start_us),
                SessionState::Ending | SessionState::Ended => return None,
                _ => Near::End(s.item.end_us),
            };
            sentences::warning(when.us() - now).map(|minutes| (minutes, when))
        })
    });
    tell(session, due);
    move || {
        let end_us = match due.get()?.1 {
            Near::Start(us) => {
                let now_us = now.get_untracked();
                let notice = view! { <Notice><p>"It starts in "<Countdown to_us=us now_us=now_us/>", "<Time us=us/>"."</p></Notice> };
                return Some(notice.into_any());
            }
            Near::End(us) => us,
        };
        let view = session.get_untracked();
        let lost = if view.item.kind == Kind::Batch { sentences::BATCH_STOPS } else { sentences::SAVE_FIRST };
        let extend = view.item.may(SessionAction::Extend).then(|| {
            view! { <ExtendButton item=view.item.clone() minutes=view.extend_minutes no_extension=view.no_extension.clone() actions=actions small=true/> }
        });
        Some(view! {
            <Notice tone=Tone::Attention>
                <p>"Its time is up in "<Countdown to_us=end_us now_us=now.get_untracked()/>", "<Time us=end_us/>". "{lost}</p>
                {extend}
            </Notice>
        }
        .into_any())
    }
}

/// Says each warning once, as it comes due.
fn tell(session: RwSignal<SessionView>, due: Memo<Option<(i64, Near)>>) {
    let announcer = Announcer::get();
    Effect::watch(
        move || due.get(),
        move |due, before, _| {
            let Some((minutes, near)) = due.filter(|_| before.is_some_and(|before| before != due)) else {
                return;
            };
            let (id, title) = session.with_untracked(|s| (s.item.id.clone(), s.item.title.clone()));
            let text = match near {
                Near::Start(_) => format!("It starts in {minutes} minutes."),
                Near::End(_) => format!("Its time is up in {minutes} minutes."),
            };
            announcer.say(format!("{title}: {text}"));
            browser::notify(&title, &text, &id);
        },
        false,
    );
}

/// Asks for notifications, on a press alone; nothing where they were refused or are there.
#[component]
pub fn NotifyButton() -> impl IntoView {
    let wanted = RwSignal::new(false);
    Effect::new(move |_| wanted.set(browser::can_notify() && browser::may_notify().is_none()));
    let announcer = Announcer::get();
    let ask = move |_| {
        spawn_local(async move {
            let granted = browser::ask_to_notify().await;
            let _ = wanted.try_set(false);
            announcer.say(if granted {
                "You will be notified while Skyport is open"
            } else {
                "No notifications"
            });
        });
    };
    move || {
        wanted.get().then(|| {
            view! { <Button small=true on:click=ask>"Notify me in time"</Button> }
        })
    }
}
