//! A network made for a test: a machine with an address of its own (`near`), and at the other end of a wire another one that
//! really lies outside of it (`far`). The test starts itself three times more: in a namespace for each, and to hold the second
//! open. No rights are needed for it.

use std::env;
use std::io::{self, BufRead as _, BufReader, Read as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;

/// The machine itself.
pub(crate) const NEAR: &str = "198.51.100.1";
/// The one outside.
pub(crate) const FAR: &str = "198.51.100.2";

/// Answers one connection, as whoever is named.
pub(crate) type Answer = fn(TcpStream, &str);

/// What a test's `main` does: the part that it is started for. `near` is the test itself.
pub(crate) fn play(answer: Answer, near: fn()) {
    match env::args().nth(1).as_deref() {
        Some("near") => {
            let _network = Network::new();
            // What must not be reached: a service of the machine itself, on all its addresses.
            let own = TcpListener::bind((Ipv4Addr::UNSPECIFIED, 80)).unwrap();
            thread::spawn(move || answer_all(&own, answer, "SECRET"));
            near();
        }
        Some("far") => {
            let listener = TcpListener::bind((Ipv4Addr::UNSPECIFIED, 80)).unwrap();
            println!("ready");
            answer_all(&listener, answer, "far");
        }
        Some("wait") => {
            println!("ready");
            let _ = io::stdin().read_to_end(&mut Vec::new());
        }
        _ => {
            let network = ["--user", "--map-root-user", "--net", "--"];
            let status = Command::new("unshare").args(network).arg(this()).arg("near").status();
            let status = status.unwrap_or_else(|error| panic!("unshare (util-linux): {error}"));
            assert!(status.success(), "the test in its network failed: {status}");
        }
    }
}

/// This test's own program.
pub(crate) fn this() -> PathBuf {
    env::current_exe().unwrap()
}

fn answer_all(listener: &TcpListener, answer: Answer, who: &'static str) {
    for stream in listener.incoming() {
        thread::spawn(move || answer(stream.unwrap(), who));
    }
}

/// The wire and what is at its other end, ended with the test.
struct Network {
    _far: Ended,
    _outside: Ended,
}

impl Network {
    fn new() -> Self {
        run("ip link set lo up");
        run("ip link add way0 type veth peer name way1");
        let outside = started(Command::new("unshare").args(["--net", "--"]).arg(this()).arg("wait"));
        let namespace = outside.0.id().to_string();
        let inside = format!("nsenter --net --target {namespace} --");
        run(&format!("ip link set way1 netns {namespace}"));
        for (near, far) in [(NEAR, FAR), ("10.9.0.1", "10.9.0.2")] {
            run(&format!("ip addr add {near}/24 dev way0"));
            run(&format!("{inside} ip addr add {far}/24 dev way1"));
        }
        run("ip link set way0 up");
        run(&format!("{inside} ip link set way1 up"));
        let far = started(
            Command::new("nsenter").args(["--net", "--target", &namespace, "--"]).arg(this()).arg("far"),
        );
        Self { _far: far, _outside: outside }
    }
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

/// Starts a program that says a line when it is ready, and reads the line.
fn started(command: &mut Command) -> Ended {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, "ready\n");
    Ended(child)
}
