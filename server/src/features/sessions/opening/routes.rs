//! The portal's side of the way in.

use super::{NoTicket, ticket_page};
use crate::http::error_page;
use crate::ids::new_secret;
use crate::start::Skyport;
use app::asking::Caller;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::post;
use axum::{Extension, Router};
use http::StatusCode;

/// The routes.
pub fn routes() -> Router<Skyport> {
    Router::new().route("/sessions/{id}/open", post(open))
}

/// Leads who may open a session to its origin.
async fn open(
    State(skyport): State<Skyport>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Response {
    match skyport.opening.mint(&caller, &id).await {
        Ok(ticket) => ticket_page::page(&ticket, &new_secret(&skyport.entropy)),
        Err(NoTicket::NotNow(sentence)) => {
            error_page::titled(StatusCode::CONFLICT, "This session cannot be opened now", sentence)
        }
        Err(NoTicket::NoDomain) => error_page::titled(
            StatusCode::SERVICE_UNAVAILABLE,
            "Sessions have no address here",
            "This Skyport has no domain to open sessions under, so it runs and cannot be opened. Ask the operator to \
             set [sessions] domain.",
        ),
        Err(NoTicket::Error(error)) => error_page::of(&error),
    }
}
