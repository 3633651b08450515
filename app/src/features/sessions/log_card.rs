//! What a session's software wrote: the end of it here, all of it as a file.

use super::api::show_session_log;
use super::session_item::page_of;
use crate::error::Result;
use crate::ui::{Button, ButtonLink, ErrorBox, Icon, Shape};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The card; folded while the session runs with an interface of its own.
#[component]
pub fn LogCard(
    /// The session's id.
    id: String,
    /// The end of the log, as the page found it.
    first: String,
    /// Whether it is open from the start.
    open: bool,
    /// Changes when there may be more of it.
    #[prop(into)]
    moved: Signal<String>,
) -> impl IntoView {
    let address = page_of(&id);
    let id = StoredValue::new(id);
    // A card that appears while the page is open comes with nothing: it asks by itself.
    let is_new = first.is_empty();
    let (text, asking) = (RwSignal::new(Ok::<String, crate::error::Error>(first)), RwSignal::new(false));
    let look = move || {
        asking.set(true);
        spawn_local(async move {
            let Some(id) = id.try_get_value() else { return };
            let answer = show_session_log(id).await;
            let _ = text.try_set(answer);
            let _ = asking.try_set(false);
        });
    };
    Effect::watch(move || moved.get(), move |_, _, _| look(), is_new);
    let failed = Signal::derive(move || text.get().err());
    let words = move || match text.get() {
        Ok(text) if text.trim().is_empty() => {
            view! { <p class="quiet-text">"It has written nothing yet."</p> }.into_any()
        }
        Ok(text) => {
            view! { <pre class="console" tabindex="0" role="region" aria-label="End of the log">{text}</pre> }
                .into_any()
        }
        Err(_) => ().into_any(),
    };
    view! {
        <section class="card">
            <details class="more-options" open=open>
                <summary><Icon shape=Shape::Right/><h2>"Log"</h2><span class="hint">"the end of what it wrote"</span></summary>
                <div class="body">
                    <ErrorBox error=failed/>
                    {words}
                    <div class="act spaced">
                        <Button small=true on:click=move |_| look() disabled_because=Signal::derive(move || asking.get().then(|| "It is being asked for.".to_owned()))>
                            <Icon shape=Shape::Refresh/>"Look again"
                        </Button>
                        <ButtonLink href=format!("{address}/log") small=true external=true><Icon shape=Shape::Download/>"All of it"</ButtonLink>
                    </div>
                </div>
            </details>
        </section>
    }
    .into_any()
}

/// The end of a session's log for its page; nothing where it cannot be had, which the card then says.
pub async fn first_of(id: String, has_log: bool) -> Result<String> {
    if has_log { show_session_log(id).await } else { Ok(String::new()) }
}
