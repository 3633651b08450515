//! `skyport outlet`, as QEMU starts it: a socket as its standard input and output, a machine's folder around it.

use skyport::config::Config;
use skyport::providers::local::outlet::command;
use std::io::{Read as _, Write as _};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Child, Command};
use tempfile::TempDir;

/// A portal's data folder, and a machine's folder in it.
struct Place {
    folder: TempDir,
    config: Config,
}

impl Place {
    fn new(ports: &[u16], connections: u16) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::default();
        folder.path().clone_into(&mut config.server.data_folder);
        config.servers.local.outlet.ports = ports.to_vec();
        config.servers.local.outlet.connections = connections;
        std::fs::create_dir(folder.path().join("machine")).unwrap();
        Self { folder, config }
    }

    /// What the portal does as it starts.
    fn start_portal(&self) {
        let _ = command(&self.config).unwrap();
    }

    fn connect(&self) -> Guest {
        let (near, far) = UnixStream::pair().unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_skyport"));
        command.arg("outlet").arg(self.config.outlet_file()).current_dir(self.machine()).env_clear();
        let end = |stream: &UnixStream| OwnedFd::from(stream.try_clone().unwrap());
        let child = command.stdin(end(&far)).stdout(end(&far)).stderr(end(&far)).spawn().unwrap();
        Guest { near, child }
    }

    fn machine(&self) -> std::path::PathBuf {
        self.folder.path().join("machine")
    }
}

struct Guest {
    near: UnixStream,
    child: Child,
}

impl Guest {
    /// Sends a request; the answer's first line and its last.
    fn asks(mut self, target: &str) -> (String, String) {
        // Who is turned away is told without being asked.
        let _ = write!(self.near, "GET {target} HTTP/1.1\r\nConnection: close\r\n\r\n");
        let mut said = String::new();
        self.near.read_to_string(&mut said).unwrap();
        drop(self.near);
        assert!(self.child.wait().unwrap().success(), "{said}");
        let line = |line: Option<&str>| line.unwrap_or_default().to_owned();
        (line(said.lines().next()), line(said.lines().last()))
    }
}

#[test]
fn what_the_operator_named_is_let_through_and_this_machine_never() {
    let place = Place::new(&[80], 4);
    place.start_portal();
    let (status, why) = place.connect().asks("http://127.0.0.1/");
    assert_eq!(status, "HTTP/1.1 403 Forbidden");
    assert!(why.ends_with("127.0.0.1 is not outside: it is this machine's loopback."), "{why}");
    let (_, why) = place.connect().asks("http://93.184.215.14:8080/");
    assert!(why.ends_with("port 8080 is not let through; these are: 80."), "{why}");
}

#[test]
fn a_way_out_that_was_shut_is_shut_for_running_machines_too() {
    let mut place = Place::new(&[80], 4);
    place.start_portal();
    place.config.servers.local.outlet.ports.clear();
    place.start_portal();
    let (status, why) = place.connect().asks("http://93.184.215.14/");
    assert_eq!(status, "HTTP/1.1 403 Forbidden");
    assert!(why.ends_with("port 80 is not let through; these are: none."), "{why}");
    std::fs::remove_file(place.config.outlet_file()).unwrap();
    let (status, why) = place.connect().asks("http://93.184.215.14/");
    assert_eq!(
        (status.as_str(), why.as_str()),
        ("HTTP/1.1 503 Service Unavailable", "This server has no way out now.")
    );
}

#[test]
fn without_a_port_nothing_is_written_down() {
    let place = Place::new(&[], 4);
    place.start_portal();
    assert!(!Path::new(&place.config.outlet_file()).exists());
}

#[test]
fn one_machine_has_no_more_connections_than_it_may() {
    let place = Place::new(&[80], 1);
    place.start_portal();
    let mut first = place.connect();
    // It has its place when it answers.
    first.near.write_all(b"GET http://127.0.0.1/ HTTP/1.1\r\n\r\n").unwrap();
    let mut byte = [0];
    assert_eq!(first.near.read(&mut byte).unwrap(), 1);
    let (status, why) = place.connect().asks("http://127.0.0.1/");
    assert_eq!(status, "HTTP/1.1 503 Service Unavailable");
    assert_eq!(why, "as many connections are open as may be at once (1); close one and try again.");
    first.child.kill().unwrap();
    first.child.wait().unwrap();
    assert_eq!(
        place.connect().asks("http://127.0.0.1/").0,
        "HTTP/1.1 403 Forbidden",
        "its place is free again"
    );
}
