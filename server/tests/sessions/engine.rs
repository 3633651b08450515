//! A container engine of the tests' own.

use crate::support::servers::Server;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::UnixStream;

/// A running engine; it ends, with all its containers, when this is dropped or the process ends.
pub struct Bed {
    server: Server,
}

impl Bed {
    pub async fn start() -> Self {
        let server = tokio::task::spawn_blocking(|| Server::start("podman", &[])).await.unwrap();
        Self { server }
    }

    /// The one that all tests share which leave the engine itself alone.
    pub async fn shared() -> &'static Self {
        static SHARED: OnceLock<Bed> = OnceLock::new();
        static STARTING: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
        let _starting = STARTING.lock().await;
        if let Some(bed) = SHARED.get() {
            return bed;
        }
        let bed = Self::start().await;
        SHARED.get_or_init(|| bed)
    }

    pub fn socket(&self) -> &Path {
        Path::new(self.server.ready["socket"].as_str().unwrap())
    }

    /// While this file exists, an engine that was killed is not started again.
    pub fn hold(&self) -> PathBuf {
        PathBuf::from(self.server.ready["hold"].as_str().unwrap())
    }

    pub fn reference(&self, image: &str) -> &str {
        self.server.ready["images"][image].as_str().unwrap()
    }

    pub async fn engine(&self) -> containers::Engine {
        containers::Engine::at(self.socket()).await.unwrap()
    }

    /// Removes a container and nothing else of what belongs to it, as by hand.
    pub async fn remove_container(&self, name: &str) {
        loop {
            let mut socket = UnixStream::connect(self.socket()).await.unwrap();
            let ask = format!("DELETE /containers/{name}?force=true HTTP/1.0\r\nhost: engine\r\n\r\n");
            socket.write_all(ask.as_bytes()).await.unwrap();
            let mut answer = String::new();
            socket.read_to_string(&mut answer).await.unwrap();
            let status = answer.lines().next().unwrap();
            if status.contains(" 20") || status.contains(" 404") {
                return;
            }
            // Its mounts may be busy for a moment.
            assert!(answer.contains("busy"), "{answer}");
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
    }

    /// `kill -9` of the engine's process; containers go on.
    pub fn kill(&self) {
        let wanted = format!("unix://{}", self.socket().display());
        let is_engine = |pid: &str| {
            let line = std::fs::read(format!("/proc/{pid}/cmdline")).ok()?;
            let program = std::fs::read_link(format!("/proc/{pid}/exe")).ok()?;
            let serves = line.split(|byte| *byte == 0).any(|word| word == wanted.as_bytes());
            (serves && program.file_name().is_some_and(|name| name == "podman")).then_some(())
        };
        let all = std::fs::read_dir("/proc").unwrap().flatten();
        let pid = all
            .filter_map(|entry| entry.file_name().to_str().map(str::to_owned))
            .filter(|name| name.bytes().all(|byte| byte.is_ascii_digit()))
            .find(|pid| is_engine(pid).is_some());
        let pid = pid.expect("the engine's process");
        assert!(Command::new("kill").args(["-KILL", &pid]).status().unwrap().success());
    }
}
