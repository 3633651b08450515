//! The basket as a file.

use super::download;
use crate::http::error_page;
use crate::start::Skyport;
use app::asking::Caller;
use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::get;
use axum::{Extension, Router};
use serde::Deserialize;

/// The routes.
pub fn routes() -> Router<Skyport> {
    Router::new().route("/basket/download", get(download))
}

#[derive(Deserialize)]
struct Wanted {
    #[serde(default)]
    format: String,
}

async fn download(
    State(skyport): State<Skyport>,
    Extension(caller): Extension<Caller>,
    Query(wanted): Query<Wanted>,
) -> Response {
    match download::respond(&skyport.basket, &caller, &wanted.format).await {
        Ok(response) => response,
        Err(error) => error_page::of(&error),
    }
}
