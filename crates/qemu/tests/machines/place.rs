//! A folder of machines for one test, with addresses of its own; whatever was started in it ends with it.

use qemu::{Accelerate, Addresses, Host, Seen, Settings, Sources, Spec};
use std::collections::BTreeMap;
use std::future::Future;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::{Duration, Instant};

/// How long a machine may take to come up while the others of these tests do.
pub(crate) const PATIENCE: Duration = Duration::from_mins(4);

static COUNT: AtomicU8 = AtomicU8::new(1);

pub(crate) struct Place {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) host: Host,
    pub(crate) settings: Settings,
    pub(crate) public_key: String,
}

/// The images that `./dev test` builds.
pub(crate) fn images() -> PathBuf {
    let cache = || PathBuf::from(std::env::var_os("HOME").expect("HOME")).join(".cache/skyport/images");
    let folder = std::env::var_os("SKYPORT_IMAGES").map_or_else(cache, PathBuf::from);
    assert!(
        folder.is_dir(),
        "{} is not there: ./dev test builds the images of these tests",
        folder.display()
    );
    folder
}

/// The system's clock and randomness.
pub(crate) fn sources() -> Sources {
    Sources {
        now_us: Arc::new(|| {
            #[expect(clippy::disallowed_methods, reason = "the tests have no clock passed in")]
            let now = std::time::SystemTime::now();
            now.duration_since(std::time::UNIX_EPOCH).map_or(0, |since| since.as_micros() as i64)
        }),
        fill: Arc::new(|bytes| {
            #[expect(clippy::disallowed_methods, reason = "the tests have no randomness passed in")]
            getrandom::fill(bytes).expect("random bytes");
        }),
    }
}

impl Place {
    pub(crate) fn new() -> Self {
        Self::with(|_| {})
    }

    /// With other settings than these tests' usual ones.
    pub(crate) fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut settings = Settings::new(folder.path().join("machines"), images(), sources());
        // Other runs of these tests may be on this machine too.
        let run = 10 + (std::process::id() % 200) as u8;
        let nth = COUNT.fetch_add(1, Ordering::Relaxed);
        settings.addresses =
            Addresses { first: Ipv4Addr::new(127, run, nth, 2), last: Ipv4Addr::new(127, run, nth, 12) };
        settings.accelerator = Accelerate::Tcg;
        change(&mut settings);
        let key = folder.path().join("key");
        let mut keygen = Command::new("ssh-keygen");
        keygen.args(["-q", "-t", "ed25519", "-N", "", "-C", "a test", "-f"]).arg(&key);
        assert!(keygen.status().unwrap().success());
        let public_key = std::fs::read_to_string(folder.path().join("key.pub")).unwrap().trim().to_owned();
        Self { host: Host::open(settings.clone()).unwrap(), folder, settings, public_key }
    }

    pub(crate) fn machines(&self) -> PathBuf {
        self.folder.path().join("machines")
    }

    /// A tiny machine.
    pub(crate) fn tiny(&self) -> Spec {
        Spec {
            hostname: "tiny-one".to_owned(),
            image: "tiny".to_owned(),
            cores: 1,
            memory_mib: 128,
            disk_gib: 0,
            public_key: self.public_key.clone(),
            user_data: None,
            labels: BTreeMap::from([("operation".to_owned(), "op-1".to_owned())]),
        }
    }

    pub(crate) async fn seen(&self, id: &str) -> Seen {
        self.host.look(id).await.unwrap().expect("a machine")
    }

    /// Until its console says that it is up.
    pub(crate) async fn ready(&self, id: &str) -> Seen {
        let seen = until("ready", || async {
            let seen = self.seen(id).await;
            assert!(!matches!(seen.power, qemu::Power::Off { .. }), "it went off: {seen:?}");
            seen.ready.is_some().then_some(seen)
        });
        seen.await
    }

    /// Runs a command in the machine by ssh, which accepts the expected host key alone.
    pub(crate) async fn ssh(&self, seen: &Seen, host_key: &str, command: &str) -> Output {
        let known = self.folder.path().join(format!("known-{}", seen.id));
        let port = seen.port.unwrap();
        let name = if port == 22 { seen.address.to_string() } else { format!("[{}]:{port}", seen.address) };
        std::fs::write(&known, format!("{name} {host_key}\n")).unwrap();
        let mut ssh = Command::new("ssh");
        ssh.args([
            "-F",
            "none",
            "-o",
            "BatchMode=yes",
            "-o",
            "StrictHostKeyChecking=yes",
            "-o",
            "ConnectTimeout=60",
        ])
        .args(["-o", "IdentitiesOnly=yes", "-o", "GlobalKnownHostsFile=none", "-o"])
        .arg(format!("UserKnownHostsFile={}", known.display()))
        .arg("-i")
        .arg(self.folder.path().join("key"))
        .args(["-p", &port.to_string(), &format!("{}@{}", seen.access_user, seen.address), command]);
        tokio::task::spawn_blocking(move || ssh.output().unwrap()).await.unwrap()
    }

    /// The processes of a machine of this folder.
    pub(crate) fn processes(&self, id: &str) -> Vec<i32> {
        let (name, machines) = (format!("vm-{id}"), self.machines());
        let mut found = Vec::new();
        for entry in std::fs::read_dir("/proc").unwrap().flatten() {
            let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
            let line = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
            let is_here =
                std::fs::read_link(entry.path().join("cwd")).is_ok_and(|at| at.starts_with(&machines));
            if is_here && String::from_utf8_lossy(&line).contains(&name) {
                found.push(pid);
            }
        }
        found
    }

    /// All processes that work in a folder of this one, those that keep logs too.
    pub(crate) fn everything(&self) -> Vec<i32> {
        let machines = std::fs::canonicalize(self.machines()).unwrap();
        let pids = std::fs::read_dir("/proc").unwrap().flatten().filter_map(|entry| {
            let pid = entry.file_name().to_str()?.parse().ok()?;
            std::fs::read_link(entry.path().join("cwd"))
                .is_ok_and(|at| at.starts_with(&machines))
                .then_some(pid)
        });
        pids.collect()
    }

    /// What is left in the folder of machines, apart from what belongs to the folder itself.
    pub(crate) fn left(&self) -> Vec<String> {
        let mut left = names(&self.machines());
        left.retain(|name| name != "last-address.json" && name != ".checked" && name != ".locks");
        left.extend(names(&self.machines().join(".locks")).into_iter().filter(|name| name != "addresses"));
        left
    }
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
}

impl Drop for Place {
    /// On failure too. In a thread of its own, since the test's runtime cannot wait here.
    fn drop(&mut self) {
        let host = self.host.clone();
        let ids = names(&self.machines());
        let end = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            for id in ids.iter().filter(|name| name.len() == 24) {
                if let Err(fault) = runtime.block_on(host.delete(id)) {
                    eprintln!("{id} could not be removed: {fault}");
                }
            }
        });
        end.join().unwrap();
    }
}

/// Waits for a condition.
pub(crate) async fn until<T, F: Future<Output = Option<T>>>(what: &str, mut look: impl FnMut() -> F) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(start.elapsed() < PATIENCE, "not {what} within {PATIENCE:?}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
