//! One connection of a guest, in a network made for this test: a machine with an address of its own, and another machine
//! that really lies outside of it.

#![expect(clippy::unwrap_used, reason = "a test, though without the harness")]

#[path = "network/network.rs"]
mod network;

use network::{FAR, NEAR};
use outlet::{Policy, serve};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::net::UnixStream;
use std::thread;

fn main() {
    network::play(answer, near);
}

fn answer(stream: TcpStream, who: &str) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut writer = stream;
    loop {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if reader.read_line(&mut head).unwrap_or(0) == 0 {
                return;
            }
        }
        let length = head
            .lines()
            .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok())
            .unwrap_or(0);
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        let said = format!("{who} saw:\n{head}{}", String::from_utf8(body).unwrap());
        let close = "Connection: keep-alive, X-Mine\r\nX-Mine: 1\r\nKeep-Alive: timeout=5\r\n";
        let _ = write!(
            writer,
            "HTTP/1.1 200 OK\r\n{close}X-Theirs: 2\r\nContent-Length: {}\r\n\r\n{said}",
            said.len()
        );
    }
}

fn near() {
    assert!(exchange(TcpStream::connect((NEAR, 80)).unwrap(), "GET / HTTP/1.1\r\n\r\n").contains("SECRET"));
    a_request_in_absolute_form_reaches_what_lies_outside();
    a_tunnel_reaches_what_lies_outside();
    the_machine_itself_is_not_reached();
    a_named_network_is_reached_but_not_the_machine_in_it();
    what_is_no_request_to_a_proxy_is_told_so();
    the_connection_goes_on_after_a_refusal();
    println!("test outlet, in a network of its own: 6 scenes ... ok");
}

/// A connection that is served, by a thread of its own.
fn guest(policy: Policy) -> UnixStream {
    let (guest, served) = UnixStream::pair().unwrap();
    served.set_nonblocking(true).unwrap();
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime
            .block_on(async move { serve(tokio::net::UnixStream::from_std(served).unwrap(), policy).await });
        // Tunnels live on in tasks of the runtime.
        runtime.block_on(std::future::pending::<()>());
    });
    guest
}

/// Sends the text and reads one answer.
fn exchange(mut stream: impl std::io::Read + std::io::Write, text: &str) -> String {
    stream.write_all(text.as_bytes()).unwrap();
    let mut answer = Vec::new();
    let mut byte = [0];
    while !answer.ends_with(b"\r\n\r\n") {
        assert_eq!(stream.read(&mut byte).unwrap(), 1, "cut: {}", String::from_utf8_lossy(&answer));
        answer.push(byte[0]);
    }
    let head = String::from_utf8(answer.clone()).unwrap().to_ascii_lowercase();
    let length =
        head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body).unwrap();
    answer.extend(body);
    String::from_utf8(answer).unwrap()
}

fn ask(policy: &Policy, text: &str) -> String {
    exchange(&guest(policy.clone()), text)
}

fn a_request_in_absolute_form_reaches_what_lies_outside() {
    let head = format!(
        "POST http://u:p@{FAR}/a?b=1 HTTP/1.1\r\nHost: elsewhere\r\nProxy-Authorization: Basic x\r\n"
    );
    let more = "Connection: X-Hop\r\nX-Hop: 1\r\nX-Kept: 2\r\nProxy-Connection: keep-alive\r\nContent-Length: 4\r\n\r\nbody";
    let said = ask(&Policy::web(), &format!("{head}{more}"));
    let lower = said.to_ascii_lowercase();
    assert!(said.starts_with("HTTP/1.1 200"), "{said}");
    assert!(said.contains("far saw:\nPOST /a?b=1 HTTP/1.1"), "{said}");
    assert!(lower.contains(&format!("host: {FAR}\r\n")), "{said}");
    assert!(said.ends_with("body") && lower.contains("x-kept: 2") && lower.contains("x-theirs: 2"), "{said}");
    for gone in ["elsewhere", "x-hop", "proxy-", "x-mine", "keep-alive", "u:p"] {
        assert!(!lower.contains(gone), "{gone} came through: {said}");
    }
}

fn a_tunnel_reaches_what_lies_outside() {
    let guest = guest(Policy::web());
    let opened = exchange(&guest, &format!("CONNECT {FAR}:80 HTTP/1.1\r\nHost: {FAR}:80\r\n\r\n"));
    assert!(opened.starts_with("HTTP/1.1 200"), "{opened}");
    for path in ["/one", "/two"] {
        let said = exchange(&guest, &format!("GET {path} HTTP/1.1\r\nX-Inside: kept\r\n\r\n"));
        assert!(said.contains(&format!("far saw:\nGET {path} HTTP/1.1\r\nX-Inside: kept")), "{said}");
    }
}

/// Every way that people have found to write an address of the machine itself.
const OWN: [&str; 14] = [
    NEAR,
    "10.9.0.1",
    "127.0.0.1",
    "127.1",
    "127.0.1.2",
    "2130706433",
    "0x7f.1",
    "0",
    "0.0.0.0",
    "localhost",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:198.51.100.1]",
];

fn refused(said: &str, what: &str) {
    // A host without IPv6 says of such an address that it has none.
    assert!(said.starts_with("HTTP/1.1 403") || said.starts_with("HTTP/1.1 502"), "{what}: {said}");
    assert!(!said.contains("SECRET"), "{what}: {said}");
}

fn the_machine_itself_is_not_reached() {
    for host in OWN {
        refused(&ask(&Policy::web(), &format!("GET http://{host}/ HTTP/1.1\r\nHost: {FAR}\r\n\r\n")), host);
        refused(&ask(&Policy::web(), &format!("CONNECT {host}:80 HTTP/1.1\r\nHost: {FAR}\r\n\r\n")), host);
    }
    let said = ask(&Policy::web(), &format!("GET http://{NEAR}/ HTTP/1.1\r\n\r\n"));
    assert!(said.ends_with("198.51.100.1 is not outside: it is an address of this machine.\n"), "{said}");
    let said = ask(&Policy::web(), &format!("GET http://{FAR}:81/ HTTP/1.1\r\n\r\n"));
    assert!(said.ends_with("port 81 is not let through; these are: 80, 443.\n"), "{said}");
    let said = ask(&Policy::web(), "GET http://nowhere.invalid/ HTTP/1.1\r\n\r\n");
    assert!(
        said.starts_with("HTTP/1.1 502") && said.ends_with("nowhere.invalid has no address.\n"),
        "{said}"
    );
    let nobody = Policy { ports: vec![81], ..Policy::web() };
    let said = ask(&nobody, &format!("CONNECT {FAR}:81 HTTP/1.1\r\n\r\n"));
    assert!(
        said.starts_with("HTTP/1.1 502") && said.ends_with("198.51.100.2 does not answer at port 81.\n"),
        "{said}"
    );
}

fn a_named_network_is_reached_but_not_the_machine_in_it() {
    let ask_far = "GET http://10.9.0.2/ HTTP/1.1\r\n\r\n";
    refused(&ask(&Policy::web(), ask_far), "a private network");
    let policy = Policy { networks: vec!["10.9.0.0/24".parse().unwrap()], ..Policy::web() };
    assert!(ask(&policy, ask_far).contains("far saw:"));
    for host in OWN {
        refused(&ask(&policy, &format!("GET http://{host}/ HTTP/1.1\r\n\r\n")), host);
    }
}

fn what_is_no_request_to_a_proxy_is_told_so() {
    for request in [
        "GET / HTTP/1.1",
        "GET https://198.51.100.2/ HTTP/1.1",
        "CONNECT 198.51.100.2 HTTP/1.1",
        "OPTIONS * HTTP/1.1",
    ] {
        let said = ask(&Policy::web(), &format!("{request}\r\nHost: {FAR}\r\n\r\n"));
        assert!(
            said.starts_with("HTTP/1.1 400") && said.contains("ask as one asks a proxy"),
            "{request}: {said}"
        );
    }
}

fn the_connection_goes_on_after_a_refusal() {
    let guest = guest(Policy::web());
    refused(&exchange(&guest, "GET http://127.0.0.1/ HTTP/1.1\r\n\r\n"), "loopback");
    let said = exchange(&guest, &format!("GET http://{FAR}/ HTTP/1.1\r\n\r\n"));
    assert!(said.contains("far saw:\nGET / HTTP/1.1"), "{said}");
}
