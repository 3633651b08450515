//! `kill -9` of the real portal at every step of making and removing a real virtual machine: started again, it ends with
//! exactly one machine or none, and nothing beside it.

use crate::support::browser::Browser;
use crate::support::process::{Home, Process};
use crate::world::{act, reach, request_id};
use std::path::PathBuf;

/// The processes of a server's machine.
pub fn machines_of(id: &str) -> Vec<String> {
    let of_machine = |entry: std::io::Result<std::fs::DirEntry>| {
        let entry = entry.ok()?;
        let text = std::fs::read(entry.path().join("cmdline")).ok()?;
        let text = String::from_utf8_lossy(&text).into_owned();
        let is_machine = text.starts_with("qemu-system") && text.contains(id);
        is_machine.then(|| entry.file_name().to_string_lossy().into_owned())
    };
    std::fs::read_dir("/proc").unwrap().filter_map(of_machine).collect()
}

/// What is left of machines in the data folder.
pub fn folders(home: &Home) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(home.data().join("machines")) else { return Vec::new() };
    let of_machines = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        // What is begun or being removed counts; locks and the like do not.
        path.is_dir() && (!name.starts_with('.') || name.starts_with(".new-") || name.starts_with(".gone-"))
    };
    entries.filter_map(Result::ok).map(|entry| entry.path()).filter(of_machines).collect()
}

/// The same person's browser at the portal that was started again.
pub fn at(portal: &Process, browser: &Browser) -> Browser {
    let mut there = portal.browser();
    there.cookies = browser.cookies.clone();
    there
}

/// Ends what a failed test leaves running.
pub struct Guard(pub Vec<String>);

impl Drop for Guard {
    fn drop(&mut self) {
        for id in &self.0 {
            let _ = std::process::Command::new("pkill").args(["-KILL", "-f", id]).status();
        }
    }
}

/// A home whose portal makes machines here, with addresses of its own.
pub fn home(subnet: u8, more: &str) -> Home {
    let folder = std::env::var("HOME").unwrap();
    let images =
        std::env::var("SKYPORT_IMAGES").unwrap_or_else(|_| format!("{folder}/.cache/skyport/images"));
    let run = 10 + std::process::id() % 200;
    Home::new(
        "http://127.0.0.1:9/tap",
        &format!(
            "[servers]\nreconcile_s = 1\n\n[servers.local]\nimages_folder = \"{images}\"\naccelerator = \"tcg\"\n\
             cores = 8\nmemory_mib = 4096\ndisk_gib = 50\nfirst_address = \"127.{run}.{subnet}.2\"\n\
             last_address = \"127.{run}.{subnet}.9\"\n{more}\n"
        ),
    )
}

/// A person at a portal, with a key, and the form of a tiny server.
pub struct Person {
    pub browser: Browser,
    key: String,
    image: String,
    size: String,
}

impl Person {
    pub async fn at(portal: &Process) -> Self {
        let mut browser = portal.browser();
        browser.sign_in("astronomer").await;
        let key = access_key::make_ed25519([9; 32], "killed").unwrap().public.line().to_owned();
        let added = browser.call("keys/add", &[("name", "killed"), ("key", &key)]).await;
        let key = added.json()["id"].as_str().unwrap().to_owned();
        let choices = browser.call("servers/choices", &[("site", "local")]).await.json();
        let local = &choices["sites"][0];
        let tiny = local["images"].as_array().unwrap().iter().find(|image| image["min_disk_gib"] == 0);
        let image = tiny.expect("the tiny image")["id"].as_str().unwrap().to_owned();
        let size = local["sizes"][0]["id"].as_str().unwrap().to_owned();
        Self { browser, key, image, size }
    }

    /// Asks for a server; gives its id.
    pub async fn ask(&mut self, number: usize, name: &str) -> String {
        let request = request_id(number);
        let fields = [
            ("wish[request]", &*request),
            ("wish[name]", name),
            ("wish[image]", &self.image),
            ("wish[size]", &self.size),
            ("wish[key]", &self.key),
        ];
        let answer = self.browser.call("servers/create", &fields).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json().as_str().unwrap().strip_prefix("/servers/").unwrap().to_owned()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn at_every_step_of_a_real_machine() {
    let home = home(9, "");
    let mut portal = home.serve();
    let mut person = Person::at(&portal).await;
    let mut guard = Guard(Vec::new());
    let making = ["key", "room", "request", "start", "address", "ssh"];
    let removing = ["remove", "gone", "address-back", "key-back"];
    for (number, step) in making.into_iter().enumerate() {
        let name = format!("killed-at-{step}");
        let id = person.ask(number, &name).await;
        guard.0.push(id.clone());
        home.step_begun(&id, "create", step).await;
        portal.kill();
        portal = home.serve();
        person.browser = at(&portal, &person.browser);
        let view = reach(&mut person.browser, &id, "Ready").await;
        assert_eq!((machines_of(&id).len(), folders(&home).len()), (1, 1), "{step}: {view:#}");
        assert!(!view["host_keys"].as_array().unwrap().is_empty(), "{step}: {view:#}");

        let step = removing[number % removing.len()];
        assert_eq!(act(&mut person.browser, &id, "Delete", &name).await.status, 200);
        home.step_begun(&id, "delete", step).await;
        portal.kill();
        portal = home.serve();
        person.browser = at(&portal, &person.browser);
        reach(&mut person.browser, &id, "Deleted").await;
        assert_eq!((machines_of(&id), folders(&home)), (vec![], vec![]), "{step}");
    }
    portal.terminate();
    assert!(!home.log().contains("PRIVATE KEY"));
}

/// The same while what was made is undone: of a machine that ended while it started, and of one that was called off.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn at_every_step_of_the_undoing_of_a_real_machine() {
    let home = home(6, "");
    let mut portal = home.serve();
    let mut person = Person::at(&portal).await;
    let mut guard = Guard(Vec::new());
    // Undone from the last step, which is the sixth, to the first.
    for position in (0..6).rev() {
        let name = format!("undone-at-{position}");
        let id = person.ask(position, &name).await;
        guard.0.push(id.clone());
        home.step_begun(&id, "create", "ssh").await;
        let end = if position % 2 == 0 {
            for pid in machines_of(&id) {
                assert!(std::process::Command::new("kill").args(["-KILL", &pid]).status().unwrap().success());
            }
            "Failed"
        } else {
            assert_eq!(act(&mut person.browser, &id, "Delete", &name).await.status, 200);
            "Deleted"
        };
        home.undo_begun(&id, "create", position).await;
        portal.kill();
        portal = home.serve();
        person.browser = at(&portal, &person.browser);
        let view = reach(&mut person.browser, &id, end).await;
        assert_eq!((machines_of(&id), folders(&home)), (vec![], vec![]), "{position}: {view:#}");
    }
    portal.terminate();
}
