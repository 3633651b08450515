//! Under the rows: what is selected, and the ways into the basket. The form around the table posts the ticked rows
//! without JavaScript; with it, whatever is selected, also where it is not in sight.

use super::filter::Filter;
use super::result_rows::Rows;
use super::{dom, sentences};
use crate::error::Error;
use crate::features::basket::api::{AddToBasket, AddToBasketForm};
use crate::features::basket::model::{AddWhat, Addition};
use crate::frame::address::sign_in;
use crate::frame::app::FrameState;
use crate::frame::query_string::read_pairs;
use crate::text::{count, counted};
use crate::ui::{Announcer, Button, ErrorBox, Look, Menu, Notice, SubmitButton, Tone};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{HtmlButtonElement, SubmitEvent};
use leptos_router::hooks::use_location;

/// The form and its buttons.
#[component]
pub fn BasketBar(
    /// The rows.
    rows: Rows,
    /// The table.
    children: Children,
) -> impl IntoView {
    let add = ServerAction::<AddToBasket>::new();
    let plain = ServerAction::<AddToBasketForm>::new();
    let done = RwSignal::new(added_before());
    after_adding(rows, add, done);
    let id = rows.query.with_value(|q| q.id.clone());
    let next = {
        let id = id.clone();
        move || rows.address.with(|a| a.address(&id))
    };
    let failed = Signal::derive(move || {
        let error =
            add.value().get().and_then(Result::err).or_else(|| plain.value().get().and_then(Result::err));
        error.filter(|error| *error != Error::SignInNeeded)
    });
    let submit = {
        let id = id.clone();
        move |event: SubmitEvent| {
            event.prevent_default();
            let button = event.submitter().and_then(|s| s.dyn_into::<HtmlButtonElement>().ok());
            let what = match button.map(|b| b.value()).as_deref() {
                Some("result") => AddWhat::WholeResult,
                Some("matching") => AddWhat::Matching(rows.sound.with_untracked(|a| a.filters.clone())),
                _ if rows.all_matching.get_untracked() => {
                    AddWhat::Matching(rows.sound.with_untracked(|a| a.filters.clone()))
                }
                _ => AddWhat::Rows(rows.selection.get_untracked()),
            };
            done.set(None);
            add.dispatch(AddToBasket { add: Addition { query: id.clone(), what } });
        }
    };
    view! {
        <form method="post" action=AddToBasketForm::url() on:submit=submit>
            <input type="hidden" name="query" value=id/>
            <input type="hidden" name="filters" value=move || rows.sound.with(|a| Filter::write_all(&a.filters))/>
            <input type="hidden" name="next" value=next/>
            <div class="said">
                {rows.restored.map(|n| view! { <Notice tone=Tone::Done><p>{sentences::restored(n)}</p></Notice> })}
                {move || {
                    done.get().map(|(added, already)| {
                        view! {
                            <Notice tone=Tone::Done>
                                <p>{sentences::added(added, already)}" "<a href="/basket">"Open the basket"</a></p>
                            </Notice>
                        }
                    })
                }}
                <ErrorBox error=failed/>
            </div>
            {children()}
            <Foot rows=rows pending=add.pending()/>
        </form>
    }
    .into_any()
}

/// What the address says was added, where a form without JavaScript came back to this page.
fn added_before() -> Option<(u64, u64)> {
    let pairs = use_location().search.with_untracked(|search| read_pairs(search));
    let number = |name: &str| pairs.iter().find(|(n, _)| n == name)?.1.parse::<u64>().ok();
    Some((number("added")?, number("already").unwrap_or(0)))
}

fn after_adding(rows: Rows, add: ServerAction<AddToBasket>, done: RwSignal<Option<(u64, u64)>>) {
    let frame = use_context::<FrameState>();
    let announcer = Announcer::get();
    Effect::watch(
        move || add.value().get(),
        move |answer, _, _| match answer {
            Some(Ok(added)) => {
                done.set(Some((added.added, added.already)));
                announcer.say(sentences::added(added.added, added.already));
                rows.clear();
                if let Some(frame) = frame {
                    frame.refresh();
                }
            }
            Some(Err(Error::SignInNeeded)) => {
                let here = rows.query.with_value(|q| rows.address.with_untracked(|a| a.address(&q.id)));
                dom::load_page(&sign_in(&here));
            }
            _ => {}
        },
        false,
    );
}

#[component]
fn Foot(rows: Rows, #[prop(into)] pending: Signal<bool>) -> impl IntoView {
    let total = rows.query.with_value(|q| q.rows);
    let selected = move || match rows.selected() {
        0 => "No row selected".to_owned(),
        n => format!("{} selected", counted(n, "row")),
    };
    let filters = move || {
        rows.sound.with(|a| match a.filters.as_slice() {
            [] => "No filter".to_owned(),
            some => {
                let words: Vec<_> = some.iter().map(|f| format!("{} {}", f.column, f.text)).collect();
                format!("Filter: {}", words.join(" and "))
            }
        })
    };
    // Without JavaScript nobody knows what is ticked until the form is sent.
    let nothing = Signal::derive(move || {
        (rows.live.get() && rows.selected() == 0)
            .then(|| "Select rows first: click them, or use Space.".to_owned())
    });
    let all = move || format!("Select all {}", count(rows.matching.get()));
    let every = move || {
        let matching = rows.matching.get();
        if matching == total {
            format!("All {} rows, one by one", count(total))
        } else {
            format!("All {} filtered rows", count(matching))
        }
    };
    view! {
        <div class="foot">
            <span class="sel js-only" role="status">{selected}</span>
            <span class="filter-words">{filters}</span>
            <span class="end">
                <Button small=true on:click=move |_| rows.select_all()>{all}</Button>
                {move || {
                    (rows.selected() > 0)
                        .then(|| view! { <Button small=true on:click=move |_| rows.clear()>"Clear"</Button> })
                }}
                <Menu label="More" small=true right=true>
                    <li><button type="submit" name="what" value="matching">{every}" into the basket"</button></li>
                    <li><button type="submit" name="what" value="result">"The whole result as one item into the basket"</button></li>
                </Menu>
                <SubmitButton name="what" value="rows" look=Look::Primary small=true pending=pending disabled_because=nothing>
                    "Add to basket"
                </SubmitButton>
            </span>
        </div>
    }
    .into_any()
}
