//! A site on a loopback port. By default it lets everybody in and has nothing; a test tells it what else to answer.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use openstack::{
    Cloud, CreateServer, Credentials, Fault, NetworkChoice, Operation, Reason, SecretString, Session,
    Settings,
};
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::{JoinHandle, JoinSet};

pub(crate) const TOKEN: &str = "scoped-token-4711";
pub(crate) const UNSCOPED: &str = "unscoped-token-4711";
pub(crate) const OIDC: &str = "oidc-token-4711";
pub(crate) const ME: &str = "user-me";

/// What one request was.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Asked {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let pairs = self.head.lines().filter_map(|l| l.split_once(':'));
        pairs.filter(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.trim()).next()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

/// How to answer.
#[derive(Clone)]
pub(crate) enum Answer {
    /// Status, more header lines, body.
    Whole(u16, String, Vec<u8>),
    /// Closes the connection without a word, the request having been read.
    Cut,
    /// Says that more comes than does.
    CutInside(u16),
    /// Nothing, until the client goes.
    Silence,
    /// A byte now and then, for ever.
    Drip,
    /// As much as the client takes.
    Flood,
}

impl Answer {
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self::Whole(status, "Content-Type: application/json\r\n".to_owned(), body.to_string().into_bytes())
    }

    pub(crate) fn page(status: u16, html: &str) -> Self {
        Self::Whole(status, "Content-Type: text/html\r\n".to_owned(), html.as_bytes().to_vec())
    }

    pub(crate) fn with(self, line: &str) -> Self {
        match self {
            Self::Whole(status, head, body) => Self::Whole(status, format!("{head}{line}\r\n"), body),
            other => other,
        }
    }
}

type Act = dyn Fn(&Asked) -> Answer + Send + Sync;

struct Rule {
    method: &'static str,
    path: String,
    act: Arc<Act>,
}

#[derive(Default)]
struct State {
    asked: Vec<Asked>,
    rules: Vec<Rule>,
}

/// A running site; it stops when dropped.
pub(crate) struct Site {
    pub(crate) port: u16,
    state: Arc<Mutex<State>>,
    task: JoinHandle<()>,
}

impl Site {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        let task = tokio::spawn(async move {
            let mut running = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                running.spawn(serve(stream, Arc::clone(&shared)));
            }
        });
        let site = Self { port, state, task };
        site.furnish(&format!("http://127.0.0.1:{port}"), "2.96");
        site
    }

    /// The answers of a site that works: sign-in, a project, a catalogue, Nova's version.
    pub(crate) fn furnish(&self, base: &str, newest: &str) {
        let version = json!({"version": {"id": "v3.14", "status": "stable"}});
        self.on("GET", "/v3", Answer::json(200, &version));
        let user = json!({"id": ME, "name": "me", "domain": {"id": "default"}});
        let unscoped = json!({"token": {"expires_at": "2030-01-01T00:00:00.000000Z", "user": user, "methods": ["openid"]}});
        let unscoped = Answer::json(201, &unscoped).with(&format!("X-Subject-Token: {UNSCOPED}"));
        self.on("POST", "/v3/OS-FEDERATION/identity_providers/egi.eu/protocols/openid/auth", unscoped);
        let projects = json!({"projects": [{"id": "p1", "name": "one", "enabled": true}]});
        self.on("GET", "/v3/auth/projects", Answer::json(200, &projects));
        self.catalogue(&json!([
            {"type": "compute", "endpoints": [{"interface": "public", "region_id": "here", "url": format!("{base}/nova/v2.1")}]},
            {"type": "image", "endpoints": [{"interface": "public", "region_id": "here", "url": format!("{base}/glance")}]},
            {"type": "network", "endpoints": [{"interface": "public", "region_id": "here", "url": format!("{base}/neutron")}]},
        ]));
        let nova = json!({"version": {"id": "v2.1", "version": newest, "min_version": "2.1"}});
        self.on("GET", "/nova/v2.1/", Answer::json(200, &nova));
    }

    pub(crate) fn catalogue(&self, catalogue: &Value) {
        let scoped = json!({"token": {
            "expires_at": "2031-01-01T00:00:00.000000Z", "user": {"id": ME, "name": "me"},
            "project": {"id": "p1", "name": "one"}, "catalog": catalogue,
        }});
        let answer = Answer::json(201, &scoped).with(&format!("X-Subject-Token: {TOKEN}"));
        self.on("POST", "/v3/auth/tokens", answer);
    }

    /// From now on this is the answer to requests for exactly this path.
    pub(crate) fn on(&self, method: &'static str, path: &str, answer: Answer) {
        self.act(method, path, move |_| answer.clone());
    }

    pub(crate) fn act(
        &self,
        method: &'static str,
        path: &str,
        act: impl Fn(&Asked) -> Answer + Send + Sync + 'static,
    ) {
        let rule = Rule { method, path: path.to_owned(), act: Arc::new(act) };
        self.state.lock().unwrap().rules.push(rule);
    }

    /// What was asked so far.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.state.lock().unwrap().asked.clone()
    }

    pub(crate) fn count(&self, method: &str, path: &str) -> usize {
        self.asked().iter().filter(|a| a.method == method && a.path == path).count()
    }

    pub(crate) fn last(&self, method: &str, path: &str) -> Asked {
        self.asked().into_iter().rfind(|a| a.method == method && a.path == path).unwrap()
    }

    pub(crate) fn settings(&self) -> Settings {
        let mut settings = Settings::new(format!("http://127.0.0.1:{}", self.port).parse().unwrap());
        settings.allow_http = true;
        settings.allow_private_addresses = true;
        settings.max_body = 64 * 1024;
        settings
    }

    pub(crate) fn cloud(&self) -> Cloud {
        Cloud::new(self.settings()).unwrap()
    }

    pub(crate) async fn session(&self) -> Session {
        session(&self.cloud()).await.unwrap()
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.task.abort();
    }
}

pub(crate) fn credentials() -> Credentials {
    Credentials::egi(SecretString::from(OIDC))
}

pub(crate) async fn session(cloud: &Cloud) -> Result<Session, Fault> {
    cloud.sign_in(&credentials()).await?.session("p1").await
}

/// Silence is noticed early.
pub(crate) fn hasty(mut settings: Settings) -> Settings {
    settings.read_timeout = Duration::from_millis(200);
    settings.total_timeout = Duration::from_millis(600);
    settings
}

pub(crate) fn wish() -> CreateServer {
    CreateServer {
        operation: Operation::new("00000000-0000-4000-8000-000000000001").unwrap(),
        name: "one".to_owned(),
        image: "i1".to_owned(),
        flavor: "f1".to_owned(),
        key_name: None,
        network: NetworkChoice::Auto,
        security_groups: Vec::new(),
        user_data: None,
        metadata: std::collections::BTreeMap::new(),
    }
}

/// A server of mine as Nova shows it.
pub(crate) fn server(id: &str) -> Value {
    json!({"id": id, "name": id, "status": "ACTIVE", "user_id": ME, "OS-EXT-STS:task_state": null, "addresses": {},
           "flavor": {"original_name": "tiny"}, "image": "", "metadata": {}, "created": "2026-11-22T20:00:00Z"})
}

#[track_caller]
pub(crate) fn reason<T>(result: Result<T, Fault>) -> Reason {
    match result {
        Ok(_) => panic!("it was done"),
        Err(fault) => fault.reason,
    }
}

pub(crate) async fn serve_one(stream: impl AsyncRead + AsyncWrite + Unpin, answer: Answer) {
    let state = State {
        asked: Vec::new(),
        rules: vec![Rule { method: "GET", path: "/v3".to_owned(), act: Arc::new(move |_| answer.clone()) }],
    };
    serve_on(stream, Arc::new(Mutex::new(state))).await;
}

async fn serve(stream: tokio::net::TcpStream, state: Arc<Mutex<State>>) {
    serve_on(stream, state).await;
}

async fn serve_on(mut stream: impl AsyncRead + AsyncWrite + Unpin, state: Arc<Mutex<State>>) {
    let Some(asked) = read(&mut stream).await else { return };
    let act = {
        let mut state = state.lock().unwrap();
        state.asked.push(asked.clone());
        // The latest word counts.
        let rule = state.rules.iter().rfind(|r| r.method == asked.method && r.path == asked.path);
        rule.map(|r| Arc::clone(&r.act))
    };
    let nothing = || Answer::json(404, &json!({"itemNotFound": {"code": 404, "message": "Not here."}}));
    let answer = act.map_or_else(nothing, |act| act(&asked));
    let _ = write(&mut stream, answer).await;
    let _ = stream.shutdown().await;
}

async fn write(stream: &mut (impl AsyncRead + AsyncWrite + Unpin), answer: Answer) -> std::io::Result<()> {
    match answer {
        Answer::Whole(status, head, body) => {
            let length = body.len();
            let head =
                format!("HTTP/1.1 {status} X\r\nConnection: close\r\nContent-Length: {length}\r\n{head}\r\n");
            stream.write_all(head.as_bytes()).await?;
            stream.write_all(&body).await
        }
        Answer::Cut => Ok(()),
        Answer::CutInside(status) => {
            let head = format!(
                "HTTP/1.1 {status} X\r\nConnection: close\r\nContent-Length: 1000\r\n\r\n{{\"server\":"
            );
            stream.write_all(head.as_bytes()).await
        }
        Answer::Silence => {
            let mut rest = [0; 64];
            while stream.read(&mut rest).await? > 0 {}
            Ok(())
        }
        Answer::Drip => {
            stream.write_all(b"HTTP/1.1 200 X\r\nConnection: close\r\n\r\n").await?;
            loop {
                stream.write_all(b" ").await?;
                stream.flush().await?;
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
        Answer::Flood => {
            stream.write_all(b"HTTP/1.1 200 X\r\nConnection: close\r\n\r\n").await?;
            loop {
                stream.write_all(&[b' '; 8192]).await?;
            }
        }
    }
}

async fn read(stream: &mut (impl AsyncRead + Unpin)) -> Option<Asked> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(at) = bytes.windows(4).position(|w| w == b"\r\n\r\n") {
            break at;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8(bytes[..end].to_vec()).ok()?;
    let mut first = head.lines().next()?.split(' ');
    let (method, target) = (first.next()?.to_owned(), first.next()?.to_owned());
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    let mut asked = Asked {
        method,
        path: path.to_owned(),
        query: query.to_owned(),
        head: head.clone(),
        body: String::new(),
    };
    let length: usize = asked.header("content-length").and_then(|l| l.parse().ok()).unwrap_or(0);
    while bytes.len() < end + 4 + length {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    asked.body = String::from_utf8_lossy(&bytes[end + 4..]).into_owned();
    Some(asked)
}
