//! When and where can it run? The question on one side, every site's answer on the other. With a script the answers
//! follow what is typed; without one a button asks again.

use super::address::{Asked, PLAN};
use super::answers::Answers;
use super::api::{TakeOffer, ask_plan};
use super::model::PlanView;
use super::plan_form::{Amounts, PlanForm};
use super::sentences;
use crate::features::queries::{dom, pause::Latest, pause::Pause};
use crate::ui::{Announcer, DataError, ErrorBox, Loading, PageHead, failure_of};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::{use_location, use_url};

/// What the parts of the page share.
#[derive(Clone, Copy)]
pub struct Desk {
    /// What is asked now.
    pub asked: RwSignal<Asked>,
    /// What was answered last, with its question.
    pub view: RwSignal<PlanView>,
    /// The numbers of the form.
    pub amounts: Amounts,
    /// Holds an offer.
    pub take: ServerAction<TakeOffer>,
}

/// The page.
#[component]
pub fn PlanPage() -> impl IntoView {
    let search = use_location().search;
    // Another software is another form; everything else changes the answers alone.
    let software = Memo::new(move |_| search.with(|search| Asked::read(search).question.software));
    let first = Resource::new_blocking(
        move || software.get(),
        move |_| ask_plan(search.with_untracked(|search| Asked::read(search).question)),
    );
    let take = ServerAction::<TakeOffer>::new();
    view! {
        <PageHead title="Plan" lead=|| sentences::LEAD/>
        <ErrorBox error=failure_of(take)/>
        <Transition fallback=Loading>
            {move || Suspend::new(async move {
                match first.await {
                    Ok(view) => {
                        let asked = search.with_untracked(|search| Asked::read(search));
                        view! { <OneDesk view=view asked=asked take=take/> }.into_any()
                    }
                    Err(error) => view! { <DataError error=error/> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn OneDesk(view: PlanView, asked: Asked, take: ServerAction<TakeOffer>) -> impl IntoView {
    let amounts = Amounts::of(&view.question);
    let desk = Desk { asked: RwSignal::new(asked), view: RwSignal::new(view), amounts, take };
    let (latest, pause, announcer) = (Latest::new(), Pause::new(), Announcer::get());
    let look = move |fill: bool| {
        let number = latest.next();
        let question = desk.asked.with_untracked(|asked| asked.question.clone());
        spawn_local(async move {
            // What could not be had now is had with the next change, or by the button.
            let Ok(view) = ask_plan(question).await else { return };
            if latest.is(number) {
                if fill {
                    desk.amounts.fill(&view.question);
                }
                announcer.say(sentences::found(&view.sites));
                let _ = desk.view.try_set(view);
            }
        });
    };
    // Links that lead here, the form's own button, and the browser's Back.
    let url = use_url();
    Effect::watch(
        move || url.get(),
        move |url, _, _| {
            if url.path() == PLAN {
                let new = Asked::read(url.search());
                if desk.asked.with_untracked(|old| *old != new) {
                    desk.asked.set(new);
                    look(true);
                }
            }
        },
        false,
    );
    let changed = Callback::new(move |pairs: String| {
        pause.then(350, move || {
            let typed = Asked::read(&pairs);
            if desk.asked.with_untracked(|old| *old != typed) {
                dom::show_address(&typed.address());
                desk.asked.set(typed);
                look(false);
            }
        });
    });
    view! {
        <div class="grid plan">
            <div class="c5 stack"><PlanForm desk=desk changed=changed/></div>
            <div class="c7 stack"><Answers desk=desk/></div>
        </div>
    }
    .into_any()
}
