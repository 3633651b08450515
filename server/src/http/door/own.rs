//! `/.skyport/` on a session's origin: the one place there that is not the session's.

use super::pages;
use crate::http::cookies::{self, Purpose};
use crate::start::Skyport;
use axum::body::to_bytes;
use axum::extract::Request;
use axum::response::{IntoResponse as _, Response};
use http::header::{CACHE_CONTROL, LOCATION, ORIGIN, SET_COOKIE};
use http::{Method, StatusCode};

/// A ticket's form is no longer than this, in bytes.
const LONGEST_FORM: usize = 1024;

/// Whether a path is not the session's.
pub(super) fn is_ours(path: &str) -> bool {
    path == "/.skyport" || path.starts_with("/.skyport/")
}

pub(super) async fn answer(skyport: &Skyport, id: &str, asked: &pages::Asked, request: Request) -> Response {
    if request.uri().path() != "/.skyport/open" {
        return pages::nothing(asked);
    }
    if request.method() != Method::POST {
        return pages::closed(asked);
    }
    // A ticket that another site sends along could be somebody else's, to have work done in their session.
    let mut origins =
        request.headers().get_all(ORIGIN).iter().map(|value| value.to_str().unwrap_or_default());
    if !origins.next().is_some_and(|origin| skyport.opening.is_portal(origin)) || origins.next().is_some() {
        return pages::foreign(asked);
    }
    let held: Vec<String> = cookies::read_all(request.headers(), Purpose::Access, skyport.secure).collect();
    let Ok(body) = to_bytes(request.into_body(), LONGEST_FORM).await else { return pages::used(asked) };
    let mut fields = url::form_urlencoded::parse(&body);
    let Some((_, ticket)) = fields.find(|(name, _)| name == "ticket") else { return pages::used(asked) };
    match skyport.opening.trade(&skyport.auth, id, &ticket, &held).await {
        Ok(Some(traded)) => {
            let headers = [(LOCATION, traded.path), (CACHE_CONTROL, "no-store".to_owned())];
            let mut response = (StatusCode::SEE_OTHER, headers).into_response();
            let set =
                |secret: String| cookies::set(Purpose::Access, skyport.secure, &secret, Some(traded.seconds));
            if let Some(cookie) = traded.secret.and_then(set) {
                response.headers_mut().append(SET_COOKIE, cookie);
            }
            response
        }
        Ok(None) => pages::used(asked),
        Err(error) => pages::trouble(asked, &error),
    }
}
