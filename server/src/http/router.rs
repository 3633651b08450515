//! All routes of the portal. What is not here is a page, and what is no page is the page that says so. Sessions have hosts
//! of their own, whose requests come nowhere near these ([`super::door`]).

use super::{assets, caller, door, framed, health, layers, pages};
use crate::start::Skyport;
use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use std::time::Duration;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::TimeoutLayer;

/// The paths that are not pages, for the access table: method and path.
pub const ROUTES: &[(&str, &str)] = &[
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", "/metrics"),
    ("GET", "/pkg/{file}"),
    ("GET", "/favicon.svg"),
    ("GET", "/queries/{id}/events"),
    ("GET", "/queries/{id}/download"),
    ("GET", "/basket/download"),
    ("GET", "/bookings/feed/{secret}"),
    ("GET", "/servers/events"),
    ("GET", "/servers/{id}/events"),
    ("GET", "/servers/{id}/console"),
    ("GET", "/sessions/events"),
    ("GET", "/sessions/{id}/events"),
    ("GET", "/sessions/{id}/log"),
    ("GET", "/sessions/{id}/output/{*path}"),
    ("POST", "/sessions/{id}/open"),
    ("POST", "/auth/start"),
    ("GET", "/auth/callback"),
    ("POST", "/auth/sign-out"),
    ("POST", "/auth/sign-out-everywhere"),
];

/// The whole application.
pub fn router(skyport: &Skyport) -> Router {
    let quick = Router::new()
        .route("/api/{*function}", post(pages::server_function))
        .merge(crate::auth::routes::routes())
        .merge(crate::features::sessions::opening::routes::routes())
        .fallback(get(pages::page))
        .method_not_allowed_fallback(pages::method_not_allowed)
        .layer(TimeoutLayer::with_status_code(
            http::StatusCode::GATEWAY_TIMEOUT,
            Duration::from_secs(skyport.config.server.request_timeout_s),
        ));
    let streams = crate::features::queries::routes::routes()
        .merge(crate::features::basket::routes::routes())
        .merge(crate::features::bookings::routes::routes())
        .merge(crate::features::servers::routes::routes())
        .merge(crate::features::sessions::routes::routes());
    let inside = streams
        .merge(quick)
        .layer(from_fn_with_state(skyport.clone(), caller::find_caller))
        .layer(layers::csrf(skyport))
        .layer(RequestBodyLimitLayer::new(skyport.config.server.body_limit_kib * 1024));
    let all = Router::new()
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(health::metrics))
        .route("/pkg/{file}", get(assets::serve))
        .route("/favicon.svg", get(assets::favicon))
        .merge(inside);
    door::beside(outside(all, skyport).with_state(skyport.clone()), skyport)
}

/// What is around every route: each answer is counted and carries its headers, and one that broke says so.
pub fn outside(routes: Router<Skyport>, skyport: &Skyport) -> Router<Skyport> {
    routes
        .layer(CatchPanicLayer::custom(super::error_page::after_panic))
        .layer(from_fn_with_state(skyport.clone(), framed::say_what_happened))
        .layer(from_fn_with_state(skyport.clone(), layers::security_headers))
        .layer(from_fn_with_state(skyport.clone(), layers::observe))
}
