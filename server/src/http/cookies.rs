//! The cookies that Skyport sets, and reading them.
//!
//! On https they carry the `__Host-` prefix: Secure, no domain, path `/`, so that no other host can set them. On plain
//! http, which the configuration allows on loopback alone, not every browser keeps Secure cookies, so they go without.

use cookie::{Cookie, SameSite, time::Duration};
use http::{HeaderMap, HeaderValue, header};

/// A cookie's purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// The sign-in session's secret.
    SignIn,
    /// A visitor's secret, which owns what they asked.
    Visitor,
    /// Binds a sign-in that is under way to this browser.
    Attempt,
    /// Opens a session, on that session's own origin.
    Access,
}

impl Purpose {
    fn name(self, secure: bool) -> &'static str {
        match (self, secure) {
            (Self::SignIn, true) => "__Host-skyport",
            (Self::SignIn, false) => "skyport",
            (Self::Visitor, true) => "__Host-skyport-visitor",
            (Self::Visitor, false) => "skyport-visitor",
            (Self::Attempt, true) => "__Host-skyport-attempt",
            (Self::Attempt, false) => "skyport-attempt",
            (Self::Access, true) => "__Host-skyport-session",
            (Self::Access, false) => "skyport-session",
        }
    }
}

/// The value of a cookie.
pub fn read(headers: &HeaderMap, purpose: Purpose, secure: bool) -> Option<String> {
    read_all(headers, purpose, secure).next()
}

/// The values of all cookies of that name: without the prefix, a neighbouring host may have set one in front of ours.
pub fn read_all(headers: &HeaderMap, purpose: Purpose, secure: bool) -> impl Iterator<Item = String> {
    let name = purpose.name(secure);
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|text| Cookie::split_parse(text.to_owned()))
        .filter_map(Result::ok)
        .filter(move |cookie| cookie.name() == name)
        .map(|cookie| cookie.value().to_owned())
}

/// A `Set-Cookie` header that keeps a value for some seconds, or for the browser's session where none.
pub fn set(purpose: Purpose, secure: bool, value: &str, seconds: Option<i64>) -> Option<HeaderValue> {
    let mut cookie = Cookie::build((purpose.name(secure), value.to_owned()))
        .path("/")
        .http_only(true)
        .secure(secure)
        .same_site(SameSite::Lax);
    if let Some(seconds) = seconds {
        cookie = cookie.max_age(Duration::seconds(seconds));
    }
    HeaderValue::from_str(&cookie.build().to_string()).ok()
}

/// A `Set-Cookie` header that removes a cookie.
pub fn clear(purpose: Purpose, secure: bool) -> Option<HeaderValue> {
    set(purpose, secure, "", Some(0))
}
