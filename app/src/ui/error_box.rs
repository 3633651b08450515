//! The box that says what went wrong: on top of a form, or in place of what could not be shown.

use super::icon::{Icon, Shape};
use crate::error::Error;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// What went wrong and what to do; with every field's own sentence, which leads to the field. Nothing where all is well.
#[component]
pub fn ErrorBox(
    /// The error, if there is one.
    #[prop(into)]
    error: Signal<Option<Error>>,
) -> impl IntoView {
    move || error.get().map(|error| show(&error))
}

/// The error of an action's last run, also when the form was sent without JavaScript and the error came in the address.
pub fn failure_of<S>(action: ServerAction<S>) -> Signal<Option<Error>>
where
    S: ServerFn<Error = Error> + Clone + Send + Sync + 'static,
    S::Output: Send + Sync + 'static,
{
    Signal::derive(move || error_of(action))
}

/// The same, as it is now.
pub fn error_of<S>(action: ServerAction<S>) -> Option<Error>
where
    S: ServerFn<Error = Error> + Clone + Send + Sync + 'static,
    S::Output: Send + Sync + 'static,
{
    action.value().with(|last| last.as_ref().and_then(|result| result.as_ref().err().cloned()))
}

/// What went wrong with one of several small forms, without links: their fields are in menus, which are closed.
#[component]
pub fn Problem(
    /// The error, if there is one.
    #[prop(into)]
    error: Signal<Option<Error>>,
) -> impl IntoView {
    move || error.get().map(|error| problem(&error, view! { <p>{error.to_string()}</p> }.into_any()))
}

/// A short headline for an error.
pub fn title_of(error: &Error) -> &'static str {
    match error {
        Error::NotFound => "There is nothing here",
        Error::SignInNeeded => "Sign in first",
        Error::Forbidden => "Not for your account",
        Error::Invalid(_) => "Something needs another look",
        Error::Adql(_) => "The ADQL has a fault",
        Error::Limit(_) => "A limit is reached",
        Error::Archive(_) => "The archive could not answer",
        Error::Unavailable { .. } => "Skyport is not complete at the moment",
        Error::Internal { .. } => "Something broke",
        Error::Transport => "No answer",
        Error::StaleForm => "This page is out of date",
    }
}

fn show(error: &Error) -> AnyView {
    let fields = match error {
        Error::Invalid(fields) if !fields.is_empty() => Some(
            fields
                .iter()
                .map(|f| view! { <li><a href=format!("#{}", f.field)>{f.sentence.clone()}</a></li> })
                .collect_view(),
        ),
        _ => None,
    };
    let place = match error {
        Error::Adql(fault) => Some(format!("Line {}, column {}.", fault.line, fault.column)),
        _ => None,
    };
    let sentence = match fields {
        Some(fields) => view! { <ul>{fields}</ul> }.into_any(),
        None => view! { <p>{error.to_string()}{place.map(|p| format!(" {p}"))}</p> }.into_any(),
    };
    problem(error, sentence)
}

fn problem(error: &Error, sentence: AnyView) -> AnyView {
    view! {
        <div class="problem" role="alert">
            <Icon shape=Shape::Failed/>
            <div>
                <p class="title">{title_of(error)}</p>
                {sentence}
            </div>
        </div>
    }
    .into_any()
}
