//! What reaches an interface and what comes back: everything, as it comes, but what is ours.

use crate::support::browser::read;
use crate::world::{PIECE, PIECES, SESSION, World};
use futures::{SinkExt as _, StreamExt as _, stream};
use reqwest::Method;
use std::convert::Infallible;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_interface_is_told_who_asks_and_none_of_our_cookies() {
    let mut world = World::new().await;
    let mut guest = world.open().await;
    let access = guest.cookie.clone();
    guest.cookie = format!("a=1; skyport=portal; {access}; __Host-skyport=portal; SkyPort-visitor=v; b=2");
    let request = guest.request(Method::PUT, "/?x=1&y").header("x-forwarded-for", "192.0.2.1");
    let shown = read(request.header("x-forwarded-host", "evil.example").header("x-own", "kept")).await;
    assert_eq!(shown.status, 200, "{shown:?}");
    assert!(shown.body.starts_with("PUT /?x=1&y\n"), "{shown:?}");
    let field = |name: &str| {
        let prefix = format!("{name}: ");
        let found: Vec<&str> = shown.body.lines().filter_map(|line| line.strip_prefix(&*prefix)).collect();
        found.join("|")
    };
    assert_eq!(field("cookie"), "a=1; b=2");
    assert_eq!(field("host"), guest.host, "an interface checks its own origin by it");
    assert_eq!(field("x-forwarded-host"), guest.host);
    assert_eq!(field("x-forwarded-for"), "127.0.0.1");
    assert_eq!(field("x-forwarded-proto"), "http");
    assert_eq!(field("x-own"), "kept");
    assert!(!shown.body.contains(access.split('=').nth(1).unwrap()), "{shown:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_interface_sets_its_own_cookies_and_headers_and_no_others() {
    let mut world = World::new().await;
    let guest = world.open().await;
    let set = guest.get("/cookies").await;
    let host = guest.host.split(':').next().unwrap();
    assert_eq!(set.set_cookies(), ["mine=1; Path=/".to_owned(), format!("here=1; Domain={host}")]);
    let answer = guest.get("/headers").await;
    assert_eq!(answer.header("x-own"), "1");
    let policies: Vec<_> = answer.headers.get_all("content-security-policy").iter().collect();
    assert_eq!(policies, ["default-src *", "frame-ancestors 'self'"]);
    for name in ["clear-site-data", "alt-svc", "cross-origin-opener-policy", "permissions-policy"] {
        assert_eq!(answer.header(name), "", "{name}");
    }
    assert_eq!(answer.header("x-frame-options"), "SAMEORIGIN", "its own, not the portal's");
    assert!(!answer.header("x-request-id").is_empty());
    let metrics = world.portal.browser().get("/metrics").await.body;
    assert!(metrics.contains("route=\"a session's own\"") && !metrics.contains(SESSION), "{metrics}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_websocket_echoes() {
    let mut world = World::new().await;
    let guest = world.open().await;
    let mut socket = guest.socket(&guest.origin).await.unwrap();
    for length in [0, 126, 70_000, 2 << 20] {
        let message = Message::binary(vec![7; length]);
        socket.send(message.clone()).await.unwrap();
        assert!(socket.next().await.unwrap().unwrap() == message, "{length} bytes");
    }
    socket.close(None).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_arrives_while_the_stream_is_open() {
    let mut world = World::new().await;
    let guest = world.open().await;
    let request = guest.request(Method::GET, "/events").header("accept", "text/event-stream");
    let mut answer = request.send().await.unwrap();
    assert_eq!(answer.headers()["content-type"], "text/event-stream");
    // The interface never ends it: whoever waited for the end would wait for ever.
    assert_eq!(answer.chunk().await.unwrap().unwrap(), "data: first\n\n");
    // And a portal that stops does not wait for it either.
    world.portal.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_megabytes_go_up_and_come_down() {
    let mut world = World::new().await;
    let guest = world.open().await;
    let mut answer = guest.request(Method::GET, "/long").send().await.unwrap();
    let (mut bytes, mut sum) = (0, 0);
    while let Some(chunk) = answer.chunk().await.unwrap() {
        bytes += chunk.len();
        sum += chunk.iter().map(|byte| u64::from(*byte)).sum::<u64>();
    }
    let expected: u64 = (0..PIECES).map(|number| u64::from(number as u8) * PIECE as u64).sum();
    assert_eq!((bytes, sum), (PIECES * PIECE, expected));
    assert!(bytes > world.portal.skyport.config.server.body_limit_kib * 1024 * 90);

    let pieces = stream::iter((0..PIECES).map(|_| Ok::<_, Infallible>(vec![1; PIECE])));
    let request = guest.request(Method::POST, "/count").body(reqwest::Body::wrap_stream(pieces));
    assert_eq!(read(request).await.body, (PIECES * PIECE).to_string());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_host_is_the_same_in_all_spellings_and_two_hosts_are_none() {
    let mut world = World::new().await;
    let guest = world.open().await;
    let port = world.portal.address.port();
    let ours = format!("{SESSION}.localhost");
    let ask = async |target: &str, hosts: &[&str]| {
        let fields = hosts.iter().fold(String::new(), |fields, host| fields + "Host: " + host + "\r\n");
        let cookie = &guest.cookie;
        let head = format!("GET {target} HTTP/1.1\r\n{fields}Cookie: {cookie}\r\nConnection: close\r\n\r\n");
        let mut stream = TcpStream::connect(world.portal.address).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    };
    for host in [
        ours.clone(),
        format!("{ours}:{port}"),
        format!("{ours}:1"),
        format!("{ours}."),
        ours.to_uppercase(),
        format!("{}.:{port}", ours.to_uppercase()),
    ] {
        assert!(ask("/lab/tree", &[&host]).await.ends_with("the lab"), "{host}");
    }
    let absolute = format!("http://{ours}/lab/tree");
    assert!(ask(&absolute, &[&ours]).await.ends_with("the lab"));
    for (target, hosts) in [
        (&*absolute, vec!["127.0.0.1"]),
        ("http://127.0.0.1/", vec![&*ours]),
        ("/", vec![&*ours, "127.0.0.1"]),
        ("/", vec!["127.0.0.1", &*ours]),
        ("/", vec![&*ours, &*ours]),
    ] {
        let answer = ask(target, &hosts).await;
        assert!(answer.starts_with("HTTP/1.1 400 "), "{target} {hosts:?}: {answer}");
    }
    let nobody = ask("/", &["nothing.localhost"]).await;
    assert!(nobody.starts_with("HTTP/1.1 404 ") && nobody.contains("/sessions"), "{nobody}");
    // A host that is nobody's is the portal's, as always.
    assert!(ask("/healthz", &["portal.example.org"]).await.ends_with("alive\n"));
    assert!(ask("/healthz", &["localhost"]).await.ends_with("alive\n"));
    assert!(!ask("/healthz", &[&ours]).await.ends_with("alive\n"), "the portal's own is not there");
}
