//! The rules on who may be asked and who may see the token, where a test needs https.

use super::*;

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

#[test]
fn redirects_stay_on_the_server_or_go_up_to_https() {
    let rules = Redirects::default();
    let check = |from: &str, to: &str| rules.check(0, &url(from), &url(to));
    assert_eq!(check("https://a.example/x", "https://a.example/y"), Ok(()));
    assert_eq!(check("http://a.example/x", "https://a.example/y"), Ok(()));
    assert_eq!(check("https://a.example/", "http://a.example/"), Err(RedirectRefusal::Downgrade));
    assert_eq!(check("https://a.example/", "https://b.example/"), Err(RedirectRefusal::Host));
    assert_eq!(check("https://a.example/", "https://a.example:8443/"), Err(RedirectRefusal::Host));
    assert_eq!(check("https://a.example/", "https://a.example.evil.example/"), Err(RedirectRefusal::Host));
    assert_eq!(check("https://a.example/", "ftp://a.example/"), Err(RedirectRefusal::Scheme));
    assert_eq!(
        rules.check(5, &url("https://a.example/"), &url("https://a.example/")),
        Err(RedirectRefusal::TooMany)
    );
}

#[test]
fn nobody_can_allow_the_way_down() {
    let rules = Redirects::new(5, |_, _| true);
    let down = rules.check(0, &url("https://a.example/"), &url("http://a.example/"));
    assert_eq!(down, Err(RedirectRefusal::Downgrade));
}

#[test]
fn the_token_goes_home_alone_and_encrypted() {
    let may = |home: &str, to: &str| may_carry_token(&url(home), &url(to));
    assert!(may("https://a.example/tap", "https://a.example/other"));
    assert!(may("http://127.0.0.1:80/", "http://127.0.0.1/"));
    assert!(may("http://[::1]:81/", "http://[::1]:81/"));
    assert!(may("http://x.localhost:81/", "http://x.localhost:81/"));
    assert!(!may("http://a.example/", "http://a.example/"));
    assert!(!may("https://a.example/", "https://b.example/"));
    assert!(!may("https://a.example/", "https://a.example:444/"));
    assert!(!may("https://a.example/", "http://a.example/"));
    assert!(!may("http://127.0.0.1:81/", "http://127.0.0.1:82/"));
    assert!(!may("http://localhost.evil.example/", "http://localhost.evil.example/"));
}
