//! Heads by themselves: what hosts, clients and connections say.

use std::net::IpAddr;

use axum::http::{HeaderMap, HeaderValue, Request, Response, Version};
use passage::{Client, Flaw, Host, Upstream, rewrite_answer, rewrite_request};

fn upstream() -> Upstream {
    Upstream::new(std::net::SocketAddr::from(([127, 0, 0, 1], 8888))).via(None)
}

fn head(
    uri: &str,
    version: Version,
    fields: &[(&str, &str)],
    upstream: &Upstream,
    client: Client,
) -> Result<HeaderMap, Flaw> {
    let mut request = Request::get(uri).version(version);
    for (name, value) in fields {
        request = request.header(*name, *value);
    }
    let mut parts = request.body(()).unwrap().into_parts().0;
    rewrite_request(&mut parts, upstream, client)?;
    assert!(
        parts.uri.authority().is_none() && parts.uri.scheme().is_none() && parts.version == Version::HTTP_11
    );
    Ok(parts.headers)
}

fn said(headers: &HeaderMap, name: &str) -> Vec<String> {
    headers.get_all(name).iter().map(|value| value.to_str().unwrap().to_owned()).collect()
}

#[test]
fn the_host_is_the_one_that_was_asked_for_or_the_callers() {
    let fixed = upstream().host(Host::Rewrite(HeaderValue::from_static("inner:1")));
    for (uri, version, fields, expected) in [
        ("/", Version::HTTP_11, &[("host", "a:1")][..], Ok("a:1")),
        ("http://a:1/x", Version::HTTP_11, &[("host", "A:1")], Ok("A:1")),
        ("http://a:1/x", Version::HTTP_2, &[], Ok("a:1")),
        ("/", Version::HTTP_10, &[], Ok("127.0.0.1:8888")),
        ("/", Version::HTTP_11, &[], Err(Flaw::Host)),
        ("/", Version::HTTP_2, &[], Err(Flaw::Host)),
        ("http://b/", Version::HTTP_11, &[("host", "a")], Err(Flaw::Host)),
        ("/", Version::HTTP_11, &[("host", "a"), ("host", "a")], Err(Flaw::Host)),
    ] {
        let told = |upstream: &Upstream| {
            head(uri, version, fields, upstream, Client::default()).map(|headers| said(&headers, "host"))
        };
        assert_eq!(
            told(&upstream()),
            expected.map(|host| vec![host.to_owned()]),
            "{uri} {version:?} {fields:?}"
        );
        assert_eq!(
            told(&fixed),
            expected.map(|_| vec!["inner:1".to_owned()]),
            "{uri} {version:?} {fields:?}"
        );
    }
}

#[test]
fn who_asks_is_what_the_caller_knows_and_nothing_else() {
    let lies = [
        ("host", "a"),
        ("forwarded", "for=6.6.6.6"),
        ("x-forwarded-for", "6.6.6.6"),
        ("x-forwarded-for", "7.7.7.7"),
        ("x_forwarded_for", "6.6.6.6"),
        ("x-forwarded_proto", "https"),
        ("x-forwarded-host", "evil"),
        ("x-forwarded-port", "1"),
        ("x-forwarded-user", "root"),
        ("x-real-ip", "6.6.6.6"),
        ("x_real_ip", "6.6.6.6"),
    ];
    let client = |address: Option<&str>, secure| Client {
        address: address.map(|it| it.parse::<IpAddr>().unwrap()),
        secure,
    };
    for (client, forwarded, address, proto) in [
        (client(Some("192.0.2.1"), false), "for=192.0.2.1;host=\"a\";proto=http", Some("192.0.2.1"), "http"),
        (
            client(Some("::ffff:192.0.2.1"), true),
            "for=192.0.2.1;host=\"a\";proto=https",
            Some("192.0.2.1"),
            "https",
        ),
        (
            client(Some("2001:db8::1"), true),
            "for=\"[2001:db8::1]\";host=\"a\";proto=https",
            Some("2001:db8::1"),
            "https",
        ),
        (client(None, false), "host=\"a\";proto=http", None, "http"),
    ] {
        let headers = head("/", Version::HTTP_11, &lies, &upstream(), client).unwrap();
        assert_eq!(said(&headers, "forwarded"), [forwarded]);
        assert_eq!(said(&headers, "x-forwarded-for"), Vec::from_iter(address));
        assert_eq!(said(&headers, "x-forwarded-proto"), [proto]);
        assert_eq!(said(&headers, "x-forwarded-host"), ["a"]);
        assert_eq!(headers.len(), if address.is_some() { 5 } else { 4 }, "{headers:?}");
    }
}

#[test]
fn fields_of_one_connection_stay_on_it() {
    let fields = [
        ("host", "a"),
        ("connection", "close, X-One , ,x-two"),
        ("connection", "x-three, Host, content-length, te"),
        ("x-one", "1"),
        ("x-two", "2"),
        ("x-three", "3"),
        ("x-four", "4"),
        ("keep-alive", "1"),
        ("proxy-connection", "1"),
        ("te", "gzip"),
        ("upgrade", "h2c"),
        ("http2-settings", "1"),
        ("proxy-authorization", "1"),
        ("content-length", "0"),
        ("trailer", "x"),
    ];
    let headers = head("/", Version::HTTP_11, &fields, &upstream(), Client::default()).unwrap();
    let mut names: Vec<_> = headers.keys().map(http::HeaderName::as_str).collect();
    names.sort_unstable();
    assert_eq!(
        names,
        ["content-length", "forwarded", "host", "trailer", "x-forwarded-host", "x-forwarded-proto", "x-four"]
    );
    let trailers = [("host", "a"), ("connection", "TE"), ("te", "Trailers, deflate;q=0.5")];
    let headers = head("/", Version::HTTP_11, &trailers, &upstream(), Client::default()).unwrap();
    assert_eq!(
        (said(&headers, "te"), said(&headers, "connection")),
        (vec!["trailers".into()], vec!["te".into()])
    );
}

#[test]
fn an_answers_fields_of_one_connection_stay_on_it() {
    let mut asked = Request::get("/").header("host", "a").body(()).unwrap().into_parts().0;
    let asked = rewrite_request(&mut asked, &upstream(), Client::default()).unwrap();
    assert!(!asked.is_websocket());
    let mut answer = Response::builder().version(Version::HTTP_10);
    for (name, value) in [
        ("connection", "close, x-one"),
        ("x-one", "1"),
        ("keep-alive", "1"),
        ("upgrade", "h2"),
        ("x-forwarded-for", "theirs"),
        ("transfer-encoding", "chunked"),
        ("trailer", "x-sum"),
        ("via", "1.1 inner"),
    ] {
        answer = answer.header(name, value);
    }
    let mut answer = answer.body(()).unwrap().into_parts().0;
    rewrite_answer(&mut answer, &upstream(), &asked).unwrap();
    let mut names: Vec<_> = answer.headers.keys().map(http::HeaderName::as_str).collect();
    names.sort_unstable();
    assert_eq!((names, answer.version), (vec!["trailer", "via", "x-forwarded-for"], Version::HTTP_11));
}
