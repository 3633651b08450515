//! The page of the portal that carries a ticket to a session's origin: a form, so that the ticket is in no address. A
//! script sends it; without one, its button does.

use super::Ticket;
use axum::response::{Html, IntoResponse as _, Response};
use http::header;

/// The page. The policy lets its form go to that origin alone, and `Referrer-Policy` lets it say whence it comes.
pub(super) fn page(ticket: &Ticket, nonce: &str) -> Response {
    // An origin is made of letters that need no escaping, a secret too.
    let Ticket { origin, secret } = ticket;
    let page = format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\"><title>Opening the session · Skyport</title></head>\
         <body><main><h1>Opening the session</h1>\
         <form method=\"post\" action=\"{origin}/.skyport/open\" id=\"open\">\
         <input type=\"hidden\" name=\"ticket\" value=\"{secret}\"><button>Go on to the session</button></form>\
         </main><script nonce=\"{nonce}\">document.getElementById(\"open\").submit()</script></body></html>"
    );
    let policy = format!(
        "default-src 'none'; script-src 'nonce-{nonce}'; form-action {origin}; base-uri 'none'; frame-ancestors 'none'"
    );
    let headers = [
        (header::CACHE_CONTROL, "no-store".to_owned()),
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::REFERRER_POLICY, "strict-origin".to_owned()),
    ];
    (headers, Html(page)).into_response()
}
