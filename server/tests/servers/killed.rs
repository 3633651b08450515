//! `kill -9` of the real portal at every step of making and removing a real virtual machine: started again, it ends with
//! exactly one machine or none, and nothing beside it.

use crate::support::browser::Browser;
use crate::support::process::{Home, Process};
use crate::world::{act, reach, request_id};
use std::path::PathBuf;

/// The processes of a server's machine.
fn machines_of(id: &str) -> usize {
    let command = |entry: std::io::Result<std::fs::DirEntry>| {
        let text = std::fs::read(entry.ok()?.path().join("cmdline")).ok()?;
        let text = String::from_utf8_lossy(&text).into_owned();
        (text.starts_with("qemu-system") && text.contains(id)).then_some(text)
    };
    std::fs::read_dir("/proc").unwrap().filter_map(command).count()
}

/// What is left of machines in the data folder.
fn folders(home: &Home) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(home.data().join("machines")) else { return Vec::new() };
    let of_machines = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        // What is begun or being removed counts; locks and the like do not.
        path.is_dir() && (!name.starts_with('.') || name.starts_with(".new-") || name.starts_with(".gone-"))
    };
    entries.filter_map(Result::ok).map(|entry| entry.path()).filter(of_machines).collect()
}

/// The same person's browser at the portal that was started again.
fn at(portal: &Process, browser: &Browser) -> Browser {
    let mut there = portal.browser();
    there.cookies = browser.cookies.clone();
    there
}

/// Ends what a failed test leaves running.
struct Guard(Vec<String>);

impl Drop for Guard {
    fn drop(&mut self) {
        for id in &self.0 {
            let _ = std::process::Command::new("pkill").args(["-KILL", "-f", id]).status();
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn at_every_step_of_a_real_machine() {
    let folder = std::env::var("HOME").unwrap();
    let images =
        std::env::var("SKYPORT_IMAGES").unwrap_or_else(|_| format!("{folder}/.cache/skyport/images"));
    let run = 10 + std::process::id() % 200;
    let home = Home::new(
        "http://127.0.0.1:9/tap",
        &format!(
            "[servers]\nreconcile_s = 1\n\n[servers.local]\nimages_folder = \"{images}\"\naccelerator = \"tcg\"\n\
             cores = 8\nmemory_mib = 4096\ndisk_gib = 50\nfirst_address = \"127.{run}.9.2\"\nlast_address = \"127.{run}.9.9\"\n"
        ),
    );
    let mut portal = home.serve();
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

    let mut guard = Guard(Vec::new());
    let making = ["key", "room", "request", "start", "address", "ssh"];
    let removing = ["remove", "gone", "address-back", "key-back"];
    for (number, step) in making.into_iter().enumerate() {
        let (request, name) = (request_id(number), format!("killed-at-{step}"));
        let fields = [
            ("wish[request]", &*request),
            ("wish[name]", &name),
            ("wish[image]", &image),
            ("wish[size]", &size),
            ("wish[key]", &key),
        ];
        let answer = browser.call("servers/create", &fields).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let id = answer.json().as_str().unwrap().strip_prefix("/servers/").unwrap().to_owned();
        guard.0.push(id.clone());
        home.step_begun(&id, "create", step).await;
        portal.kill();
        portal = home.serve();
        browser = at(&portal, &browser);
        let view = reach(&mut browser, &id, "Ready").await;
        assert_eq!((machines_of(&id), folders(&home).len()), (1, 1), "{step}: {view:#}");
        assert!(!view["host_keys"].as_array().unwrap().is_empty(), "{step}: {view:#}");

        let step = removing[number % removing.len()];
        assert_eq!(act(&mut browser, &id, "Delete", &name).await.status, 200);
        home.step_begun(&id, "delete", step).await;
        portal.kill();
        portal = home.serve();
        browser = at(&portal, &browser);
        reach(&mut browser, &id, "Deleted").await;
        assert_eq!((machines_of(&id), folders(&home)), (0, Vec::new()), "{step}");
    }
    portal.terminate();
    assert!(!home.log().contains("PRIVATE KEY"));
}
