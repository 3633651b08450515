//! Users' own containers: what a real registry says of them, who sees them, and that a secret stays one.

use crate::place::Place;
use crate::support::browser::{Answer, Browser};
use crate::support::portal::Portal;
use crate::support::registry::{PASSWORD, Registry, USER, config};
use serde_json::{Value, json};
use std::net::TcpListener;

/// Sends the form; a field is named without what is around it.
async fn keep(browser: &mut Browser, fields: &[(&str, &str)]) -> Answer {
    let named: Vec<(String, &str)> =
        fields.iter().map(|(name, value)| (format!("container[{name}]"), *value)).collect();
    let named: Vec<(&str, &str)> = named.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    browser.call("software/keep", &named).await
}

/// Keeps one that is taken; gives its name.
async fn kept(browser: &mut Browser, fields: &[(&str, &str)]) -> String {
    let answer = keep(browser, fields).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json().as_str().unwrap().strip_prefix("/software/").unwrap().to_owned()
}

/// The field of a refusal, and its sentence.
fn refusal(answer: &Answer) -> (String, String) {
    assert_eq!(answer.status, 422, "{answer:?}");
    let fault = answer.json()["Invalid"][0].clone();
    let text = |name: &str| fault[name].as_str().unwrap_or_default().to_owned();
    (text("field"), text("sentence"))
}

async fn show(browser: &mut Browser, name: &str) -> Answer {
    browser.call("software/show", &[("name", name)]).await
}

/// Shows it to everybody, as it was when its mark was looked at.
async fn feature(operator: &mut Browser, name: &str, mark: &str) -> Answer {
    operator.call("software/feature", &[("name", name), ("featured", "true"), ("mark", mark)]).await
}

/// The names of what a search over everything of users finds.
async fn found(browser: &mut Browser, word: &str) -> Vec<String> {
    let answer = browser.call("software/search", &[("question[words]", word)]).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()["cards"]
        .as_array()
        .unwrap()
        .iter()
        .map(|card| card["name"].as_str().unwrap().to_owned())
        .collect()
}

async fn portal_with(place: &Place, registries: &[&Registry]) -> Portal {
    let listed: Vec<_> = registries.iter().map(|registry| registry.listed()).collect();
    place
        .portal(|config| {
            config.software.registries = listed;
            config.software.asks_per_minute = 1000;
            config.sign_in.attempts_per_minute = 1000;
        })
        .await
}

pub async fn belong_to_whom_they_are_shared_with(place: &Place) {
    let registry = Registry::start();
    let labels =
        json!({"org.skyport.kind": "web", "org.opencontainers.image.title": "Zebrafinder", "note": "<b>"});
    let digest = registry.push("team/zebra:1.2", &config(&labels, &["8080/tcp", "53/udp"])).await;
    let portal = portal_with(place, &[&registry]).await;
    let image = format!("{}/team/zebra:1.2", registry.name);

    let mut visitor = portal.browser();
    assert_eq!(keep(&mut visitor, &[("image", &image)]).await.status, 401);
    let mut owner = portal.browser();
    owner.sign_in("operator").await;
    let name = kept(&mut owner, &[("image", &image)]).await;
    assert!(name.starts_with("zebra-"), "{name}");

    let view = show(&mut owner, &name).await.json();
    assert_eq!(view["card"]["title"], "Zebrafinder");
    assert_eq!((&view["card"]["kind"], &view["interface"]["port"]), (&json!("web-app"), &json!(8080)));
    let version = &view["versions"][0];
    assert_eq!((&version["version"], &version["digest"]), (&json!("1.2"), &json!(digest)));
    assert_eq!((&version["size_bytes"], &version["date"]), (&json!(1000), &json!("2026-01-02")));
    assert_eq!(view["architectures"], json!(["arm64"]));
    assert_eq!(view["labels"][0], json!(["note", "<b>"]));
    assert_eq!((&view["may_change"], &view["card"]["origin"]), (&json!(true), &json!({"Mine": null})));
    assert_eq!(found(&mut owner, "zebrafinder").await, [name.as_str()]);

    let mut other = portal.browser();
    other.sign_in("astronomer").await;
    let change = [("change", name.as_str()), ("image", image.as_str())];
    let nobodys = |answer: &Answer| (answer.status, answer.body.clone());
    let nothing = nobodys(&show(&mut other, "nothing").await);
    for browser in [&mut visitor, &mut other] {
        assert_eq!(nobodys(&show(browser, &name).await), nothing);
        assert_eq!(browser.get(&format!("/software/{name}")).await.status, 404);
        assert!(found(browser, "zebrafinder").await.is_empty());
    }
    assert_eq!(other.call("software/form", &[("change", &name)]).await.status, 404);
    assert_eq!(keep(&mut other, &change).await.status, 404);
    assert_eq!(other.call("software/remove", &[("name", &name)]).await.status, 404);
    assert_eq!(other.call("software/favourite", &[("name", &name), ("favourite", "true")]).await.status, 404);

    let shared =
        [change[0], change[1], ("share", "astronomers"), ("title", "Zebrafinder"), ("tags", "stripes")];
    assert_eq!(kept(&mut owner, &shared).await, name, "a changed one keeps its name");
    let view = show(&mut other, &name).await.json();
    assert_eq!(
        (&view["card"]["origin"], &view["may_change"]),
        (&json!({"Group": "astronomers"}), &json!(false))
    );
    assert_eq!(found(&mut other, "stripes").await, [name.as_str()]);
    assert!(found(&mut visitor, "stripes").await.is_empty());
    assert_eq!(keep(&mut other, &change).await.status, 404);
    assert_eq!(other.call("software/feature", &[("name", &name), ("featured", "true")]).await.status, 403);
    let (field, sentence) = refusal(&keep(&mut owner, &[("image", &image), ("share", "strangers")]).await);
    assert!(field == "share" && sentence.contains("not in that group"), "{sentence}");

    assert_eq!(kept(&mut owner, &change).await, name, "shared no longer");
    assert_eq!(show(&mut other, &name).await.status, 404);
    let mark = |view: &Value| view["mark"].as_str().unwrap().to_owned();
    let looked_at = mark(&show(&mut owner, &name).await.json());
    assert_eq!(kept(&mut owner, &change).await, name, "while the operator looks");
    let late = feature(&mut owner, &name, &looked_at).await;
    let (field, sentence) = refusal(&late);
    assert!(field == "mark" && sentence.contains("changed it after"), "{sentence}");
    assert_eq!(refusal(&feature(&mut owner, &name, "").await).0, "mark");
    assert_eq!(show(&mut visitor, &name).await.status, 404);
    let looked_at = mark(&show(&mut owner, &name).await.json());
    assert_eq!(feature(&mut owner, &name, &looked_at).await.status, 200);
    assert_eq!(show(&mut owner, &name).await.json()["card"]["featured"], true);
    assert_eq!(show(&mut visitor, &name).await.json()["card"]["origin"], "Featured");
    assert_eq!(found(&mut visitor, "zebra").await, [name.as_str()]);
    assert_eq!(
        owner.call("software/feature", &[("name", "notebook"), ("featured", "true")]).await.status,
        404
    );
    for changed in [false, true] {
        let looked_at = mark(&show(&mut owner, &name).await.json());
        assert_eq!(feature(&mut owner, &name, &looked_at).await.status, 200);
        assert_eq!(show(&mut visitor, &name).await.status, 200);
        if changed {
            // Nobody has looked at what it is now.
            kept(&mut owner, &change).await;
        } else {
            let off = owner.call("software/feature", &[("name", &name), ("featured", "false")]).await;
            assert_eq!(off.status, 200, "{off:?}");
        }
        assert_eq!(show(&mut visitor, &name).await.status, 404);
    }

    let theirs = kept(&mut other, &[("image", &image), ("kind", "batch")]).await;
    assert_eq!(show(&mut owner, &theirs).await.json()["card"]["origin"], "Others", "an operator may look");
    assert!(!found(&mut owner, "zebra").await.contains(&theirs), "but it is in no list of theirs");
    assert_eq!(owner.call("software/remove", &[("name", &theirs)]).await.status, 404);
    assert_eq!(owner.call("software/remove", &[("name", &name)]).await.status, 200);
    assert_eq!(show(&mut owner, &name).await.status, 404);
    assert_eq!(portal.count("user_software").await, 1);
    portal.stop().await;
}

pub async fn secrets_of_private_registries_stay_secret(place: &Place) {
    let (private, open) = (Registry::start_private(), Registry::start());
    private.push("me/thing:1", &config(&json!({}), &[])).await;
    open.push("me/thing:1", &config(&json!({}), &[])).await;
    let portal = portal_with(place, &[&private, &open]).await;
    let mut browser = portal.browser();
    browser.sign_in("astronomer").await;
    let image = format!("{}/me/thing:1", private.name);
    let batch = [("image", image.as_str()), ("kind", "batch")];
    let (field, sentence) = refusal(&keep(&mut browser, &batch).await);
    assert!(field == "image" && sentence.contains("if it is private"), "{sentence}");
    let with = |user: &'static str, secret: &'static str| {
        [batch[0], batch[1], ("registry_user", user), ("registry_secret", secret)]
    };
    for (user, secret, wrong) in [
        (USER, "hunter2", "registry_secret"),
        (USER, "", "registry_secret"),
        ("", PASSWORD, "registry_user"),
        ("m:e", PASSWORD, "registry_user"),
        (USER, "two\nlines", "registry_secret"),
    ] {
        assert_eq!(refusal(&keep(&mut browser, &with(user, secret)).await).0, wrong, "{user:?}");
    }
    let name = kept(&mut browser, &with(USER, PASSWORD)).await;
    let credentials = portal.skyport.software.credentials(&name).await.unwrap().unwrap();
    assert_eq!((credentials.registry.as_str(), credentials.user.as_str()), (private.name.as_str(), USER));
    assert_eq!(credentials.secret.expose(), PASSWORD);
    let sealed: String =
        sqlx::query_scalar("SELECT sealed FROM user_software").fetch_one(&portal.skyport.db).await.unwrap();
    assert!(!sealed.contains(PASSWORD) && sealed.len() > 60);
    let form = browser.call("software/form", &[("change", &name)]).await;
    assert!(!form.body.contains(PASSWORD) && form.json()["has_secret"] == true, "{form:?}");
    assert!(!show(&mut browser, &name).await.body.contains(PASSWORD));

    // Kept without being typed again, for the same user and registry alone.
    let again =
        [("change", name.as_str()), batch[0], batch[1], ("registry_user", USER), ("title", "Renamed")];
    kept(&mut browser, &again).await;
    assert_eq!(portal.skyport.software.credentials(&name).await.unwrap().unwrap().secret.expose(), PASSWORD);
    let elsewhere = format!("{}/me/thing:1", open.name);
    let moved = [("change", name.as_str()), ("image", elsewhere.as_str()), batch[1], ("registry_user", USER)];
    assert_eq!(
        refusal(&keep(&mut browser, &moved).await).0,
        "registry_secret",
        "it goes to no other registry"
    );
    kept(&mut browser, &moved[..3]).await;
    assert!(portal.skyport.software.credentials(&name).await.unwrap().is_none(), "forgotten with its user");
    portal.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_used_says_why() {
    let registry = Registry::start();
    registry.push("a/batch:1", &config(&json!({"org.skyport.kind": "batch"}), &[])).await;
    let amd64 = registry.push("a/one:1", &config(&json!({}), &["8888/tcp"])).await;
    let list =
        registry.push_list("a/one:list", &[("unknown", &amd64), ("arm64", &amd64), ("amd64", &amd64)]).await;
    registry.push_as("a/chart:1", &json!({}), "application/vnd.cncf.helm.config.v1+json").await;
    let stranger = TcpListener::bind("127.0.0.1:0").unwrap();
    stranger.set_nonblocking(true).unwrap();
    let strange = format!("{}/a/batch:1", stranger.local_addr().unwrap());
    let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let listed = vec![registry.listed(), format!("http://{gone}")];
    let portal = Place::sqlite()
        .portal(|config| {
            config.software.registries = listed;
            config.software.asks_per_minute = 1000;
            config.software.per_user = 2;
        })
        .await;
    let mut browser = portal.browser();
    browser.sign_in("astronomer").await;
    let at = |path: &str| format!("{}/{path}", registry.name);
    for (image, word) in [
        (String::new(), "not the name of an image"),
        ("http://169.254.169.254/latest".to_owned(), "not the name of an image"),
        (at("A/batch:1"), "not the name of an image"),
        (strange, "is none of the registries"),
        ("batch:1".to_owned(), "docker.io is none of the registries"),
        ("localhost/a/batch:1".to_owned(), "localhost is none of the registries"),
        (format!("evil.example/{}", at("a/batch:1")), "not the name of an image"),
        (at("a/batch:2"), "has no image"),
        (at("a/nothing:1"), "has no image"),
        (
            at("a/batch@sha256:0000000000000000000000000000000000000000000000000000000000000000"),
            "has no image",
        ),
        (at("a/chart:1"), "no image for Linux containers"),
        (format!("{gone}/a/batch:1"), "could not be reached"),
    ] {
        let (field, sentence) = refusal(&keep(&mut browser, &[("image", &image), ("kind", "batch")]).await);
        assert!(field == "image" && sentence.contains(word), "{image}: {sentence}");
    }
    assert!(stranger.accept().is_err(), "nobody called at an address that is not listed");
    assert_eq!(refusal(&keep(&mut browser, &[("image", &at("a/one:1"))]).await).0, "kind");

    let name =
        kept(&mut browser, &[("image", &at("a/one:list")), ("kind", "notebook"), ("command", "start 'a b'")])
            .await;
    let view: Value = show(&mut browser, &name).await.json();
    assert_eq!(
        (&view["versions"][0]["digest"], &view["architectures"]),
        (&json!(list), &json!(["amd64", "arm64"]))
    );
    assert_eq!((&view["command"], &view["interface"]["port"]), (&json!(["start", "a b"]), &json!(8888)));
    let by_digest = kept(&mut browser, &[("image", &at(&format!("a/one@{amd64}"))), ("kind", "batch")]).await;
    let form = browser.call("software/form", &[("change", &by_digest)]).await.json();
    assert_eq!(form["first"]["image"], json!(at(&format!("a/one@{amd64}"))));
    let third = keep(&mut browser, &[("image", &at("a/batch:1"))]).await;
    assert_eq!(third.status, 429, "{third:?}");
    assert!(third.body.contains("You have 2 containers"), "{third:?}");
    for odd in ["a\\u0000b", "%00", "new"] {
        assert_eq!(browser.call("software/remove", &[("name", odd)]).await.status, 404);
    }
    portal.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_user_does_not_have_registries_asked_without_end() {
    let registry = Registry::start();
    let listed = vec![registry.listed()];
    let portal = Place::sqlite()
        .portal(|config| {
            config.software.registries = listed;
            config.software.asks_per_minute = 1;
            config.software.per_user = 1;
        })
        .await;
    registry.push("a/batch:1", &config(&json!({"org.skyport.kind": "batch"}), &[])).await;
    let image = format!("{}/a/batch:1", registry.name);
    let mut browser = portal.browser();
    browser.sign_in("astronomer").await;
    let name = kept(&mut browser, &[("image", &image)]).await;
    let too_many = keep(&mut browser, &[("image", &image)]).await;
    assert_eq!(too_many.status, 429);
    assert!(too_many.body.contains("You have 1 containers"), "told without a question: {too_many:?}");
    let too_often = keep(&mut browser, &[("image", &image), ("change", &name)]).await;
    assert_eq!(too_often.status, 429);
    assert!(too_often.body.contains("Try again in"), "{too_often:?}");
    let mut other = portal.browser();
    other.sign_in("operator").await;
    kept(&mut other, &[("image", &image)]).await;
    portal.stop().await;
}
