//! What can be done with a booking: small forms, and the question before it is given back.

use super::api::{CancelBooking, EndBookingAt, MoveBooking};
use super::model::{BookingState, BookingView, Change};
use super::sentences;
use crate::error::Error;
use crate::features::sessions::api::AcceptOffer;
use crate::text::minutes;
use crate::ui::{Confirm, Look, SubmitButton, Time, TimeInput, error_of};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// The running actions of a page.
#[derive(Clone, Copy)]
pub struct Actions {
    /// Accepts an offer that is held.
    pub accept: ServerAction<AcceptOffer>,
    /// Gives it back.
    pub cancel: ServerAction<CancelBooking>,
    /// Begins it at another time.
    pub start: ServerAction<MoveBooking>,
    /// Ends it at another time.
    pub end: ServerAction<EndBookingAt>,
}

impl Actions {
    /// Nothing was done yet.
    pub fn new() -> Self {
        Self {
            accept: ServerAction::new(),
            cancel: ServerAction::new(),
            start: ServerAction::new(),
            end: ServerAction::new(),
        }
    }

    /// Changes whenever something was done.
    pub fn version(self) -> usize {
        self.accept.version().get()
            + self.cancel.version().get()
            + self.start.version().get()
            + self.end.version().get()
    }

    /// What went wrong last.
    pub fn failed(self) -> Option<Error> {
        error_of(self.accept)
            .or_else(|| error_of(self.cancel))
            .or_else(|| error_of(self.start))
            .or_else(|| error_of(self.end))
    }
}

impl Default for Actions {
    fn default() -> Self {
        Self::new()
    }
}

/// The one thing to do with an offer that is held.
#[component]
pub fn Accept(
    /// The booking.
    id: String,
    /// The page's actions.
    actions: Actions,
) -> impl IntoView {
    view! {
        <ActionForm action=actions.accept>
            <input type="hidden" name="booking" value=id/>
            <SubmitButton look=Look::Primary pending=actions.accept.pending()>"Accept"</SubmitButton>
        </ActionForm>
    }
    .into_any()
}

/// Gives back an offer that is held: nothing is lost, so nothing is asked.
#[component]
pub fn GiveBack(
    /// The booking.
    id: String,
    /// The page's actions.
    actions: Actions,
) -> impl IntoView {
    view! {
        <ActionForm action=actions.cancel>
            <input type="hidden" name="id" value=id/>
            <SubmitButton pending=actions.cancel.pending()>"Give back"</SubmitButton>
        </ActionForm>
    }
    .into_any()
}

/// The question before a booking is cancelled.
#[component]
pub fn Cancel(
    /// The booking.
    booking: BookingView,
    /// The page's actions.
    actions: Actions,
) -> impl IntoView {
    let question = sentences::cancel_question(&booking);
    view! {
        <Confirm label="Cancel booking" question=question look=Look::Danger right=true>
            <ActionForm action=actions.cancel>
                <input type="hidden" name="id" value=booking.id/>
                <SubmitButton look=Look::Danger pending=actions.cancel.pending()>
                    <span>"Cancel "<bdi>{booking.title}</bdi></span>
                </SubmitButton>
            </ActionForm>
        </Confirm>
    }
    .into_any()
}

/// What is wrong with a field of an action.
fn fault<S>(action: ServerAction<S>, field: &'static str) -> Signal<Option<String>>
where
    S: ServerFn<Error = Error, Output = ()> + Clone + Send + Sync + 'static,
{
    Signal::derive(move || error_of(action)?.of_field(field).map(str::to_owned))
}

/// Another time for it: another start, or another end.
#[component]
pub fn OtherTimes(
    /// The booking.
    booking: BookingView,
    /// The page's actions.
    actions: Actions,
) -> impl IntoView {
    let BookingView { id, state, start_us, end_us, extends_to_us, ref changes, .. } = booking;
    let id = StoredValue::new(id);
    let id = move || id.get_value();
    let may = |change| changes.contains(&change);
    let starts = may(Change::Move).then(|| {
        view! {
            <ActionForm action=actions.start attr:class="inline-form">
                <input type="hidden" name="id" value=id()/>
                <TimeInput name="start" id="start" label="Start at" us=Some(start_us) error=fault(actions.start, "start")/>
                <SubmitButton pending=actions.start.pending()>"Move it"</SubmitButton>
            </ActionForm>
        }
    });
    let latest = extends_to_us.filter(|_| may(Change::Extend));
    let steps = latest.map(|latest| {
        let buttons = [30, 60, 240]
            .into_iter()
            .map(|step: u32| (step, end_us + i64::from(step) * 60_000_000))
            .filter(|(_, end)| *end <= latest)
            .map(|(step, end)| view! { <Step id=id() words=format!("{} longer", minutes(step)) end_us=end actions=actions/> })
            .collect_view();
        view! { <div class="act">{buttons}</div> <p class="hint">"It could last until "<Time us=latest/>" at most."</p> }
    });
    let ends = (may(Change::Extend) || may(Change::Shorten)).then(|| {
        view! {
            <ActionForm action=actions.end attr:class="inline-form">
                <input type="hidden" name="id" value=id()/>
                <TimeInput name="end" id="end" label="End at" us=Some(end_us) error=fault(actions.end, "end")/>
                <SubmitButton pending=actions.end.pending()>{if latest.is_some() { "End it then" } else { "Shorten it" }}</SubmitButton>
            </ActionForm>
        }
    });
    let stuck = (state == BookingState::Running && latest.is_none())
        .then(|| view! { <p class="hint">"It cannot be extended now: others have what comes after it, or it is as long as its site allows."</p> });
    view! { <div class="stacked">{starts}{steps}{ends}{stuck}</div> }.into_any()
}

#[component]
fn Step(id: String, words: String, end_us: i64, actions: Actions) -> impl IntoView {
    view! {
        <ActionForm action=actions.end>
            <input type="hidden" name="id" value=id/>
            <input type="hidden" name="end_us" value=end_us.to_string()/>
            <SubmitButton small=true pending=actions.end.pending()>{words}</SubmitButton>
        </ActionForm>
    }
    .into_any()
}
