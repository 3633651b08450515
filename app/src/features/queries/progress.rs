//! A query that is not over: what it waits for, how many rows are here, and how to stop it.

use super::api::{CancelQuery, show_query};
use super::model::{QueryState, QueryView};
use super::pause::Pause;
use super::{dom, sentences};
use crate::error::Result;
use crate::frame::app::FrameState;
use crate::text::counted;
use crate::ui::{Announcer, ErrorBox, Icon, Shape, SubmitButton, Time};
use leptos::ev;
use leptos::leptos_dom::helpers::window_event_listener;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::Element;

/// Milliseconds between two looks where the stream of events does not come through.
const POLL_MS: u64 = 2000;

/// Without JavaScript the page looks again by itself. Inside `<noscript>`, since a `Refresh` header would reload the page
/// under people with JavaScript too; a name, since the view macro takes a literal for a plain attribute.
const LOOK_AGAIN: &str = "<meta http-equiv=\"refresh\" content=\"2\">";

/// Keeps the query as the server has it, in the browser, until it is over.
pub fn follow(query: RwSignal<QueryView>) {
    let pause = Pause::new();
    let frame = use_context::<FrameState>();
    let announcer = Announcer::get();
    let seen = move |new: QueryView| {
        if new.state.is_over() {
            announcer.say(format!("{}. {}", new.state.word(), sentences::numbers(&new)));
            if let Some(frame) = frame {
                frame.refresh();
            }
        }
        let _ = query.try_set(new);
    };
    Effect::new(move |_| {
        let (over, id) = query.with_untracked(|q| (q.state.is_over(), q.id.clone()));
        if !over {
            let lost_id = id.clone();
            dom::watch_query(&id, seen, move || poll(pause, lost_id.clone(), seen));
        } else if let Some(frame) = frame
            && untrack(|| frame.view()).is_some_and(|view| view.running > 0)
        {
            // It was over before anybody looked, and the frame may still count it.
            frame.refresh();
        }
    });
}

fn poll(pause: Pause, id: String, seen: impl Fn(QueryView) + Copy + 'static) {
    pause.then(POLL_MS, move || {
        spawn_local(async move {
            let answer = show_query(id.clone()).await;
            let over = answer.as_ref().is_ok_and(|q| q.state.is_over());
            if let Ok(query) = answer {
                seen(query);
            }
            if !over {
                poll(pause, id, seen);
            }
        });
    });
}

/// Whether Escape belongs to a menu or a field here.
fn closes_something(event: &ev::KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|target| {
        target.closest("details.menu, input, select, textarea").is_ok_and(|e| e.is_some())
    })
}

/// The steps so far, and the button that stops it.
#[component]
pub fn Progress(
    /// The query.
    query: RwSignal<QueryView>,
) -> impl IntoView {
    let cancel = ServerAction::<CancelQuery>::new();
    let error = Signal::derive(move || cancel.value().get().and_then(Result::err));
    Effect::new(move |_| {
        if let Some(Ok(new)) = cancel.value().get() {
            query.set(new);
        }
    });
    let id = query.with_untracked(|q| q.id.clone());
    let escape = {
        let id = id.clone();
        move |event: ev::KeyboardEvent| {
            let meant = event.key() == "Escape" && !event.default_prevented() && !closes_something(&event);
            if meant && !cancel.pending().get_untracked() {
                cancel.dispatch(CancelQuery { id: id.clone() });
            }
        }
    };
    Effect::new(move |_| {
        let listener = window_event_listener(ev::keydown, escape.clone());
        on_cleanup(move || listener.remove());
    });
    let running = Memo::new(move |_| query.with(|q| q.state == QueryState::Running));
    let asked = query.with_untracked(|q| q.asked_us);
    view! {
        <section class="card progress" aria-label="Progress">
            <ol class="journey">
                <li class="done"><Icon shape=Shape::Check/><span>"Asked"</span><span class="hint"><Time us=asked/></span></li>
                <li class:done=running class:now=move || !running.get()>
                    {move || view! { <Icon shape=if running.get() { Shape::Check } else { Shape::Clock }/> }}
                    <span>{move || if running.get() { "Started" } else { "Queued" }}</span>
                    <span class="hint">
                        {move || {
                            query.with(|q| match (q.started_us, q.before_it) {
                                (Some(us), _) => view! { <Time us=us/> }.into_any(),
                                (None, before) => sentences::waits_for(before).into_any(),
                            })
                        }}
                    </span>
                </li>
                <li class:now=running>
                    <Icon shape=Shape::Running/>
                    <span>"Rows arrive"</span>
                    <span class="hint">
                        {move || {
                            query.with(|q| match (q.state, q.rows) {
                                (QueryState::Running, 0) => format!("{} works on it; no rows yet", q.archive_title),
                                (QueryState::Running, rows) => format!("{} so far", counted(rows, "row")),
                                _ => String::new(),
                            })
                        }}
                    </span>
                </li>
            </ol>
            <ActionForm action=cancel>
                <input type="hidden" name="id" value=id/>
                <SubmitButton pending=cancel.pending()>"Cancel query"</SubmitButton>
                <span class="hint js-only">"or press Escape"</span>
                <span class="no-js hint"><a href="">"Look again"</a></span>
            </ActionForm>
            <ErrorBox error=error/>
            <noscript inner_html=LOOK_AGAIN></noscript>
        </section>
    }
    .into_any()
}
