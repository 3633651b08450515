//! An engine of the tests' own, and wishes for it.

use containers::{Engine, LogQuery, Seen, State, Wish};
use futures::StreamExt as _;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

/// Longer than anything here takes on a machine that compiles beside it.
pub(crate) const PATIENCE: Duration = Duration::from_mins(3);

/// A running engine; it ends, with all its containers, when this is dropped or the process ends.
pub(crate) struct Bed {
    child: Child,
    stdin: Option<ChildStdin>,
    pub(crate) socket: PathBuf,
    pub(crate) hold: PathBuf,
    pub(crate) ready: serde_json::Value,
}

impl Bed {
    pub(crate) fn start() -> Self {
        Self::with_runtime(None)
    }

    /// With this program as its runtime.
    pub(crate) fn with_runtime(runtime: Option<&Path>) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tools/servers/podman");
        let mut command = Command::new(&script);
        command.envs(runtime.map(|runtime| ("PODMAN_RUNTIME", runtime)));
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap_or_else(|e| {
            panic!("{} does not start ({e}); ./dev servers sets it up", script.display())
        });
        let stdin = child.stdin.take();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let ready = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| line.strip_prefix("ready ").map(str::to_owned));
        let ready = ready.unwrap_or_else(|| panic!("podman ended before it was ready"));
        let ready: serde_json::Value = serde_json::from_str(&ready).unwrap();
        let path = |key: &str| PathBuf::from(ready[key].as_str().unwrap());
        Self { child, stdin, socket: path("socket"), hold: path("hold"), ready }
    }

    /// The one that all tests share which leave the engine itself alone. It ends with the process: its standard input
    /// closes then.
    pub(crate) fn shared() -> &'static Self {
        static SHARED: OnceLock<Bed> = OnceLock::new();
        SHARED.get_or_init(Self::start)
    }

    pub(crate) async fn engine(&self) -> Engine {
        Engine::at(&self.socket).await.unwrap()
    }

    pub(crate) fn reference(&self, image: &str) -> &str {
        self.ready["images"][image].as_str().unwrap()
    }
}

impl Drop for Bed {
    fn drop(&mut self) {
        self.stdin.take();
        let _ = self.child.wait();
    }
}

static COUNT: AtomicU32 = AtomicU32::new(1);

/// A container of one test.
pub(crate) struct Place {
    pub(crate) bed: &'static Bed,
    pub(crate) engine: Engine,
}

impl Place {
    pub(crate) async fn new() -> Self {
        let bed = Bed::shared();
        Self { bed, engine: bed.engine().await }
    }

    /// A wish of its own name for one of the default images.
    pub(crate) async fn wish(&self, image: &str) -> Wish {
        wish(&self.engine, self.bed.reference(image)).await
    }

    /// For a shell of the tiny image, with a script.
    pub(crate) async fn script(&self, script: &str) -> Wish {
        let mut wish = self.wish("tiny").await;
        wish.command = Some(["/bin/sh", "-c", script].map(str::to_owned).to_vec());
        wish
    }

    /// The same, with both of its streams in one, so that what it says has an order.
    pub(crate) async fn merged(&self, script: &str) -> Wish {
        self.script(&format!("exec 2>&1; {script}")).await
    }

    pub(crate) async fn run(&self, wish: &Wish) -> (containers::Ended, String) {
        self.engine.start(wish).await.unwrap();
        let ended = ended(&self.engine, &wish.name).await;
        let text = text(&self.engine, &wish.name).await;
        self.engine.remove(&wish.name).await.unwrap();
        (ended, text)
    }
}

pub(crate) async fn wish(engine: &Engine, reference: &str) -> Wish {
    let image = engine.image(reference).await.unwrap().expect("the image");
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let mut wish =
        Wish::of(&format!("test-{}-{number}", std::process::id()), &format!("op-{number}"), &image.id);
    wish.port = image.labels.get("org.skyport.port").and_then(|port| port.parse().ok());
    wish.limits.memory_mib = 64;
    wish
}

pub(crate) async fn ended(engine: &Engine, name: &str) -> containers::Ended {
    until("ended", || async {
        match engine.look(name).await.unwrap().expect("a container").state {
            State::Ended(ended) => Some(ended),
            _ => None,
        }
    })
    .await
}

/// All that it said, on both streams.
pub(crate) async fn text(engine: &Engine, name: &str) -> String {
    let pieces = engine.logs(name, LogQuery::default()).collect::<Vec<_>>().await;
    pieces.into_iter().map(|piece| piece.unwrap().text).collect()
}

/// Asks an HTTP server, until one answers with 200.
pub(crate) async fn answers(engine: &Engine, name: &str, path: &str) -> (Seen, String) {
    until(path, || async {
        let seen = engine.look(name).await.unwrap().expect("a container");
        if let State::Ended(ended) = &seen.state {
            panic!("it ended: {ended:?}, saying {}", text(engine, name).await);
        }
        let answer = get(seen.interface?, path).await.ok()?;
        let whole = answer.starts_with("HTTP/1.") && answer.contains(" 200 ");
        whole.then_some((seen, answer))
    })
    .await
}

pub(crate) async fn get(address: SocketAddr, path: &str) -> std::io::Result<String> {
    let mut stream = tokio::net::TcpStream::connect(address).await?;
    stream.write_all(format!("GET {path} HTTP/1.0\r\nHost: {address}\r\n\r\n").as_bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

/// Waits for a condition.
pub(crate) async fn until<T, F: Future<Output = Option<T>>>(what: &str, mut look: impl FnMut() -> F) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(start.elapsed() < PATIENCE, "not {what} within {PATIENCE:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
