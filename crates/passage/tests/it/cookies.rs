//! Which cookies an upstream sees, and which it may set.

use std::sync::Arc;

use axum::http::header::{COOKIE, HOST, SET_COOKIE};
use axum::http::{HeaderValue, Request, Response};
use passage::{Client, Cookies, Upstream, rewrite_answer, rewrite_request};

fn upstream() -> Upstream {
    let cookies = Cookies::new().hide("__Host-skyport").hide_prefix("portal_");
    Upstream::new(std::net::SocketAddr::from(([127, 0, 0, 1], 1))).cookies(Arc::new(cookies))
}

fn seen(fields: &[&str]) -> Vec<String> {
    let mut request = Request::get("/").header(HOST, "a");
    for field in fields {
        request = request.header(COOKIE, *field);
    }
    let mut parts = request.body(()).unwrap().into_parts().0;
    rewrite_request(&mut parts, &upstream(), Client::default()).unwrap();
    parts
        .headers
        .get_all(COOKIE)
        .iter()
        .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
        .collect()
}

#[test]
fn hidden_cookies_are_not_shown() {
    for (fields, expected) in [
        (&["a=1; b=2"][..], &["a=1; b=2"][..]),
        (&["a=1;b=2;"], &["a=1;b=2;"]),
        (&["a=1", "b=2"], &["a=1; b=2"]),
        (&["__Host-skyport=s"], &[]),
        (&["__Host-skyport=s; a=1"], &["a=1"]),
        (&["a=1; __Host-skyport=s; b=2"], &["a=1; b=2"]),
        (&["a=1;__Host-skyport=s"], &["a=1"]),
        (&["a=1;\t__Host-skyport =s"], &["a=1"]),
        (&["__host-SKYPORT=s; a=1"], &["a=1"]),
        (&["=__Host-skyport=s; a=1"], &["a=1"]),
        (&["= = __Host-skyport=s; a=1"], &["a=1"]),
        (&["__Host-skyport; a=1"], &["a=1"]),
        (&["a=\"x; __Host-skyport=s; y\""], &["a=\"x; y\""]),
        (&["portal_visitor=v; portal_=1; portal=2"], &["portal=2"]),
        (&["a=1", "__Host-skyport=s"], &["a=1"]),
        (&["my__Host-skyport=1; a=__Host-skyport=1"], &["my__Host-skyport=1; a=__Host-skyport=1"]),
        (&[""], &[""]),
    ] {
        assert_eq!(seen(fields), expected, "{fields:?}");
    }
    assert_eq!(
        seen(&["a=1; b=\u{e9}; __Host-skyport=s"]),
        ["a=1; b=\u{e9}"],
        "bytes that are not ASCII stay"
    );
}

fn set(host: &str, fields: &[&str]) -> Vec<String> {
    let mut asked = Request::get("/").header(HOST, host).body(()).unwrap().into_parts().0;
    let asked = rewrite_request(&mut asked, &upstream(), Client::default()).unwrap();
    let mut answer = Response::new(()).into_parts().0;
    for field in fields {
        answer.headers.append(SET_COOKIE, HeaderValue::from_str(field).unwrap());
    }
    rewrite_answer(&mut answer, &upstream(), &asked).unwrap();
    answer.headers.get_all(SET_COOKIE).iter().map(|value| value.to_str().unwrap().to_owned()).collect()
}

#[test]
fn hidden_cookies_and_those_of_other_hosts_are_not_set() {
    let fine = [
        "a=1",
        "a=1; Path=/; HttpOnly",
        "a=1; Domain=s.localhost",
        "a=1; domain = .S.localhost ; Secure",
        "a=1; Domain=",
        "a=1; Domain",
        "a=domain=b",
        "",
    ];
    assert_eq!(set("s.localhost:8080", &fine), fine);
    for refused in [
        "__Host-skyport=x; Secure; Path=/",
        "__HOST-skyport=x",
        "=__Host-skyport=x",
        " = __Host-skyport=x",
        "__Host-skyport",
        "portal_visitor=x",
        "a=1; Domain=localhost",
        "a=1; Domain=.localhost",
        "a=1; Domain=s.localhost; DOMAIN=localhost",
        "a=1; Domain=localhost; Domain=s.localhost",
        "a=1; Domain=t.s.localhost",
        "a=1; Domain=..s.localhost",
        "a=1;\tDomain\t=\tlocalhost\t",
        "a=1; Domain=s.localhost:8080",
    ] {
        assert_eq!(set("s.localhost:8080", &["a=1", refused, "b=2"]), ["a=1", "b=2"], "{refused}");
    }
    assert_eq!(set("[::1]", &["a=1; Domain=[::1]", "a=1; Domain=[:"]), ["a=1; Domain=[::1]"]);
}
