//! For machines: alive, ready, metrics.

use super::error_page;
use crate::start::Skyport;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::{StatusCode, header};

/// The process answers.
pub async fn alive() -> &'static str {
    "alive\n"
}

/// The database answers too.
pub async fn ready(State(skyport): State<Skyport>) -> Response {
    match sqlx::query("SELECT 1").execute(&skyport.db).await {
        Ok(_) => "ready\n".into_response(),
        Err(error) => {
            tracing::warn!(fault.chain = %crate::fault::chain(&error), "not ready");
            error_page::plain(StatusCode::SERVICE_UNAVAILABLE, "The database does not answer.")
        }
    }
}

/// The Prometheus text format.
pub async fn metrics(State(skyport): State<Skyport>) -> Response {
    let metrics = &skyport.metrics;
    metrics.db_connections.set(i64::from(skyport.db.size()));
    metrics.db_idle.set(i64::try_from(skyport.db.num_idle()).unwrap_or_default());
    metrics.sign_ins.set(skyport.auth.count_open().await);
    metrics.queries.set(skyport.queries.count_active().await);
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], metrics.page()).into_response()
}
