//! The control plane, people in it, and its administrator.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use openstack::{
    Cloud, CreateServer, Credentials, Fault, NetworkChoice, Operation, Reason, SecretString, Server, Session,
    Settings, Status, Thing,
};
use serde_json::{Value, json};

pub(crate) const ALPHA: &str = "vo.alpha.example";
pub(crate) const BETA: &str = "vo.beta.example";

/// The process is never waited for: it stops when our end of its standard input closes, which is when we end.
pub(crate) struct Bed {
    _child: Child,
    ready: Value,
}

static BED: LazyLock<Bed> = LazyLock::new(Bed::start);

pub(crate) fn bed() -> &'static Bed {
    &BED
}

impl Bed {
    fn start() -> Self {
        let scripts = std::env::var_os("SKYPORT_TEST_SERVERS").map(PathBuf::from);
        let scripts =
            scripts.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tools/servers"));
        let script = scripts.join("openstack");
        let mut child = Command::new(&script)
            .env_remove("OPENSTACK_ISSUER")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|e| panic!("{} does not start ({e}); ./dev test sets it up", script.display()));
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let ready = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| line.strip_prefix("ready ").map(str::to_owned))
            .expect("it ended before it was ready");
        Self { _child: child, ready: serde_json::from_str(&ready).unwrap() }
    }

    pub(crate) fn word(&self, pointer: &str) -> &str {
        self.ready
            .pointer(pointer)
            .and_then(Value::as_str)
            .unwrap_or_else(|| panic!("{pointer} in {}", self.ready))
    }

    pub(crate) fn project(&self, vo: &str) -> &str {
        self.ready["projects"][vo].as_str().unwrap()
    }

    pub(crate) fn settings(&self) -> Settings {
        let mut settings = Settings::new(self.word("/keystone").parse().unwrap());
        settings.allow_http = true;
        settings.allow_private_addresses = true;
        // The services answer on one processor for everybody.
        settings.read_timeout = Duration::from_mins(2);
        settings.total_timeout = Duration::from_mins(2);
        settings
    }

    pub(crate) fn cloud(&self) -> Cloud {
        Cloud::new(self.settings()).unwrap()
    }

    /// An access token of the test issuer.
    pub(crate) fn mint(&self, subject: &str, vos: &[&str], more: &[&str]) -> SecretString {
        let words: Vec<&str> =
            self.ready["mint"].as_array().unwrap().iter().map(|w| w.as_str().unwrap()).collect();
        let entitlements = vos.iter().map(|vo| self.word("/entitlement").replace("{vo}", vo));
        let out = Command::new(words[0])
            .args(&words[1..])
            .arg(subject)
            .args(entitlements)
            .args(more)
            .output()
            .unwrap();
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        SecretString::from(String::from_utf8(out.stdout).unwrap().trim())
    }

    /// Somebody in the project of a virtual organisation.
    pub(crate) async fn session(&self, subject: &str, vo: &str) -> Session {
        let me = self.cloud().sign_in(&Credentials::egi(self.mint(subject, &[vo], &[]))).await.unwrap();
        me.session(self.project(vo)).await.unwrap()
    }

    pub(crate) fn administrator(&self) -> Credentials {
        Credentials::Password {
            user: self.word("/admin/user").to_owned(),
            domain: self.word("/admin/domain").to_owned(),
            password: SecretString::from(self.word("/admin/password")),
        }
    }

    /// What only the administrator may do, past the client that is tested.
    pub(crate) async fn as_admin(&self, method: &str, service: &str, path: &str, body: Value) -> Value {
        let http = reqwest::Client::new();
        let login = json!({"auth": {"identity": {"methods": ["password"], "password": {"user": {
            "name": "admin", "domain": {"id": "default"}, "password": self.word("/admin/password")}}},
            "scope": {"project": {"name": "admin", "domain": {"id": "default"}}}}});
        let url = format!("{}/auth/tokens", self.word("/keystone"));
        let reply = http
            .post(url)
            .body(login.to_string())
            .header("content-type", "application/json")
            .send()
            .await
            .unwrap();
        let token = reply.headers()["x-subject-token"].clone();
        let url = format!("http://127.0.0.1:{}{path}", self.ready["ports"][service]);
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let request = http
            .request(method, url)
            .header("x-auth-token", token)
            .header("content-type", "application/json");
        // Neutron does not bear a body where it wants none.
        let request = if body.is_null() { request } else { request.body(body.to_string()) };
        let reply = request.send().await.unwrap();
        let status = reply.status();
        let text = reply.text().await.unwrap();
        assert!(status.is_success(), "{status} {text}");
        serde_json::from_str(&text).unwrap_or(Value::Null)
    }
}

/// An operation of its own for every call.
pub(crate) fn operation() -> Operation {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let n = NEXT.fetch_add(1, Ordering::Relaxed);
    Operation::new(format!("00000000-0000-4000-8000-{:06x}{n:06x}", std::process::id() & 0xff_ffff)).unwrap()
}

/// The smallest server without a network.
pub(crate) async fn wish(session: &Session, name: &str) -> CreateServer {
    let image = session.images().await.unwrap().into_iter().find(|i| i.name == "paper-linux").unwrap();
    let flavor = session.flavors().await.unwrap().into_iter().find(|f| f.name == "tiny").unwrap();
    CreateServer {
        operation: operation(),
        name: name.to_owned(),
        image: image.id,
        flavor: flavor.id,
        key_name: None,
        network: NetworkChoice::None,
        security_groups: Vec::new(),
        user_data: None,
        metadata: BTreeMap::new(),
    }
}

/// Looks until it sees what it wants; two minutes are beyond all that a busy machine needs.
pub(crate) async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + Duration::from_mins(2);
    loop {
        if let Some(seen) = look().await {
            return seen;
        }
        assert!(Instant::now() < deadline, "never seen: {what}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Waits until a server is at rest in a state.
pub(crate) async fn settled(session: &Session, id: &str, status: &Status) -> Server {
    until(&format!("{id} {status}"), async || {
        let server = session.server(id).await.unwrap();
        assert!(server.status != Status::Error || *status == Status::Error, "{:?}", server.fault);
        (server.status == *status && server.task.is_none()).then_some(server)
    })
    .await
}

/// Deletes and waits until it is really gone.
pub(crate) async fn delete(session: &Session, id: &str) {
    session.delete_server(id).await.unwrap();
    until("the end of a server", async || match session.server(id).await {
        Ok(_) => None,
        Err(fault) => {
            assert_eq!(fault.reason, Reason::NotFound(Thing::Server));
            Some(())
        }
    })
    .await;
}

/// The reason of a call that must fail.
#[track_caller]
pub(crate) fn reason<T>(result: Result<T, Fault>) -> Reason {
    match result {
        Ok(_) => panic!("it was done"),
        Err(fault) => fault.reason,
    }
}
