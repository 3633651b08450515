//! `/auth`: the plain HTTP of signing in and out.

use crate::start::Skyport;
use axum::Router;

/// The routes.
pub fn routes() -> Router<Skyport> {
    Router::new()
}
