//! Asks a fake world's router for a page, and makes its HTML fit for a snapshot.

use crate::fakes::{World, serve};
use app::frame::assets::Assets;
use axum::body::{Body, to_bytes};
use axum::http::{Request, Response, StatusCode, header};
use tower::ServiceExt;

/// A page as a browser without JavaScript gets it.
pub(crate) struct Page {
    pub(crate) status: StatusCode,
    pub(crate) html: String,
}

impl Page {
    /// What is inside `<main>`, one tag a line.
    pub(crate) fn main(&self) -> String {
        lines(&between(&self.html, "<main", "</main>"))
    }

    /// The page's `<h1>`s, without markup.
    pub(crate) fn headings(&self) -> Vec<String> {
        self.html
            .split("<h1")
            .skip(1)
            .map(|rest| text(&format!("<h1{}", between(rest, "", "</h1>"))))
            .collect()
    }
}

/// The page at an address.
pub(crate) async fn get(world: World, address: &str) -> Page {
    let request = Request::get(address).header(header::ACCEPT, "text/html").body(Body::empty());
    answer(router(world), request).await
}

/// Sends a form as a browser without JavaScript does, from a page, and follows where it leads.
pub(crate) async fn post(world: World, from: &str, to: &str, fields: &str) -> Page {
    let router = router(world);
    let request = Request::post(to)
        .header(header::ACCEPT, "text/html")
        .header(header::REFERER, format!("http://127.0.0.1{from}"))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(fields.to_owned()));
    let response = send(router.clone(), request).await;
    assert_eq!(response.status(), StatusCode::FOUND, "a form leads back to a page");
    let location = response.headers().get(header::LOCATION).and_then(|l| l.to_str().ok()).unwrap_or_default();
    let location = location.strip_prefix("http://127.0.0.1").unwrap_or(location).to_owned();
    answer(router, Request::get(location).header(header::ACCEPT, "text/html").body(Body::empty())).await
}

/// The site of a world, without a script.
fn router(world: World) -> axum::Router {
    serve::router(world, Assets { css: "/style.css".to_owned(), ..Assets::default() })
}

#[expect(clippy::expect_used, reason = "a page that does not arrive fails its test")]
async fn answer(router: axum::Router, request: Result<Request<Body>, http::Error>) -> Page {
    let response = send(router, request).await;
    let status = response.status();
    let bytes = to_bytes(response.into_body(), 64 << 20).await.expect("the page arrives");
    Page { status, html: String::from_utf8(bytes.to_vec()).expect("pages are UTF-8") }
}

#[expect(clippy::expect_used, reason = "a router that does not answer fails its test")]
async fn send(router: axum::Router, request: Result<Request<Body>, http::Error>) -> Response<Body> {
    router.oneshot(request.expect("a request")).await.expect("the router answers")
}

/// The text from `start` up to and with `end`; all of it where `end` is missing.
pub(crate) fn between(html: &str, start: &str, end: &str) -> String {
    let from = html.find(start).unwrap_or_default();
    let to = html[from..].find(end).map_or(html.len(), |at| from + at + end.len());
    html[from..to].to_owned()
}

/// HTML without its tags.
pub(crate) fn text(html: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => inside = true,
            '>' if inside => inside = false,
            c if !inside => out.push(c),
            _ => {}
        }
    }
    out
}

/// Without Leptos' markers, without the drawings inside icons, one tag a line: short, and a difference is a line.
pub(crate) fn lines(html: &str) -> String {
    let mut html = html.replace("<!>", "").replace("<!---->", "").replace("<!--<() />-->", "");
    while let Some(from) = html.find("<svg") {
        let to = html[from..].find("</svg>").map_or(html.len(), |at| from + at + 6);
        let name = html[from..to]
            .split("<path d=\"")
            .nth(1)
            .and_then(|d| d.split('"').next())
            .unwrap_or("")
            .to_owned();
        html.replace_range(from..to, &format!("[icon {}]", name.chars().take(12).collect::<String>()));
    }
    html.replace('>', ">\n")
        .replace('<', "\n<")
        .lines()
        .filter(|l| !l.trim().is_empty())
        .collect::<Vec<_>>()
        .join("\n")
}
