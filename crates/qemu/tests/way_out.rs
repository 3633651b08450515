//! From a guest through its proxy to a machine that really lies outside, and to nothing else: in a network made for this
//! test. The test is the proxy's program too.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    dead_code,
    reason = "a test, though without the harness; it uses a part of what the others share"
)]

#[path = "../../outlet/tests/network/network.rs"]
mod network;
#[path = "machines/place.rs"]
mod place;

use network::{FAR, NEAR, this};
use outlet::{Policy, serve};
use place::Place;
use qemu::{PROXY, Seen};
use std::env;
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::os::fd::AsFd as _;

const ID: &str = "aaaaaaaaaaaaaaaaaaaaaaa9";

fn main() {
    if env::args().nth(1).as_deref() == Some("outlet") {
        be_the_outlet();
    } else {
        network::play(answer, near);
    }
}

fn answer(mut stream: TcpStream, who: &str) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut line = String::new();
    while reader.read_line(&mut line).unwrap_or(0) > 2 {
        line.clear();
    }
    let _ =
        write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{who}", who.len());
}

/// One connection of the guest, as standard input.
fn be_the_outlet() {
    let connection = TcpStream::from(io::stdin().as_fd().try_clone_to_owned().unwrap());
    connection.set_nonblocking(true).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime
        .block_on(async { serve(tokio::net::TcpStream::from_std(connection).unwrap(), Policy::web()).await });
}

fn near() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(a_guest_reaches_what_lies_outside_and_nothing_of_its_host());
    println!("test a guest reaches what lies outside, and nothing of its host ... ok");
}

async fn a_guest_reaches_what_lies_outside_and_nothing_of_its_host() {
    let program = vec![this().into_os_string().into_string().unwrap(), "outlet".to_owned()];
    let place = Place::with(|settings| settings.outlet = Some(program));
    let made = place.host.create(ID, &place.tiny()).await.unwrap();
    place.host.start(ID).await.unwrap();
    let seen = place.ready(ID).await;
    let guest = Guest { place: &place, seen, host_key: made.host_key };

    // The environment of whoever signs in names the proxy.
    assert_eq!(guest.says(". /etc/profile; echo $http_proxy").await, format!("http://{PROXY}"));
    assert_eq!(guest.says(&format!(". /etc/profile; wget -qO- http://{FAR}/")).await, "far");
    let tunnel = format!("printf 'CONNECT {FAR}:80 HTTP/1.1\\r\\n\\r\\nGET / HTTP/1.0\\r\\n\\r\\n'");
    let tunnel = guest.says(&format!("({tunnel}; sleep 10) | nc {}", PROXY.replace(':', " "))).await;
    assert!(tunnel.starts_with("HTTP/1.1 200") && tunnel.ends_with("far"), "{tunnel}");

    for host in [NEAR, "127.0.0.1", "localhost", "10.0.2.2", "10.0.2.100", "169.254.169.254"] {
        let said =
            guest.says(&format!(". /etc/profile; no_proxy=; wget -O- http://{host}/ 2>&1; true")).await;
        assert!(!said.contains("SECRET"), "{host}: {said}");
        assert!(said.contains("403 Forbidden") || said.contains("server returned error"), "{host}: {said}");
        // And past the proxy there is no way, as for every machine.
        let said =
            guest.says(&format!("unset http_proxy; timeout 3 nc -w 2 {host} 80 </dev/null; echo $?")).await;
        assert_ne!(said, "0", "{host} answers without the proxy");
    }
    let past = guest.says(&format!("echo hello | timeout 3 nc -w 2 {FAR} 80; echo $?")).await;
    assert_ne!(past, "0", "outside only through the proxy");
}

struct Guest<'a> {
    place: &'a Place,
    seen: Seen,
    host_key: String,
}

impl Guest<'_> {
    async fn says(&self, command: &str) -> String {
        let output = self.place.ssh(&self.seen, &self.host_key, command).await;
        assert!(output.status.success(), "{command}: {output:?}");
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }
}
