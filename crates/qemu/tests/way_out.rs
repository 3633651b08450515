//! From a guest through its proxy to a machine that really lies outside, and to nothing else: in a network made for this
//! test. The test starts itself in namespaces, as `crates/outlet/tests/world.rs` does, and is the proxy's program too.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    dead_code,
    reason = "a test, though without the harness; it uses a part of what the others share"
)]

#[path = "machines/place.rs"]
mod place;

use outlet::{Policy, serve};
use place::Place;
use qemu::{PROXY, Seen};
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener};
use std::os::fd::AsFd as _;
use std::process::{Child, Command, Stdio};
use std::{env, thread};

const ID: &str = "aaaaaaaaaaaaaaaaaaaaaaa9";
const NEAR: &str = "198.51.100.1";
const FAR: &str = "198.51.100.2";

fn main() {
    match env::args().nth(1).as_deref() {
        Some("near") => near(),
        Some("far") => far(),
        Some("wait") => wait(),
        Some("outlet") => be_the_outlet(),
        _ => {
            let network = ["--user", "--map-root-user", "--net", "--"];
            let status = Command::new("unshare").args(network).arg(this()).arg("near").status().unwrap();
            assert!(status.success(), "the test in its network failed: {status}");
        }
    }
}

fn this() -> std::path::PathBuf {
    env::current_exe().unwrap()
}

fn run(words: &str) {
    let words: Vec<&str> = words.split(' ').collect();
    let status = Command::new(words[0]).args(&words[1..]).status().unwrap();
    assert!(status.success(), "{words:?} failed");
}

struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn started(command: &mut Command) -> Ended {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, "ready\n");
    Ended(child)
}

fn wait() {
    println!("ready");
    let _ = io::stdin().read_to_end(&mut Vec::new());
}

fn far() {
    let listener = TcpListener::bind((Ipv4Addr::UNSPECIFIED, 80)).unwrap();
    println!("ready");
    answer_all(&listener, "far away");
}

fn answer_all(listener: &TcpListener, who: &str) {
    for stream in listener.incoming() {
        let mut stream = stream.unwrap();
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let mut line = String::new();
        while reader.read_line(&mut line).unwrap_or(0) > 2 {
            line.clear();
        }
        let _ = write!(
            stream,
            "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{who}",
            who.len()
        );
    }
}

/// One connection of the guest, as standard input.
fn be_the_outlet() {
    let connection = std::net::TcpStream::from(io::stdin().as_fd().try_clone_to_owned().unwrap());
    connection.set_nonblocking(true).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime
        .block_on(async { serve(tokio::net::TcpStream::from_std(connection).unwrap(), Policy::web()).await });
}

fn near() {
    run("ip link set lo up");
    run("ip link add way0 type veth peer name way1");
    let outside = started(Command::new("unshare").args(["--net", "--"]).arg(this()).arg("wait"));
    let namespace = outside.0.id().to_string();
    run(&format!("ip link set way1 netns {namespace}"));
    run(&format!("ip addr add {NEAR}/24 dev way0"));
    run("ip link set way0 up");
    run(&format!("nsenter --net --target {namespace} -- ip addr add {FAR}/24 dev way1"));
    run(&format!("nsenter --net --target {namespace} -- ip link set way1 up"));
    let _far =
        started(Command::new("nsenter").args(["--net", "--target", &namespace, "--"]).arg(this()).arg("far"));
    let own = TcpListener::bind((Ipv4Addr::UNSPECIFIED, 80)).unwrap();
    thread::spawn(move || answer_all(&own, "SECRET"));

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
    assert_eq!(guest.says(&format!(". /etc/profile; wget -qO- http://{FAR}/")).await, "far away");
    let tunnel = format!("printf 'CONNECT {FAR}:80 HTTP/1.1\\r\\n\\r\\nGET / HTTP/1.0\\r\\n\\r\\n'");
    let tunnel = guest.says(&format!("({tunnel}; sleep 2) | nc {}", PROXY.replace(':', " "))).await;
    assert!(tunnel.starts_with("HTTP/1.1 200") && tunnel.ends_with("far away"), "{tunnel}");

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
