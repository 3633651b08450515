//! Access keys: what is kept, what is refused and with which words, whose they are; and that a private key goes nowhere.

use crate::asking_world::files_in;
use crate::place::Place;
use crate::support::browser::{Answer, Browser};
use crate::support::portal::Portal;
use crate::support::process::Home;
use access_key::AccessKey;
use reqwest::Method;
use serde_json::{Value, json};
use std::process::Command;

/// A key of the leaf's table.
fn key_file(name: &str) -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/access-key/tests/data");
    std::fs::read_to_string(format!("{folder}/{name}")).unwrap()
}

async fn add(browser: &mut Browser, name: &str, key: &str) -> Answer {
    browser.call("keys/add", &[("name", name), ("key", key)]).await
}

/// Adds a key that is taken; gives its id.
async fn added(browser: &mut Browser, name: &str, key: &str) -> String {
    let answer = add(browser, name, key).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()["id"].as_str().unwrap().to_owned()
}

async fn list(browser: &mut Browser) -> Vec<Value> {
    let answer = browser.call("keys/list", &[]).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()["keys"].as_array().unwrap().clone()
}

fn names(keys: &[Value]) -> Vec<&str> {
    keys.iter().map(|key| key["name"].as_str().unwrap()).collect()
}

/// The field and the sentence of a refusal.
fn refusal(answer: &Answer) -> (u16, String, String) {
    let fault = answer.json()["Invalid"][0].clone();
    let text = |name: &str| fault[name].as_str().unwrap_or_default().to_owned();
    (answer.status, text("field"), text("sentence"))
}

/// The id of the user who is called that.
async fn user_id(portal: &Portal, name: &str) -> String {
    sqlx::query_scalar("SELECT id FROM users WHERE name = $1")
        .bind(name)
        .fetch_one(&portal.skyport.db)
        .await
        .unwrap()
}

/// A key made of a number.
fn numbered(number: u8) -> String {
    let mut seed = [7; 32];
    seed[0] = number;
    access_key::make_ed25519(seed, &format!("number {number}")).unwrap().public.line().to_owned()
}

pub async fn each_is_kept_once_and_belongs_to_one(place: &Place) {
    let portal = place.portal(|_| {}).await;
    let mut browser = portal.browser();
    assert_eq!(add(&mut browser, "laptop", &key_file("ed25519.pub")).await.status, 401);
    assert_eq!(browser.call("keys/list", &[]).await.status, 401);
    browser.sign_in("astronomer").await;
    assert!(list(&mut browser).await.is_empty());
    let laptop = added(&mut browser, " laptop ", &format!("\n{}\r\n", key_file("ed25519.pub"))).await;
    let unnamed = added(&mut browser, "", &key_file("rsa-4096.pub")).await;
    added(&mut browser, "", &key_file("ecdsa-p384.pub")).await;
    let keys = list(&mut browser).await;
    assert_eq!(
        names(&keys),
        ["laptop", "vera@rubin", "vera@rubin 2"],
        "a name of the comment where none was typed"
    );
    let read = AccessKey::read(&key_file("ed25519.pub")).unwrap();
    assert_eq!(
        keys[0],
        json!({
            "id": laptop, "name": "laptop", "kind": "ed25519", "bits": 256, "sha256": read.sha256(), "md5": read.md5(),
            "public_key": read.line(), "added_us": portal.clock.now(), "last_used_us": null, "servers": [],
            "server_count": 0,
        })
    );
    assert_eq!((&keys[1]["kind"], &keys[1]["bits"]), (&json!("rsa"), &json!(4096)));

    let again = key_file("ed25519.pub").replace("vera@rubin", "under another comment");
    let (status, field, sentence) = refusal(&add(&mut browser, "desktop", &again).await);
    assert_eq!((status, &*field), (422, "key"));
    assert!(sentence.contains("already, under the name laptop."), "{sentence}");
    let (status, field, sentence) = refusal(&add(&mut browser, "laptop", &key_file("rsa-3072.pub")).await);
    assert_eq!((status, &*field), (422, "name"));
    assert!(sentence.contains("called laptop. Choose another"), "{sentence}");
    let both = add(&mut browser, &"x".repeat(61), "nothing").await.json();
    let fields: Vec<_> =
        both["Invalid"].as_array().unwrap().iter().map(|f| f["field"].as_str().unwrap()).collect();
    assert_eq!(fields, ["key", "name"], "everything that is wrong is said at once");
    let longest = "ü".repeat(60);
    added(&mut browser, &longest, &key_file("ecdsa-p521.pub")).await;
    added(&mut browser, "a\u{202e}b\nc\0d", &key_file("sk-ed25519.pub")).await;
    assert_eq!(names(&list(&mut browser).await)[0], "ab cd", "a name is one line of what is seen");

    let mut other = portal.browser();
    other.sign_in("operator").await;
    assert!(list(&mut other).await.is_empty());
    for id in [&*laptop, "nothing", "a\0b"] {
        assert_eq!(other.call("keys/remove", &[("id", id)]).await.status, 404, "{id:?}");
    }
    added(&mut other, "laptop", &key_file("ed25519.pub")).await;
    let page = other.get("/keys").await.body;
    assert!(page.contains(&read.sha256()) && !page.contains(&longest));
    assert_eq!(list(&mut browser).await.len(), 5);
    assert_eq!(browser.call("keys/remove", &[("id", &unnamed)]).await.status, 200);
    assert_eq!(browser.call("keys/remove", &[("id", &unnamed)]).await.status, 404, "it is gone");
    assert_eq!(list(&mut browser).await.len(), 4);
    portal.stop().await;
}

pub async fn servers_that_carry_one(place: &Place) {
    let portal = place.portal(|_| {}).await;
    let mut browser = portal.browser();
    browser.sign_in("astronomer").await;
    let laptop = added(&mut browser, "laptop", &key_file("ed25519.pub")).await;
    let desktop = added(&mut browser, "desktop", &key_file("rsa-3072.pub")).await;
    let (keys, owner) = (&portal.skyport.keys, user_id(&portal, "Demo Astronomer").await);
    let found = keys.find(&owner, &laptop).await.unwrap().unwrap();
    assert_eq!((&*found.name, &*found.public_key), ("laptop", key_file("ed25519.pub").trim_end()));
    for (whose, id) in [("somebody", &*laptop), (&owner, "nothing"), (&owner, "a\0b")] {
        assert_eq!(keys.find(whose, id).await.unwrap(), None);
    }
    let rows = keys.list_rows(&owner).await.unwrap();
    assert_eq!(rows.iter().map(|row| &*row.name).collect::<Vec<_>>(), ["desktop", "laptop"]);

    let first = portal.clock.now();
    keys.record_use(&laptop, "v1", "calm-otter").await.unwrap();
    portal.clock.forward(60);
    let second = portal.clock.now();
    keys.record_use(&laptop, "v2", "bright-heron").await.unwrap();
    portal.clock.forward(60);
    keys.record_use(&laptop, "v1", "renamed-otter").await.unwrap();
    keys.record_use("a key that is gone", "v1", "calm-otter").await.unwrap();
    let shown = list(&mut browser).await[1].clone();
    assert!(first < second);
    assert_eq!(shown["last_used_us"], second, "saying it again is no new use");
    assert_eq!(
        shown["servers"],
        json!([{"server": "v2", "name": "bright-heron"}, {"server": "v1", "name": "renamed-otter"}])
    );
    for number in 0..12 {
        keys.record_use(&desktop, &format!("w{number}"), "many").await.unwrap();
    }
    let shown = list(&mut browser).await[0].clone();
    assert_eq!((shown["servers"].as_array().unwrap().len(), &shown["server_count"]), (10, &json!(12)));
    let page = browser.get("/keys").await.body;
    assert!(page.contains("bright-heron") && page.contains("they keep it"), "{page}");

    keys.forget_use("v2").await.unwrap();
    keys.forget_use("never").await.unwrap();
    let shown = list(&mut browser).await[1].clone();
    assert_eq!((&shown["server_count"], &shown["last_used_us"]), (&json!(1), &json!(second)));
    assert_eq!(browser.call("keys/remove", &[("id", &laptop)]).await.status, 200);
    assert_eq!(portal.count("access_key_uses").await, 12, "with the key goes the list of its servers");
    keys.record_use(&laptop, "v1", "renamed-otter").await.unwrap();
    assert_eq!(portal.count("access_key_uses").await, 12);
    portal.stop().await;
}

pub async fn two_tabs_keep_to_the_limit(place: &Place) {
    let portal = place.portal(|_| {}).await;
    let mut browser = portal.browser();
    browser.sign_in("astronomer").await;
    for number in 0..45 {
        added(&mut browser, "", &numbered(number)).await;
    }
    let adding = (45..55).map(|number| {
        let mut tab = browser.clone();
        async move { add(&mut tab, &format!("at once {number}"), &numbered(number)).await.status }
    });
    let mut statuses = futures::future::join_all(adding).await;
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 200, 200, 200, 200, 429, 429, 429, 429, 429]);
    assert_eq!(list(&mut browser).await.len(), 50);
    let full = add(&mut browser, "one more", &numbered(60)).await;
    assert!(full.json()["Limit"].as_str().unwrap().contains("50 access keys"), "{full:?}");

    // The same key in two tabs is one key, and the same name one name.
    let first = list(&mut browser).await[0]["id"].as_str().unwrap().to_owned();
    browser.call("keys/remove", &[("id", &first)]).await;
    let line = numbered(70);
    let (mut one, mut two) = (browser.clone(), browser.clone());
    let (a, b) = tokio::join!(add(&mut one, "one", &line), add(&mut two, "two", &line));
    let mut statuses = [a.status, b.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 422], "{a:?} {b:?}");
    assert_eq!(list(&mut browser).await.len(), 50);
    portal.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_refusal_has_its_words() {
    let portal = Place::sqlite().portal(|_| {}).await;
    let mut browser = portal.browser();
    browser.sign_in("astronomer").await;
    let ed = key_file("ed25519.pub").trim_end().to_owned();
    let base64 = ed.split(' ').nth(1).unwrap().to_owned();
    for (text, words) in [
        (String::new(), "There is no key here."),
        (
            "-----BEGIN OPENSSH PRIVATE KEY-----".to_owned(),
            "This is your private key; it has not been sent on; paste the .pub file.",
        ),
        (key_file("dsa-1024.pub"), "DSA"),
        (key_file("rsa-2048.pub"), "2048 bits"),
        (key_file("ed25519-cert.pub"), "certificate"),
        (format!("{ed}\n{ed}"), "several keys"),
        (format!("{ed}\nand more"), "several lines"),
        (format!("no-pty {ed}"), "before the key"),
        (format!("ssh-ed25519 {}", &base64[..30]), "cut off"),
        (base64, "type is missing"),
        (format!("{ed} {}", "x".repeat(16 * 1024)), "more than 16 kB"),
        (format!("{ed}\u{7}"), "control character"),
        (key_file("ed448.pub"), "type ssh-ed448"),
        (key_file("rfc4716.txt"), "ssh-keygen -i -f"),
        ("hunter2".to_owned(), "does not look like a public key"),
    ] {
        let (status, field, sentence) = refusal(&add(&mut browser, "", &text).await);
        assert_eq!((status, &*field), (422, "key"), "{words}");
        assert!(sentence.contains(words), "{sentence}");
        assert!(!sentence.contains("hunter2"), "{sentence}");
    }
    assert_eq!(portal.count("access_keys").await, 0);
    portal.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_javascript_what_was_typed_comes_back_unless_it_is_secret() {
    let portal = Place::sqlite().portal(|_| {}).await;
    let mut browser = portal.browser();
    let form = async |browser: &mut Browser, name: &str, key: &str| {
        let origin = browser.origin().to_owned();
        let headers = [("origin", &*origin), ("sec-fetch-site", "same-origin"), ("accept", "text/html")];
        let sent = browser
            .send(Method::POST, "/api/keys/add_form", &headers, Some(&[("name", name), ("key", key)]))
            .await;
        assert_eq!(sent.status, 302, "{sent:?}");
        sent.location().to_owned()
    };
    assert_eq!(form(&mut browser, "laptop", &key_file("ed25519.pub")).await, "/sign-in?next=%2Fkeys");
    browser.sign_in("astronomer").await;
    let to = form(&mut browser, "lap<top", &key_file("rsa-2048.pub")).await;
    let page = browser.get(&to).await;
    assert!(page.body.contains("has 2048 bits") && page.body.contains("lap&lt;top"), "{}", page.body);
    assert!(page.body.contains(key_file("rsa-2048.pub").trim_end()), "what was typed is there");
    assert!(page.body.contains("id=\"key-error\""), "the sentence stands beside the field");
    for secret in [
        "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmU\n",
        "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g",
        "my password is hunter2",
    ] {
        let to = form(&mut browser, "laptop", secret).await;
        let page = browser.get(&to).await;
        for part in secret.split(['\n', ' ']).filter(|part| part.len() > 6 && !part.contains("-----")) {
            assert!(!to.contains(part) && !page.body.contains(part), "{part} in {to}");
        }
        assert!(page.body.contains("value=\"laptop\""), "the name is kept");
        assert!(page.body.contains("id=\"key-error\""));
    }
    let to = form(&mut browser, "laptop", &key_file("ed25519.pub")).await;
    assert!(to.starts_with("/keys?added="), "{to}");
    assert!(browser.get(&to).await.body.contains("laptop"));
    portal.stop().await;
}

/// The process logs everything that it can, and what it wrote is searched as a whole.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_private_key_is_nowhere_afterwards() {
    let folder = tempfile::tempdir().unwrap();
    let home = Home::new("http://127.0.0.1:9", "[log]\nfilter = \"trace\"");
    let process = home.serve();
    let mut browser = process.browser();
    browser.sign_in("astronomer").await;
    let mut secrets = Vec::new();
    for (number, form) in
        [&[][..], &["-m", "PKCS8"], &["-m", "PEM", "-t", "rsa", "-b", "3072"]].iter().enumerate()
    {
        let file = folder.path().join(format!("key{number}"));
        let made = Command::new("ssh-keygen")
            .args(["-q", "-N", "", "-t", "ed25519"])
            .args(*form)
            .arg("-f")
            .arg(&file)
            .output();
        assert!(made.unwrap().status.success());
        let text = std::fs::read_to_string(&file).unwrap();
        secrets.extend(text.lines().filter(|line| !line.starts_with("--")).map(str::to_owned));
        let line = std::fs::read_to_string(file.with_extension("pub")).unwrap();
        let inside: String = text.lines().filter(|line| !line.starts_with("--")).collect();
        let mut answers = Vec::new();
        for pasted in [text.clone(), inside, format!("{line}{text}"), text.replace('\n', " ")] {
            answers.push(add(&mut browser, "mine", &pasted).await);
            answers.push(add(&mut browser, &pasted, &line).await);
            let origin = browser.origin().to_owned();
            let headers = [("origin", &*origin), ("sec-fetch-site", "same-origin"), ("accept", "text/html")];
            let fields = [("name", &*pasted), ("key", &*pasted)];
            let sent = browser.send(Method::POST, "/api/keys/add_form", &headers, Some(&fields)).await;
            answers.push(browser.get(sent.location()).await);
            answers.push(sent);
            answers.push(browser.call_json("keys/add", &json!({"name": "mine", "key": pasted})).await);
        }
        for answer in answers {
            assert_ne!(answer.status, 500, "{answer:?}");
            let said = format!("{answer:?}");
            assert!(secrets.iter().all(|secret| !said.contains(secret.as_str())), "an answer has it: {said}");
        }
    }
    assert!(secrets.len() > 30);
    assert!(list(&mut browser).await.is_empty());
    tokio::task::spawn_blocking(move || process.terminate()).await.unwrap();
    let log = home.log();
    assert!(log.contains("/api/keys/add"), "the log has these requests");
    let mut searched = 0;
    for file in files_in(home.folder.path()) {
        let bytes = std::fs::read(&file).unwrap();
        searched += 1;
        for secret in &secrets {
            let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "{} has it", file.display());
        }
    }
    assert!(searched >= 3, "configuration, database and log: {searched}");
}
