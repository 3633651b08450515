//! Addresses inside Skyport: building them, and keeping `next` inside.

use super::query_string::value_of;

/// Escapes a text for a query string or a path segment (RFC 3986: all but unreserved characters).
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            for digit in [byte >> 4, byte & 15] {
                out.push(char::from(b"0123456789ABCDEF"[usize::from(digit)]));
            }
        }
    }
    out
}

/// The sign-in page, which leads back to `next`.
pub fn sign_in(next: &str) -> String {
    format!("/sign-in?next={}", escape(inside(next)))
}

/// `next` if it is a path of this site, else `/`. A path begins with one slash, and holds no backslash, control
/// character or space, so that no browser reads it as another host.
pub fn inside(next: &str) -> &str {
    let inside = next.starts_with('/')
        && !next.starts_with("//")
        && next.len() <= 8192
        && next.is_ascii()
        && !next.contains('\\')
        && !next.chars().any(|c| c.is_control() || c.is_whitespace());
    if inside { next } else { "/" }
}

/// Where the sign-in leads back to, of the page's raw query string.
pub fn next_of(search: &str) -> String {
    inside(&value_of(search, "next").unwrap_or_default()).to_owned()
}

/// `next` with the word that something was added to the basket, for pages without JavaScript.
#[cfg(feature = "ssr")]
pub fn with_notice(next: &str, added: crate::features::basket::model::Added) -> String {
    let next = inside(next);
    let joint = if next.contains('?') { '&' } else { '?' };
    format!("{next}{joint}added={}&already={}", added.added, added.already)
}

#[cfg(test)]
mod tests {
    use super::{escape, inside, next_of, sign_in};

    #[test]
    fn keeps_next_inside() {
        for outside in [
            "https://evil.example/",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil",
            "",
            "javascript:alert(1)",
            "/a\nb",
            "/queries/x?f.name=é",
            "/\t/evil.example",
        ] {
            assert_eq!(inside(outside), "/", "{outside:?}");
        }
        assert_eq!(inside("/queries/1?sort=mag&x=%2F"), "/queries/1?sort=mag&x=%2F");
        assert_eq!(sign_in("/a?b=c d"), "/sign-in?next=%2F");
        assert_eq!(sign_in("/a?b=c"), "/sign-in?next=%2Fa%3Fb%3Dc");
    }

    #[test]
    fn next_survives_its_address_unchanged() {
        let place = "/queries/1?sort=mag&f.mag=%3C%205&f.name=100%25";
        let address = sign_in(place);
        let (_, search) = address.split_once('?').unwrap_or_default();
        assert_eq!(next_of(search), place);
        assert_eq!(next_of(&format!("?problem=expired&{search}")), place);
        assert_eq!(next_of("?next=%2F%2Fevil.example"), "/");
        assert_eq!(next_of("?other=%2Fa"), "/");
    }

    #[test]
    fn escapes_everything_but_unreserved() {
        assert_eq!(escape("M 42 & é"), "M%2042%20%26%20%C3%A9");
    }
}
