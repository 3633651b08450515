//! Endpoints of basket that are not pages.

use crate::start::Skyport;
use axum::Router;

/// The routes.
pub fn routes() -> Router<Skyport> {
    Router::new()
}
