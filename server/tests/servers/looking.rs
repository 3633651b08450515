//! Where the portal looks for ssh, and where it does not, whatever a site says.

use crate::paper::PaperSite;
use crate::world::{created, person, portal, reach};
use serde_json::Value;
use std::io::{ErrorKind, Write as _};
use std::net::TcpListener;

fn last_note(view: &Value) -> String {
    view["steps"].as_array().unwrap().last().unwrap()["note"].as_str().unwrap_or_default().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_looks_where_a_machine_can_be() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let site = PaperSite { at: Some((listener.local_addr().unwrap(), true)), ..PaperSite::new() };
    let answering = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        stream.write_all(b"SSH-2.0-paper\r\n").unwrap();
    });
    let portal = portal(&site, None, |_| {}).await;
    let (mut browser, key) = person(&portal, "astronomer").await;
    let id = created(&mut browser, 1, "answers", &key).await;
    assert_eq!(last_note(&reach(&mut browser, &id, "Ready").await), "SSH-2.0-paper");
    answering.join().unwrap();
    portal.stop().await;
}

/// A site that names an address of the portal's own machine learns nothing about it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_does_not_look_where_none_can_be() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let site = PaperSite { at: Some((listener.local_addr().unwrap(), false)), ..PaperSite::new() };
    let portal = portal(&site, None, |_| {}).await;
    let (mut browser, key) = person(&portal, "astronomer").await;
    let id = created(&mut browser, 1, "lured", &key).await;
    let note = last_note(&reach(&mut browser, &id, "Ready").await);
    assert!(note.contains("127.0.0.1") && note.contains("did not look"), "{note}");
    assert_eq!(listener.accept().unwrap_err().kind(), ErrorKind::WouldBlock, "nobody came");
    portal.stop().await;
}
