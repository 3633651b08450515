//! Whoever a session is shared with to look at alone comes in where its software lets them change nothing.

use crate::cut::Going;
use crate::world::{SESSION, World, interface, serve};
use axum::Router;
use axum::routing::get;
use std::net::SocketAddr;

/// An interface that can only be watched.
async fn view() -> SocketAddr {
    serve(Router::new().route("/watch", get(|| async { "only seen" }))).await
}

async fn with_view(world: &World, view: Option<SocketAddr>) {
    let mut interface =
        serde_json::json!({"port": world.interface.port(), "path": "/lab/tree", "ready": "/"});
    if let Some(view) = view {
        interface["view"] = serde_json::json!({"port": view.port(), "path": "/watch"});
    }
    let software = serde_json::json!({"name": "lab", "interface": interface}).to_string();
    let change = sqlx::query("UPDATE sessions SET software = $1").bind(software);
    change.execute(&world.portal.skyport.db).await.unwrap();
    world.portal.skyport.opening.forget(SESSION);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_may_look_comes_in_where_nothing_can_be_changed() {
    let mut world = World::at(interface().await).await;
    with_view(&world, Some(view().await)).await;
    let mut other = world.portal.browser();
    other.sign_in("astronomer").await;
    let user = world.user("astronomer").await;
    world.share(&user, false).await;
    let mine = world.open().await;
    let watcher = world.open_at(&mut other, SESSION, "/watch").await;
    assert_eq!(watcher.get("/watch").await.body, "only seen");
    assert_eq!(watcher.get("/lab/tree").await.status, 404, "not by another path either");
    assert_eq!(mine.get("/lab/tree").await.body, "the lab");
    assert_eq!(mine.get("/watch").await.status, 404);
    let events = world.texts("SELECT what FROM session_events ORDER BY what").await;
    assert_eq!(events, ["Opened by Demo Astronomer, to look at.", "Opened by Demo Operator."]);

    // Given more, it leads to the interface; and back.
    world.change("UPDATE session_shares SET with_control = 1").await;
    world.portal.skyport.opening.forget(SESSION);
    assert_eq!(watcher.get("/lab/tree").await.body, "the lab");
    let going = Going::begin(&watcher).await;
    world.change("UPDATE session_shares SET with_control = 0").await;
    world.portal.skyport.opening.forget(SESSION);
    going.cut().await;
    assert_eq!(watcher.get("/lab/tree").await.status, 404);
    assert_eq!(watcher.get("/watch").await.body, "only seen");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_watched_is_not_opened_by_who_may_look() {
    let world = World::at(interface().await).await;
    with_view(&world, Some(view().await)).await;
    let mut other = world.portal.browser();
    other.sign_in("astronomer").await;
    let user = world.user("astronomer").await;
    world.share(&user, false).await;
    let watcher = world.open_at(&mut other, SESSION, "/watch").await;
    with_view(&world, None).await;
    assert_eq!(watcher.get("/watch").await.status, 401);
    assert_eq!(watcher.get("/lab/tree").await.status, 401);
    let no = other.post(&format!("/sessions/{SESSION}/open"), &[]).await;
    assert!(no.status == 409 && no.body.contains("shared with you to look at"), "{no:?}");
    // A site that put another port before it cannot tell where it is watched.
    with_view(&world, Some(view().await)).await;
    let elsewhere = interface().await.to_string();
    let change = sqlx::query("UPDATE sessions SET address = $1").bind(&elsewhere);
    change.execute(&world.portal.skyport.db).await.unwrap();
    world.portal.skyport.opening.forget(SESSION);
    assert_ne!(watcher.get("/lab/tree").await.status, 200);
    // Shared twice, what allows more counts.
    sqlx::query("INSERT INTO session_shares (session, with_group, with_name, since_us, with_control) VALUES ($1, 1, 'astronomers', 0, 1)")
        .bind(SESSION)
        .execute(&world.portal.skyport.db)
        .await
        .unwrap();
    world.portal.skyport.opening.forget(SESSION);
    assert_eq!(watcher.get("/lab/tree").await.body, "the lab");
}
