//! Errors inside the frame: where no page could answer - a panic, a request that took too long, was too large, had a
//! method that its address does not take, or came from another site - a browser gets a page all the same, with the right
//! status, a reference and the next step. Scripts get the same words as plain text, server functions keep their form.

use super::error_page::{Said, titled};
use super::{caller, pages};
use crate::fault::reference;
use crate::start::Skyport;
use app::asking::{Caller, NotKnown};
use app::error::Error;
use app::frame::address;
use app::ui::Trouble;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use futures::FutureExt as _;
use http::{HeaderMap, Method, StatusCode, header};
use leptos::server_fn::error::SERVER_FN_ERROR_HEADER;
use std::panic::AssertUnwindSafe;
use std::time::Duration;
use tokio::time::timeout;
use tower_http::csrf::ProtectionError;

/// How long the frame may take to know who asks and to be rendered; after it, it does without.
const PATIENCE: Duration = Duration::from_secs(2);

/// Gives words to an answer that has none, and a frame where a browser asked for a page.
pub async fn say_what_happened(State(skyport): State<Skyport>, request: Request, next: Next) -> Response {
    let wants_page = wants_page(&request);
    let (asked, from) = (asked_page(&request), page_before(&skyport, &request));
    let headers = if wants_page { request.headers().clone() } else { HeaderMap::new() };
    let response = next.run(request).await;
    let Some(said) = said(&skyport, &response) else { return response };
    let status = response.status();
    let mut framed = if wants_page {
        let again = status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS;
        // An address that never answers with a page is no way on, nor is a step of a sign-in, which is taken once.
        let here = asked.filter(|path| again && !path.starts_with("/auth/")).unwrap_or(from);
        let trouble = Trouble { title: said.title, sentence: said.sentence.clone(), here, again };
        page(&skyport, &headers, trouble).await
    } else {
        None
    }
    .unwrap_or_else(|| titled(status, said.title, &said.sentence));
    *framed.status_mut() = status;
    // What the words do not replace.
    for name in [header::ALLOW, header::RETRY_AFTER, header::SET_COOKIE] {
        for value in response.headers().get_all(&name) {
            framed.headers_mut().append(&name, value.clone());
        }
    }
    framed
}

/// Whether a page is what the browser asked for (RFC 9110, section 12.5.1); scripts and tools do not name HTML.
pub(super) fn wants_page(request: &Request) -> bool {
    let accepts = request.headers().get(header::ACCEPT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    accepts.split(',').any(|part| {
        let mut words = part.split(';').map(str::trim);
        words.next().is_some_and(|kind| kind.eq_ignore_ascii_case("text/html")) && !words.any(|w| w == "q=0")
    })
}

/// The page that was asked for; a form asks for none.
fn asked_page(request: &Request) -> Option<String> {
    let asks = matches!(*request.method(), Method::GET | Method::HEAD);
    let path = request.uri().path_and_query().map(http::uri::PathAndQuery::as_str);
    path.filter(|_| asks).map(|path| address::inside(path).to_owned())
}

/// The page of ours that a form or a link was on; the first page where that is not known.
fn page_before(skyport: &Skyport, request: &Request) -> String {
    let referer = request.headers().get(header::REFERER).and_then(|v| v.to_str().ok());
    let path = referer.and_then(|from| from.strip_prefix(skyport.origin.as_str()));
    address::inside(path.unwrap_or("/")).to_owned()
}

/// What to say of an answer; nothing where it says so itself or went well.
fn said(skyport: &Skyport, response: &Response) -> Option<Said> {
    let (status, extensions) = (response.status(), response.extensions());
    let has_form = response.headers().contains_key(SERVER_FN_ERROR_HEADER)
        || response
            .headers()
            .get(header::CONTENT_TYPE)
            .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if !(status.is_client_error() || status.is_server_error()) || has_form {
        return None;
    }
    if let Some(said) = extensions.get::<Said>() {
        return Some(said.clone());
    }
    let server = &skyport.config.server;
    let (title, happened, next) = match status {
        StatusCode::FORBIDDEN if extensions.get::<ProtectionError>().is_some() => (
            "Not from another site",
            "This form was sent from another site, so nothing was done.".to_owned(),
            "Open the page here and send it again",
        ),
        StatusCode::METHOD_NOT_ALLOWED => (
            "Not in this way",
            "This address does not take that method; only a form leads to it, or only a link.".to_owned(),
            "Go back and use what is on the page",
        ),
        StatusCode::PAYLOAD_TOO_LARGE => (
            "Too much at once",
            format!(
                "What was sent is larger than {} KiB, the most that is taken at once.",
                server.body_limit_kib
            ),
            "Nothing was kept of it; send less",
        ),
        StatusCode::GATEWAY_TIMEOUT => (
            "It took too long",
            format!("There was no answer within {} s, so it was given up.", server.request_timeout_s),
            "Nothing you kept was lost; try again",
        ),
        _ => return None,
    };
    let reference = reference();
    tracing::warn!(fault.reference = %reference, http.status = status.as_u16(), "{title}: a request was not served");
    let sentence = format!("{happened} {next}, and give the operator reference {reference} if it stays.");
    Some(Said { title, sentence })
}

/// The page. Where who asks cannot be told in time, or the frame itself breaks, the frame does without; none where that
/// breaks too.
async fn page(skyport: &Skyport, headers: &HeaderMap, trouble: Trouble) -> Option<Response> {
    let whole = async {
        let (caller, not_known) = match caller::caller_of(skyport, headers).await {
            Ok(caller) => (caller, None),
            Err(error) => (Caller::nobody(), Some(NotKnown(error))),
        };
        pages::trouble_page(skyport, caller, not_known, trouble.clone()).await
    };
    if let Ok(Ok(page)) = timeout(PATIENCE, AssertUnwindSafe(whole).catch_unwind()).await {
        return Some(page);
    }
    let unknown = NotKnown(Error::Transport);
    let bare = pages::trouble_page(skyport, Caller::nobody(), Some(unknown), trouble);
    AssertUnwindSafe(bare).catch_unwind().await.ok()
}
