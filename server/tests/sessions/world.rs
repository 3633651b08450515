//! A portal with one site at a real engine, software made for the tests, a person, and what they do.

use crate::engine::Bed;
use crate::support::browser::{Answer, Browser};
use crate::support::portal::{HandClock, Portal, Setting};
use crate::support::waiting;
use serde_json::{Value, json};
use skyport::config::{Config, Secret};
use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

/// Far more than anything here needs.
pub const DEADLINE: Duration = Duration::from_mins(3);

/// Waits until a condition holds.
pub async fn until<F: Future<Output = bool>>(what: &str, holds: impl FnMut() -> F) {
    waiting::until(DEADLINE, what, holds).await;
}

/// One thing that sessions here can run: its name, and what its file says beside what all say.
pub const SOFTWARE: [(&str, &str); 10] = [
    ("tiny", "kind = \"web-app\"\n[interface]\nport = 8080\n"),
    (
        "silent",
        "kind = \"web-app\"\ncommand = [\"/bin/sh\", \"-c\", \"echo nobody at home; exec sleep 100000\"]\n[interface]\nport = 8080\n",
    ),
    (
        "falls",
        "kind = \"web-app\"\ncommand = [\"/bin/sh\", \"-c\", \"echo last words; exit 7\"]\n[interface]\nport = 8080\n",
    ),
    (
        "told",
        "kind = \"web-app\"\ncommand = [\"/bin/sh\", \"-c\", \"httpd -p 8080 -h /srv; echo it serves; until [ -e /home/user/go ]; do sleep 0.05; done; . /home/user/go\"]\n[interface]\nport = 8080\n",
    ),
    ("absent", "kind = \"web-app\"\n[interface]\nport = 8080\n"),
    ("elsewhere", "kind = \"web-app\"\n[interface]\nport = 8080\n"),
    ("nothing", "kind = \"web-app\"\ncommand = [\"/no/such/program\"]\n[interface]\nport = 8080\n"),
    ("rests", "kind = \"web-app\"\nidle_minutes = 30\n[interface]\nport = 8080\n"),
    (
        "watched",
        "kind = \"web-app\"\ncommand = [\"/bin/sh\", \"-c\", \"mkdir /tmp/v; echo only seen > /tmp/v/index.html; httpd -p 8081 -h /tmp/v; exec httpd -f -p 8080 -h /srv\"]\n[interface]\nport = 8080\n[interface.view]\nport = 8081\n",
    ),
    ("shell", "kind = \"batch\"\n"),
];

/// Writes the catalogue of the tests.
pub fn write_software(folder: &Path, bed: &Bed) {
    std::fs::create_dir_all(folder).unwrap();
    let (image, tag) = bed.reference("tiny").rsplit_once(':').unwrap();
    for (name, more) in SOFTWARE {
        let image = match name {
            "absent" => "localhost/skyport/not-there",
            // Nobody listens there.
            "elsewhere" => "localhost:9/skyport/tiny",
            _ => image,
        };
        let mut text = format!("title = \"{name}\"\npurpose = \"For tests\"\nimage = \"{image}\"\n");
        text.push_str(more);
        let needs = "{ cores = 1, memory_mib = 32, disk_gib = 0 }";
        let _ = write!(
            text,
            "\n[resources]\nminimum = {needs}\nrecommended = {needs}\n[[versions]]\nversion = \"{tag}\"\n"
        );
        std::fs::write(folder.join(format!("{name}.toml")), text).unwrap();
    }
}

/// The site `here` at an engine.
pub fn site(bed: &Bed) -> String {
    format!(
        "title = \"Here\"\nnodes = [{{ name = \"n1\", socket = \"{}\", cores = 16, memory_mib = 4096, disk_gib = 100 }}]\n",
        bed.socket().display()
    )
}

/// A portal with that site, a clock that goes and can be moved, and a reconciler that looks every second.
pub async fn portal(bed: &Bed, url: Option<&str>, change: impl FnOnce(&mut Config)) -> Portal {
    let setting = Setting { clock: HandClock::going(), sites: None };
    Portal::start_in(setting, |config| {
        config.server.drain_s = 1;
        config.sign_in.attempts_per_minute = 1000;
        config.software.default_catalogue = false;
        let folder = config.server.data_folder.join("software");
        write_software(&folder, bed);
        config.software.folder = Some(folder);
        config.sites.insert("here".to_owned(), toml::from_str(&site(bed)).unwrap());
        config.sessions.reconcile_s = 1;
        config.sessions.per_user = 20;
        config.sessions.end_s = 1;
        if let Some(url) = url {
            config.database.url = Secret::new(url);
        }
        change(config);
    })
    .await
    .expect("the portal starts")
}

/// A signed-in browser.
pub async fn person(portal: &Portal, user: &str) -> Browser {
    let mut browser = portal.browser();
    browser.sign_in(user).await;
    browser
}

/// As a form writes them: `question[resources][cores]`.
fn fields(name: &str, value: &Value) -> Vec<(String, String)> {
    match value {
        Value::Object(inner) => {
            inner.iter().flat_map(|(key, value)| fields(&format!("{name}[{key}]"), value)).collect()
        }
        Value::String(text) => vec![(name.to_owned(), text.clone())],
        other => vec![(name.to_owned(), other.to_string())],
    }
}

/// An offer of this software for so many minutes, now, with what else it says.
pub fn offer(software: &str, minutes: u32, more: &Value) -> Value {
    static NEXT: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(1);
    let number = NEXT.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
    let mut offer = json!({
        "request": format!("{number:024}"),
        "site": "here",
        "start_us": 0,
        "question": {
            "software": software, "minutes": minutes, "nodes": 1, "data": false,
            "resources": { "cores": 1, "memory_mib": 32, "disk_gib": 0, "gpus": 0 },
        },
    });
    merge(&mut offer, more);
    offer
}

fn merge(whole: &mut Value, more: &Value) {
    if let (Value::Object(whole), Value::Object(more)) = (&mut *whole, more) {
        for (key, value) in more {
            merge(whole.entry(key.clone()).or_insert(Value::Null), value);
        }
    } else {
        *whole = more.clone();
    }
}

/// Holds an offer; gives the booking.
pub async fn hold(browser: &mut Browser, offer: &Value) -> String {
    let fields = fields("offer", offer);
    let fields: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let answer = browser.call("plan/take", &fields).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json().as_str().unwrap().rsplit('/').next().unwrap().to_owned()
}

pub async fn accept(browser: &mut Browser, booking: &str) -> Answer {
    browser.call("sessions/accept", &[("booking", booking)]).await
}

/// Runs something now; gives its id.
pub async fn run(browser: &mut Browser, software: &str, more: &Value) -> String {
    let booking = hold(browser, &offer(software, 60, more)).await;
    let answer = accept(browser, &booking).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json().as_str().unwrap().rsplit('/').next().unwrap().to_owned()
}

pub async fn show(browser: &mut Browser, id: &str) -> Value {
    waiting::show(browser, "sessions/show", id).await
}

/// Waits for a state; gives the session.
pub async fn reach(browser: &mut Browser, id: &str, state: &str) -> Value {
    waiting::reach(DEADLINE, browser, "sessions/show", id, state).await
}

pub async fn end(browser: &mut Browser, id: &str) -> Answer {
    browser.call("sessions/end", &[("id", id)]).await
}

pub async fn log(browser: &mut Browser, id: &str) -> String {
    let answer = browser.call("sessions/log", &[("id", id)]).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json().as_str().unwrap().to_owned()
}

/// What happened, newest first.
pub fn events(view: &Value) -> Vec<String> {
    let events = view["events"].as_array().unwrap();
    events.iter().map(|event| event["what"].as_str().unwrap().to_owned()).collect()
}

/// What the engine has of a session.
pub async fn at_engine(bed: &Bed, id: &str) -> Vec<containers::Seen> {
    bed.engine().await.all_of("org.skyport.session", Some(id)).await.unwrap()
}

/// The address column.
pub async fn address(portal: &Portal, id: &str) -> Option<String> {
    let text = "SELECT address FROM sessions WHERE id = $1";
    sqlx::query_scalar(text).bind(id).fetch_one(&portal.skyport.db).await.unwrap()
}

/// Does something while the portal does not look at the session, so that it sees only what is left in the end.
pub async fn unseen(portal: &Portal, id: &str, done: impl AsyncFnOnce()) {
    let site = async |name: &str| {
        let change = sqlx::query("UPDATE sessions SET site = $2 WHERE id = $1").bind(id).bind(name);
        change.execute(&portal.skyport.db).await.unwrap();
    };
    site("sold").await;
    until("nobody is let in", || async { address(portal, id).await.is_none() }).await;
    done().await;
    site("here").await;
}

/// The state of a session's booking.
pub async fn booking(browser: &mut Browser, view: &Value) -> String {
    let id = view["booking"].as_str().unwrap();
    let answer = browser.call("bookings/show", &[("id", id)]).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()["state"].as_str().unwrap().to_owned()
}

/// A page at an address.
pub async fn get(address: &str, path: &str) -> Option<String> {
    let url = format!("http://{address}{path}");
    let client = crate::support::browser::plain_client();
    let answer = client.get(url).timeout(Duration::from_secs(5)).send().await.ok()?;
    answer.text().await.ok()
}

/// The home folder of whoever's session this is, here.
pub async fn home(portal: &Portal, id: &str) -> std::path::PathBuf {
    let text = "SELECT owner FROM sessions WHERE id = $1";
    let owner: String = sqlx::query_scalar(text).bind(id).fetch_one(&portal.skyport.db).await.unwrap();
    portal.folder.path().join("sessions/homes").join(owner)
}
