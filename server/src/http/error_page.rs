//! Answers for when no page could be rendered: plain, escaped by being text, with the reference.

use crate::fault::reference;
use app::error::Error;
use axum::response::{IntoResponse as _, Response};
use http::{StatusCode, header};
use std::any::Any;

/// A sentence as plain text.
pub fn plain(status: StatusCode, sentence: &str) -> Response {
    (status, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], format!("{sentence}\n")).into_response()
}

/// The answer of an endpoint that is no page.
pub fn of(error: &Error) -> Response {
    plain(
        StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
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
