//! Shows the real pages over fake ports, so that they can be looked at without a server: `cargo run -p skyport-app
//! --example gallery --features ssr -- 4100`.
//!
//! Everything stands under the world it shows: the port given serves a full Skyport to a signed-in user, the next one
//! an empty Skyport, then a visitor, then one whose database is away. `?theme=dark` and `?js=1` in any address set what
//! the browser's script would set; a second argument names a folder that
//! `./dev web` filled, whose script is then used.

#[path = "../tests/fakes/fakes.rs"]
mod fakes;

use app::frame::assets::Assets;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::header::CONTENT_TYPE;
use axum::http::{StatusCode, Uri};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use fakes::World;
use std::path::{Path, PathBuf};

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let first: u16 = std::env::args().nth(1).and_then(|port| port.parse().ok()).unwrap_or(4100);
    let folder = std::env::args().nth(2).map(PathBuf::from);
    let mut servers = tokio::task::JoinSet::new();
    for (port, (name, world)) in (first..).zip([
        ("full", World::FULL),
        ("empty", World::EMPTY),
        ("visitor", World::VISITOR),
        ("broken", World::BROKEN),
    ]) {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
        println!("{name:8} http://127.0.0.1:{port}/");
        servers.spawn(axum::serve(listener, site(world, folder.clone())).into_future());
    }
    while let Some(ended) = servers.join_next().await {
        ended.map_err(std::io::Error::other)??;
    }
    Ok(())
}

fn site(world: World, site: Option<PathBuf>) -> Router {
    let name = |kind: &str| -> String {
        let manifest = site.as_ref().and_then(|site| std::fs::read_to_string(site.join("site.json")).ok());
        let manifest: Option<serde_json::Value> = manifest.and_then(|text| serde_json::from_str(&text).ok());
        manifest.and_then(|m| m[kind]["path"].as_str().map(|path| format!("/{path}"))).unwrap_or_default()
    };
    let assets =
        Assets { js: name("js"), wasm: name("wasm"), css: "/style.css".to_owned(), ..Assets::default() };
    fakes::serve::router(world, assets)
        .route(
            "/pkg/{file}",
            get(async move |file: axum::extract::Path<String>| built(site.as_deref(), &file.0)),
        )
        .route("/style.css", get(|| async { ([(CONTENT_TYPE, "text/css")], sheets()) }))
        .route(
            "/favicon.svg",
            get(|| async {
                ([(CONTENT_TYPE, "image/svg+xml")], include_str!("../../style/static/favicon.svg"))
            }),
        )
        .layer(from_fn(as_if_scripted))
}

/// A file of the site folder.
fn built(site: Option<&Path>, file: &str) -> Response {
    let kind = if Path::new(file).extension().is_some_and(|e| e == "wasm") {
        "application/wasm"
    } else {
        "text/javascript"
    };
    let path = site.filter(|_| !file.contains(['/', '\\'])).map(|site| site.join("pkg").join(file));
    match path.and_then(|path| std::fs::read(path).ok()) {
        Some(bytes) => ([(CONTENT_TYPE, kind)], bytes).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// All sheets in the order of the bundle, read anew for each request: edit, reload, look.
fn sheets() -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../style");
    let mut found = Vec::new();
    collect(&folder, &mut found);
    found.sort();
    let first = |name: &str| found.iter().position(|path| path.ends_with(name)).map(|i| found[i].clone());
    let heads: Vec<PathBuf> = ["tokens.css", "reset.css", "base.css"].into_iter().filter_map(first).collect();
    let rest = found.iter().filter(|path| !heads.contains(path));
    heads.iter().chain(rest).filter_map(|path| std::fs::read_to_string(path).ok()).collect()
}

fn collect(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, into);
        } else if path.extension().is_some_and(|e| e == "css") {
            into.push(path);
        }
    }
}

/// Sets on `<html>` what the browser's script would set, where the address asks for it.
async fn as_if_scripted(uri: Uri, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let query = uri.query().unwrap_or_default();
    let mut attributes = String::new();
    if let Some(theme) = query.split('&').find_map(|p| p.strip_prefix("theme=")) {
        attributes.push_str(if theme == "dark" { " data-theme=\"dark\"" } else { " data-theme=\"light\"" });
    }
    if query.split('&').any(|p| p == "js=1") {
        attributes.push_str(" data-js");
    }
    if attributes.is_empty() {
        return response;
    }
    let (parts, body) = response.into_parts();
    match to_bytes(body, 64 << 20).await {
        Ok(bytes) => {
            let html = String::from_utf8_lossy(&bytes).replacen(
                "<html lang=\"en\"",
                &format!("<html lang=\"en\"{attributes}"),
                1,
            );
            (parts.status, [(CONTENT_TYPE, "text/html; charset=utf-8")], Body::from(html)).into_response()
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
