//! Answers of what is no page: plain, escaped by being text, with the reference. For a browser that asked for a page
//! [`super::framed`] puts the same words into the frame.

use crate::fault::reference;
use app::error::Error;
use app::ui::error_box::title_of;
use axum::Extension;
use axum::response::{IntoResponse as _, Response};
use http::{StatusCode, header};
use std::any::Any;

/// What an answer says, kept beside its plain text.
#[derive(Debug, Clone)]
pub(super) struct Said {
    /// A short headline.
    pub(super) title: &'static str,
    /// What happened and what to do now.
    pub(super) sentence: String,
}

/// A sentence as plain text.
pub fn plain(status: StatusCode, sentence: &str) -> Response {
    let title = match status {
        StatusCode::NOT_FOUND => "There is nothing here",
        StatusCode::SERVICE_UNAVAILABLE => "Not at the moment",
        _ => "Something broke",
    };
    titled(status, title, sentence)
}

/// A sentence as plain text, with the headline that it has in a frame.
pub(crate) fn titled(status: StatusCode, title: &'static str, sentence: &str) -> Response {
    let said = Said { title, sentence: sentence.to_owned() };
    let text = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
    (status, text, Extension(said), format!("{sentence}\n")).into_response()
}

/// The answer of an endpoint that is no page.
pub fn of(error: &Error) -> Response {
    titled(
        StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
        title_of(error),
        &error.to_string(),
    )
}

/// After a panic: logged once, answered with the reference alone.
#[expect(clippy::needless_pass_by_value, reason = "the signature that the layer asks for")]
pub fn after_panic(panic: Box<dyn Any + Send + 'static>) -> Response {
    let reference = reference();
    let text =
        panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    tracing::error!(fault.reference = %reference, fault.chain = text.unwrap_or("no text"), "a request panicked");
    of(&Error::Internal { reference })
}
