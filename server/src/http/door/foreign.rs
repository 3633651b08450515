//! Requests that another origin's page makes with this session's cookie: of another session above all, which is the same
//! site, so that `SameSite` does not hold the cookie back. Many interfaces trust whoever reaches them, and a WebSocket may
//! be opened from anywhere.

use axum::extract::Request;
use http::header::{HOST, ORIGIN};
use http::{HeaderMap, Method};
use url::Url;

/// Whether a request comes from a page of another origin and is more than going there by a link (Fetch Metadata Request
/// Headers, and Fetch section 3.2 for `Origin`). Tools that say neither are nobody's page.
pub(super) fn is_foreign(secure: bool, request: &Request) -> bool {
    let headers = request.headers();
    if let Some(origin) = said(headers, ORIGIN.as_str()) {
        let host = match request.uri().authority() {
            Some(authority) => Some(authority.as_str()),
            None => said(headers, HOST.as_str()),
        };
        if !host.is_some_and(|host| is_same(secure, origin, host)) {
            return true;
        }
    }
    let site = said(headers, "sec-fetch-site");
    let goes_there = matches!(*request.method(), Method::GET | Method::HEAD)
        && said(headers, "sec-fetch-mode") == Some("navigate")
        && said(headers, "sec-fetch-dest") == Some("document");
    matches!(site, Some("cross-site" | "same-site")) && !goes_there
}

/// Whether an origin is that of this host: scheme, name and port.
fn is_same(secure: bool, origin: &str, host: &str) -> bool {
    let scheme = if secure { "https" } else { "http" };
    let parsed = (Url::parse(origin), Url::parse(&format!("{scheme}://{host}/")));
    let (Ok(origin), Ok(ours)) = parsed else { return false };
    origin.origin().is_tuple() && origin.origin() == ours.origin()
}

fn said<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    // What is not text is nobody's origin.
    headers.get(name).map(|value| value.to_str().unwrap_or("?"))
}

#[cfg(test)]
mod tests {
    use super::is_foreign;
    use axum::body::Body;
    use axum::extract::Request;

    fn foreign(method: &str, fields: &[(&str, &str)]) -> bool {
        let mut request = Request::builder().method(method).uri("/").header("host", "A.localhost:8080");
        for (name, value) in fields {
            request = request.header(*name, *value);
        }
        is_foreign(false, &request.body(Body::empty()).unwrap())
    }

    #[test]
    fn a_page_of_another_origin_may_lead_there_and_no_more() {
        let (own, other) = (("origin", "http://a.localhost:8080"), ("origin", "http://b.localhost:8080"));
        let (same_site, navigate) = (("sec-fetch-site", "same-site"), ("sec-fetch-mode", "navigate"));
        assert!(!foreign("GET", &[]) && !foreign("POST", &[own]));
        assert!(!foreign("POST", &[own, ("sec-fetch-site", "same-origin")]));
        assert!(!foreign("GET", &[same_site, navigate, ("sec-fetch-dest", "document")]));
        assert!(!foreign("GET", &[("sec-fetch-site", "none"), navigate]));
        assert!(foreign("GET", &[other]) && foreign("POST", &[other]), "a WebSocket's opening too");
        for origin in
            ["null", "https://a.localhost:8080", "http://a.localhost", "http://a.localhost:8080.evil", "?"]
        {
            assert!(foreign("POST", &[("origin", origin)]), "{origin}");
        }
        assert!(foreign("GET", &[same_site, navigate, ("sec-fetch-dest", "iframe")]));
        assert!(foreign("POST", &[same_site, navigate, ("sec-fetch-dest", "document")]));
        assert!(foreign("GET", &[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "no-cors")]));
    }
}
