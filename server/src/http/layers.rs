//! Layers around every request: what each answer carries, what is counted, whence a form may come.

use crate::features::sessions::opening::House;
use crate::ids::new_id;
use crate::start::Skyport;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderName, HeaderValue, Method, header};
use std::time::Instant;
use tower_http::csrf::CsrfLayer;
use tracing::Instrument as _;

/// Refuses forms that another site sent (Sec-Fetch-Site and Origin; no token, so plain forms work).
pub fn csrf(skyport: &Skyport) -> CsrfLayer {
    let layer = CsrfLayer::new();
    layer.clone().add_trusted_origin(&skyport.origin).unwrap_or(layer)
}

/// Headers of every answer. Pages set a policy with their nonce; everything else may load nothing at all.
pub async fn security_headers(State(skyport): State<Skyport>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let fixed = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(), microphone=(), geolocation=(), payment=()",
        ),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // A form that goes to another origin of ours must say whence it comes.
    headers.entry(header::REFERRER_POLICY).or_insert(HeaderValue::from_static("same-origin"));
    if skyport.secure {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=63072000"));
    }
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'; base-uri 'none'"));
    response
}

/// Gives each request an id, logs it once, and counts it.
pub async fn observe(State(skyport): State<Skyport>, request: Request, next: Next) -> Response {
    let id = new_id(&skyport.entropy);
    let method = request.method().clone();
    let route = route_of(&request);
    let span = tracing::info_span!("request", request.id = %id, http.method = %method, http.route = %route);
    let started = Instant::now();
    let mut response = next.run(request).instrument(span.clone()).await;
    let (seconds, status) = (started.elapsed().as_secs_f64(), response.status());
    skyport.metrics.requests.with_label_values(&[method_label(&method), &route, status.as_str()]).inc();
    skyport.metrics.latency.with_label_values(&[&route]).observe(seconds);
    span.in_scope(|| {
        if status.is_server_error() {
            tracing::warn!(http.status = status.as_u16(), http.seconds = seconds, "answered");
        } else {
            tracing::debug!(http.status = status.as_u16(), http.seconds = seconds, "answered");
        }
    });
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HeaderName::from_static("x-request-id"), value);
    }
    response
}

/// The method, where it is one that somebody has a use for: a label must not be the client's to choose.
fn method_label(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}

/// The route's pattern, never the address itself: ids do not belong into metrics. Pages count under their first segment.
fn route_of(request: &Request) -> String {
    if request.extensions().get::<House>().is_some() {
        return "a session's own".to_owned();
    }
    if let Some(matched) = request.extensions().get::<MatchedPath>() {
        let pattern = matched.as_str();
        if !pattern.contains("{*") {
            return pattern.to_owned();
        }
    }
    let path = request.uri().path();
    if path.starts_with("/api/") && leptos::server_fn::axum::server_fn_paths().any(|(known, _)| known == path)
    {
        return path.to_owned();
    }
    let first = path.split('/').nth(1).unwrap_or_default();
    match first {
        "" => "/".to_owned(),
        "datasets" | "queries" | "basket" | "keys" | "servers" | "software" | "plan" | "bookings"
        | "sessions" | "sign-in" | "account" => {
            format!("/{first}")
        }
        _ => "other".to_owned(),
    }
}
