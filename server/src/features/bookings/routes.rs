//! The calendar feed: its address is the secret, so that any calendar program can read it.

use crate::http::error_page;
use crate::start::Skyport;
use app::error::Error;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use http::header;

/// The routes.
pub fn routes() -> Router<Skyport> {
    Router::new().route("/bookings/feed/{secret}", get(feed))
}

async fn feed(State(skyport): State<Skyport>, Path(secret): Path<String>) -> Response {
    let read = match secret.strip_suffix(".ics") {
        Some(secret) => skyport.bookings.feed(secret).await,
        None => Err(Error::NotFound),
    };
    let headers = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
        (header::CACHE_CONTROL, "private, no-store"),
        (header::CONTENT_DISPOSITION, "inline; filename=\"skyport.ics\""),
    ];
    match read {
        Ok(file) => (headers, file).into_response(),
        Err(error) => error_page::of(&error),
    }
}
