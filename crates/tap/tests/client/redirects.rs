//! Redirects to results, to elsewhere, to nowhere.

use std::sync::Arc;

use tap::{Error, RedirectRefusal, Redirects, SecretToken};
use url::Url;

use crate::server::{OK, Server, ask, quick, refused, votable};

/// A server whose `/tap/sync` answers with this status and location, and whose every other path has the table.
async fn redirecting(status: &'static str, location: impl Into<String>) -> Server {
    let location: Arc<str> = location.into().into();
    Server::start(move |mut conn| {
        let location = Arc::clone(&location);
        async move {
            if conn.asked.target == "/tap/sync" {
                conn.answer(status, &format!("Location: {location}\r\n"), "").await;
            } else {
                conn.votable(votable(OK, 2, "")).await;
            }
        }
    })
    .await
}

fn reason(error: &Error) -> RedirectRefusal {
    match error {
        Error::Redirect { reason, .. } => *reason,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn see_other_leads_to_the_result_with_get() {
    for status in ["303 See Other", "302 Found", "301 Moved Permanently"] {
        let server = redirecting(status, "/tap/sync/42/run").await;
        let client = server.client().with_token(SecretToken::new("t0p").unwrap());
        let (rows, _, error) = ask(&client).await.unwrap();
        assert!(rows == 2 && error.is_none());
        let asked = server.asked();
        assert_eq!((asked[1].method.as_str(), asked[1].target.as_str()), ("GET", "/tap/sync/42/run"));
        assert!(asked[1].body.is_empty());
        // The same server gets the token again.
        assert_eq!(asked[1].header("authorization"), Some("Bearer t0p"));
    }
}

#[tokio::test]
async fn temporary_redirects_repeat_the_query() {
    let server = redirecting("307 Temporary Redirect", "/tap/other").await;
    ask(&server.client()).await.unwrap();
    let asked = server.asked();
    assert_eq!(asked[1].method, "POST");
    assert_eq!(asked[1].param("QUERY").as_deref(), Some("SELECT 1"));
}

#[tokio::test]
async fn another_server_is_refused_unless_allowed_and_never_gets_the_token() {
    let other = Server::with_votable(votable(OK, 2, "")).await;
    let server = redirecting("303 See Other", format!("http://localhost:{}/result", other.port)).await;
    let token = || SecretToken::new("t0p").unwrap();
    let error = refused(&server.client().with_token(token())).await;
    assert_eq!(reason(&error), RedirectRefusal::Host);
    assert!(other.asked().is_empty());

    let mut options = quick();
    options.redirects = Redirects::to_hosts(3, ["LOCALHOST".to_owned()]);
    let (rows, _, error) = ask(&server.client_with(options.clone()).with_token(token())).await.unwrap();
    assert!(rows == 2 && error.is_none());
    assert_eq!(other.asked()[0].header("authorization"), None);

    options.redirects = Redirects::new(3, |from, to| from.port() != to.port());
    ask(&server.client_with(options).with_token(token())).await.unwrap();
    assert_eq!(other.asked().len(), 2);
    assert_eq!(other.asked()[1].header("authorization"), None);
}

#[tokio::test]
async fn a_moved_service_gets_the_query_again() {
    let other = Server::with_votable(votable(OK, 2, "")).await;
    let server =
        redirecting("301 Moved Permanently", format!("http://localhost:{}/tap/sync", other.port)).await;
    let mut options = quick();
    options.redirects = Redirects::to_hosts(3, ["localhost".to_owned()]);
    ask(&server.client_with(options)).await.unwrap();
    assert_eq!(other.asked()[0].param("QUERY").as_deref(), Some("SELECT 1"));
}

#[tokio::test]
async fn another_port_is_another_server() {
    let other = Server::with_votable(votable(OK, 2, "")).await;
    let server = redirecting("303 See Other", other.url()).await;
    assert_eq!(reason(&refused(&server.client()).await), RedirectRefusal::Host);
    assert!(other.asked().is_empty());
}

#[tokio::test]
async fn circles_end() {
    let server = redirecting("303 See Other", "/tap/sync").await;
    let error = refused(&server.client()).await;
    assert_eq!(reason(&error), RedirectRefusal::TooMany);
    assert_eq!(server.asked().len(), 6);
}

#[tokio::test]
async fn odd_targets_are_refused_by_name() {
    let mut options = quick();
    options.redirects = Redirects::new(5, |_, _| true);
    for (location, wanted) in [
        ("file:///etc/passwd", RedirectRefusal::Scheme),
        ("gopher://x/", RedirectRefusal::Scheme),
        ("http://", RedirectRefusal::Location),
        ("http://user:s3cret@127.0.0.1/", RedirectRefusal::Location),
    ] {
        let server = redirecting("303 See Other", location).await;
        let error = refused(&server.client_with(options.clone())).await;
        assert_eq!(reason(&error), wanted, "{location}");
        assert!(!format!("{error} {error:?}").contains("s3cret"));
    }
    let server = Server::with_answer("303 See Other", "", "").await;
    assert_eq!(reason(&refused(&server.client()).await), RedirectRefusal::Location);
}

#[tokio::test]
async fn an_upgrade_to_https_on_the_same_host_is_tried_without_asking() {
    // Nobody speaks TLS on that port, so that the attempt itself is what shows.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            drop(stream);
        }
    });
    let server = redirecting("301 Moved Permanently", format!("https://127.0.0.1:{port}/tap/sync")).await;
    let error = refused(&server.client()).await;
    assert!(
        matches!(&error, Error::Unreachable { place, .. } if place.starts_with("https://127.0.0.1")),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_service_cannot_point_its_availability_to_another_server() {
    let other = Server::with_votable("<availability><available>true</available></availability>").await;
    let url = Url::parse(&format!("http://localhost:{}/up", other.port)).unwrap();
    let document = format!(
        "<capabilities><capability standardID='ivo://ivoa.net/std/VOSI#availability'>\
         <interface><accessURL use='full'>{url}</accessURL></interface></capability></capabilities>"
    );
    let server = Server::start(move |mut conn| {
        let document = document.clone();
        async move {
            match conn.asked.target.as_str() {
                "/tap/capabilities" => conn.answer("200 OK", "", document).await,
                _ => conn.answer("404 Not Found", "", "").await,
            }
        }
    })
    .await;
    let error = server.client().availability().await.unwrap_err();
    assert_eq!(reason(&error), RedirectRefusal::Host);
    assert!(other.asked().is_empty());
    let mut options = quick();
    options.redirects = Redirects::to_hosts(3, ["localhost".to_owned()]);
    assert!(server.client_with(options).availability().await.unwrap().available);
}
