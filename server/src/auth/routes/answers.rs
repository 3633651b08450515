//! The answers of `/auth`: none may be kept, and none says more than the browser needs.

use crate::auth::refusal::Problem;
use app::frame::address;
use axum::response::{Html, IntoResponse as _, Response};
use http::{HeaderValue, StatusCode, header};

/// Leads to an address of ours.
pub(super) fn go(to: &str) -> Response {
    let location = (header::LOCATION, to.to_owned());
    (StatusCode::SEE_OTHER, [location, (header::CACHE_CONTROL, "no-store".to_owned())]).into_response()
}

/// A page that leads to the provider at once; its link is for whom it does not.
pub(super) fn leave_for(to: &str, name: &str) -> Response {
    let (to, name) = (escape(to), escape(name));
    let page = format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><meta name=\"color-scheme\" content=\"light dark\"><meta http-equiv=\"refresh\" content=\"0;url={to}\"><title>Signing in · Skyport</title></head><body><main><h1>Signing in</h1><p><a href=\"{to}\">Go on to {name}</a></p></main></body></html>"
    );
    ([(header::CACHE_CONTROL, "no-store")], Html(page)).into_response()
}

/// The sign-in page with a problem.
pub(super) fn problem_page(problem: Problem, next: &str) -> String {
    format!("/sign-in?problem={}&next={}", problem.code(), address::escape(address::inside(next)))
}

/// Too many attempts from one address.
pub(super) fn too_often(next: &str, wait_s: i64) -> Response {
    let mut response = go(&problem_page(Problem::Rate, next));
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait_s));
    response
}

/// The answer with one more cookie.
pub(super) fn with_cookie(mut response: Response, cookie: Option<HeaderValue>) -> Response {
    if let Some(cookie) = cookie {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// A text inside HTML, in an attribute's quotes too.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

#[cfg(test)]
mod tests {
    use super::{leave_for, problem_page};
    use crate::auth::refusal::Problem;

    #[test]
    fn the_problem_page_keeps_next_inside() {
        assert_eq!(problem_page(Problem::Nonce, "/a?b=c"), "/sign-in?problem=nonce&next=%2Fa%3Fb%3Dc");
        assert_eq!(problem_page(Problem::Rate, "//evil"), "/sign-in?problem=rate&next=%2F");
    }

    #[tokio::test]
    async fn a_provider_name_stays_text() {
        let response = leave_for("https://idp.example/?a=1&b=\"", "<script>");
        let body = axum::body::to_bytes(response.into_body(), 10_000).await.unwrap();
        let body = String::from_utf8(body.to_vec()).unwrap();
        assert!(!body.contains("<script>") && body.contains("a=1&amp;b=&quot;"), "{body}");
    }
}
