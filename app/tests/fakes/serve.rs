//! The real pages and server functions over a fake world, as an axum router.

use super::World;
use app::frame::assets::Assets;
use app::shell;
use axum::Router;
use axum::routing::{any, get};
use leptos::prelude::provide_context;

/// Pages at their own addresses, server functions under `/api`; with a script where `assets` names one.
pub(crate) fn router(world: World, assets: Assets) -> Router {
    // Pages spawn their loading on this; the second router of a process finds it there already.
    let _ = any_spawner::Executor::init_tokio();
    let ports = world.ports();
    let context = move || {
        provide_context(world.caller());
        provide_context(ports.clone());
    };
    let pages = leptos_axum::render_app_async_with_context(context.clone(), move || shell(&assets));
    Router::new()
        .route(
            "/api/{*function}",
            any(move |request| leptos_axum::handle_server_fns_with_context(context.clone(), request)),
        )
        .fallback(get(pages))
}
