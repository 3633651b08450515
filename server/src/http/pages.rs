//! Pages and server functions: Leptos behind axum.

use super::error_page;
use crate::start::Skyport;
use app::asking::{Caller, NotKnown, Ports};
use app::error::Error;
use app::ui::Trouble;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use http::{HeaderValue, StatusCode, header};
use leptos::context::{provide_context, use_context};
use leptos::nonce::use_nonce;
use leptos::server_fn::error::SERVER_FN_ERROR_HEADER;
use leptos_axum::ResponseOptions;

/// Longest error that a function may answer with, in bytes.
const LONGEST_ERROR: usize = 1 << 20;

/// Renders any page; the page for unknown addresses sets 404 itself.
pub async fn page(State(skyport): State<Skyport>, request: Request) -> Response {
    let (caller, ports, not_known) = (caller_of(&request), skyport.ports.clone(), not_known(&request));
    let assets = skyport.assets.clone();
    let provide = move || {
        provide_asking(&caller, &ports, not_known.as_ref());
        set_page_policy();
    };
    leptos_axum::render_app_async_with_context(provide, move || app::shell(&assets))(request).await
}

/// Renders the page that says what went wrong, at an address where no page is. Without the scripts: they would look for
/// the page that belongs to the browser's address.
pub(super) async fn trouble_page(
    skyport: &Skyport,
    caller: Caller,
    not_known: Option<NotKnown>,
    trouble: Trouble,
) -> Response {
    let (ports, mut assets) = (skyport.ports.clone(), skyport.assets.clone());
    assets.js.clear();
    let provide = move || {
        provide_asking(&caller, &ports, not_known.as_ref());
        provide_context(trouble.clone());
        set_page_policy();
    };
    let mut request = Request::new(Body::empty());
    *request.uri_mut() = http::Uri::from_static("/~");
    leptos_axum::render_app_async_with_context(provide, move || app::shell(&assets))(request).await
}

/// Runs a server function, whether the page's script or a plain form asks.
pub async fn server_function(State(skyport): State<Skyport>, request: Request) -> Response {
    let (caller, ports, not_known) = (caller_of(&request), skyport.ports.clone(), not_known(&request));
    if leptos::server_fn::axum::get_server_fn_service(request.uri().path(), request.method().clone())
        .is_none()
    {
        return error_page::plain(
            StatusCode::NOT_FOUND,
            "There is no such function in this version of Skyport. Reload the page.",
        );
    }
    let provide = move || provide_asking(&caller, &ports, not_known.as_ref());
    with_status(leptos_axum::handle_server_fns_with_context(provide, request).await.into_response()).await
}

/// A failed function answers with the status of its error; Leptos knows 500 alone.
async fn with_status(response: Response) -> Response {
    if response.status() != StatusCode::INTERNAL_SERVER_ERROR
        || !response.headers().contains_key(SERVER_FN_ERROR_HEADER)
    {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, LONGEST_ERROR).await else {
        return error_page::plain(
            StatusCode::INTERNAL_SERVER_ERROR,
            "Something broke on our side. Try again.",
        );
    };
    if let Ok(error) = serde_json::from_slice::<Error>(&bytes) {
        parts.status = StatusCode::from_u16(error.status()).unwrap_or(parts.status);
    }
    Response::from_parts(parts, bytes.into())
}

/// For a method that an address does not know; [`super::framed`] says so in words.
pub async fn method_not_allowed() -> Response {
    StatusCode::METHOD_NOT_ALLOWED.into_response()
}

fn not_known(request: &Request<Body>) -> Option<NotKnown> {
    request.extensions().get::<NotKnown>().cloned()
}

fn caller_of(request: &Request<Body>) -> Caller {
    request.extensions().get::<Caller>().cloned().unwrap_or_else(Caller::nobody)
}

fn provide_asking(caller: &Caller, ports: &Ports, not_known: Option<&NotKnown>) {
    if let Some(not_known) = not_known {
        provide_context(not_known.clone());
    }
    provide_context(caller.clone());
    provide_context(ports.clone());
}

/// The policy of a page: only our own files and the scripts that carry this page's nonce; wasm may be compiled.
fn set_page_policy() {
    let (Some(response), Some(nonce)) = (use_context::<ResponseOptions>(), use_nonce()) else { return };
    let policy = format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self'; connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    );
    if let Ok(value) = HeaderValue::from_str(&policy) {
        response.insert_header(header::CONTENT_SECURITY_POLICY, value);
    }
    response.insert_header(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
}
