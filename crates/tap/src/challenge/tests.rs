//! Headers as archives send them.

use super::*;

fn challenges(header: &str) -> Vec<Challenge> {
    let mut out = Vec::new();
    parse(header, &mut out);
    out
}

#[test]
fn several_challenges_in_one_header_keep_their_own_parameters() {
    let got = challenges(
        "ivoa_bearer standard_id=\"ivo://ivoa.net/sso#tls-with-password\", access_url=\"https://a.example/login, please\", Bearer",
    );
    assert_eq!(got.len(), 2);
    assert_eq!(got[0].scheme, "ivoa_bearer");
    assert_eq!(got[0].param("standard_id"), Some("ivo://ivoa.net/sso#tls-with-password"));
    assert_eq!(got[0].param("access_url"), Some("https://a.example/login, please"));
    assert_eq!(got[1], Challenge { scheme: "Bearer".into(), params: vec![] });
    assert!(got.iter().all(Challenge::wants_bearer));
}

#[test]
fn parameters_separated_by_spaces_are_read_too() {
    let got = challenges("ivoa_x509 standard_id=\"x\" access_url=\"https://a.example/\"");
    assert_eq!(got.len(), 1);
    assert_eq!(got[0].param("access_url"), Some("https://a.example/"));
    assert!(!got[0].wants_bearer());
}

#[test]
fn broken_headers_are_no_panic() {
    for header in ["", ",", "=", "=x", "Basic realm=\"", "a=b", "\"", "é=\\", "Basic realm=\"a\\"] {
        challenges(header);
    }
}
