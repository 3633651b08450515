//! What the door itself says on a session's origin: a small page for a browser, the same words for everything else. None
//! of them tells whether a session exists.

use crate::http::framed::wants_page;
use crate::start::Skyport;
use app::error::Error;
use axum::extract::Request;
use axum::response::{Html, IntoResponse as _, Response};
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, RETRY_AFTER};
use http::{HeaderName, HeaderValue, Method, StatusCode};
use passage::Fault;

/// A page that may soon say something else is loaded again after this, in seconds.
const AGAIN_S: u16 = 3;

const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'";
const STYLE: &str =
    "body{font:1rem/1.5 system-ui,sans-serif;margin:15vh auto 0;max-width:36rem;padding:0 1rem}";

/// Who asked, as far as a page depends on it.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    page: bool,
    reloads: bool,
    link: String,
    link_text: &'static str,
}

impl Asked {
    pub(super) fn of(skyport: &Skyport, request: &Request) -> Self {
        Self {
            page: wants_page(request),
            reloads: *request.method() == Method::GET,
            link: skyport.opening.list(),
            link_text: "Your sessions",
        }
    }

    /// The same, with the way to this session's page.
    pub(super) fn at(self, skyport: &Skyport, id: &str) -> Self {
        Self { link: skyport.opening.page_of(id), link_text: "The session's page", ..self }
    }
}

/// The name is no session's.
pub(super) fn nobody(asked: &Asked) -> Response {
    let sentence =
        "No session has this address. Check it, or open the session from the list of your sessions.";
    say(asked, StatusCode::NOT_FOUND, "There is nothing here", sentence, false)
}

/// The request names two hosts.
pub(super) fn unclear(asked: &Asked) -> Response {
    let sentence = "The request names more than one host, so it went nowhere. Reload the page.";
    say(asked, StatusCode::BAD_REQUEST, "Which one?", sentence, false)
}

/// There is nothing of ours under that path.
pub(super) fn nothing(asked: &Asked) -> Response {
    let sentence = "There is nothing under this address. Open the session from its page.";
    say(asked, StatusCode::NOT_FOUND, "There is nothing here", sentence, false)
}

/// Nobody, or somebody who may not, or may not any more.
pub(super) fn closed(asked: &Asked) -> Response {
    let sentence = "A session is opened from its page in Skyport, by its owner or by somebody it is shared with, and \
                    stays open as long as they are signed in there.";
    say(asked, StatusCode::UNAUTHORIZED, "Open this session from Skyport", sentence, false)
}

/// A ticket that is no good.
pub(super) fn used(asked: &Asked) -> Response {
    let sentence = "What opens a session works once, within a minute, and this one does not work any more. Open the \
                    session again from its page.";
    say(asked, StatusCode::UNAUTHORIZED, "Open it once more", sentence, false)
}

/// Another origin's page asked.
pub(super) fn foreign(asked: &Asked) -> Response {
    let sentence = "This was sent from a page of another site, so it did not reach the session. Open the session from \
                    its page.";
    say(asked, StatusCode::FORBIDDEN, "Not from another site", sentence, false)
}

/// It does not run at the moment.
pub(super) fn not_now(asked: &Asked) -> Response {
    let sentence = "The session does not answer at the moment: it may be starting, or its site may be away. This page \
                    looks again by itself; the session's page says more.";
    say(asked, StatusCode::SERVICE_UNAVAILABLE, "Not at the moment", sentence, true)
}

/// It is over.
pub(super) fn over(asked: &Asked) -> Response {
    let sentence = "This session is over. Its page says why, and keeps its log.";
    say(asked, StatusCode::GONE, "This session has ended", sentence, false)
}

/// The interface did not answer.
pub(super) fn fault(asked: &Asked, fault: &Fault) -> Response {
    let status = fault.status();
    let again = status.is_server_error() && status != StatusCode::NOT_IMPLEMENTED;
    say(asked, status, "The session did not answer", fault.sentence(), again)
}

/// Ours did not.
pub(super) fn trouble(asked: &Asked, error: &Error) -> Response {
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    say(asked, status, "Something broke on our side", &error.to_string(), true)
}

fn say(asked: &Asked, status: StatusCode, title: &str, sentence: &str, again: bool) -> Response {
    let mut response = if asked.page {
        let refresh = if again && asked.reloads {
            format!("<meta http-equiv=\"refresh\" content=\"{AGAIN_S}\">")
        } else {
            String::new()
        };
        // The portal's address and ids need no escaping in an attribute; the words are ours.
        let (link, link_text) = (&asked.link, asked.link_text);
        Html(format!(
            "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
             <meta name=\"color-scheme\" content=\"light dark\">{refresh}<title>{title} · Skyport</title>\
             <style>{STYLE}</style></head><body><main><h1>{title}</h1><p>{sentence}</p>\
             <p><a href=\"{link}\">{link_text}</a></p></main></body></html>"
        ))
        .into_response()
    } else {
        let kind = (CONTENT_TYPE, "text/plain; charset=utf-8");
        ([kind], format!("{sentence} {}: {}\n", asked.link_text, asked.link)).into_response()
    };
    *response.status_mut() = status;
    let headers = response.headers_mut();
    for (name, value) in [
        (CACHE_CONTROL, "no-store"),
        (CONTENT_SECURITY_POLICY, POLICY),
        (REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("x-content-type-options"), "nosniff"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if again {
        headers.insert(RETRY_AFTER, HeaderValue::from(AGAIN_S));
    }
    response
}
