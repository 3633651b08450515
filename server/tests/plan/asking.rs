//! The page of planning through the running portal: offers, reasons, and the moment when somebody was quicker.

use crate::support::browser::{Answer, Browser};
use crate::support::portal::Portal;
use crate::world::{HOUR, MINUTE};
use serde_json::{Value, json};
use skyport::config::{Config, Secret};

/// Two sites: a small one for everybody, and a large one that is not always there, for operators.
const SITES: &str = r#"
[small]
title = "The small one"
per_user = 3
nodes = [{ name = "n1", socket = "/run/nowhere.sock", cores = 4, memory_mib = 8192, disk_gib = 100, architecture = "amd64" }]
[large]
title = "The large one"
groups = ["operators"]
open = ["mon 08:00-18:00", "tue 08:00-18:00"]
nodes = [
    { name = "a", socket = "/run/nowhere.sock", cores = 32, memory_mib = 131072, disk_gib = 1000, architecture = "amd64" },
    { name = "b", socket = "/run/nowhere.sock", cores = 32, memory_mib = 131072, disk_gib = 1000, architecture = "amd64" },
]
"#;

pub fn sites(config: &mut Config) {
    config.sites = toml::from_str(SITES).unwrap();
}

pub async fn portal(url: Option<&str>) -> Portal {
    Portal::start(|config| {
        sites(config);
        if let Some(url) = url {
            config.database.url = Secret::new(url);
        }
    })
    .await
}

async fn ask(browser: &mut Browser, question: Value) -> Value {
    let fields = fields("question", &question);
    let fields: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let answer = browser.call("plan/ask", &fields).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()
}

pub async fn take(browser: &mut Browser, offer: Value) -> Answer {
    let fields = fields("offer", &offer);
    let fields: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    browser.call("plan/take", &fields).await
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

fn site<'a>(view: &'a Value, key: &str) -> &'a Value {
    view["sites"].as_array().unwrap().iter().find(|site| site["key"] == key).expect("the site")
}

fn reasons(view: &Value, key: &str) -> String {
    let reasons = site(view, key)["reasons"].as_array().unwrap().clone();
    reasons.iter().map(|reason| reason.as_str().unwrap().to_owned()).collect::<Vec<_>>().join(" ")
}

pub async fn every_site_answers(url: Option<&str>) {
    let portal = portal(url).await;
    let now = portal.clock.now();
    let mut visitor = portal.browser();
    // Nothing is said: an hour, now, of a size that fits.
    let view = ask(&mut visitor, json!({})).await;
    assert_eq!((&view["signed_in"], &view["question"]["minutes"]), (&json!(false), &json!(60)));
    assert_eq!(view["largest"], json!({"cores": 32, "memory_mib": 131_072, "disk_gib": 1000, "gpus": 0}));
    assert_eq!(view["sizes"].as_array().unwrap().len(), 3);
    // Software is given what it is best given, where a node has that.
    let notebook = json!({"software": "notebook", "minutes": 90});
    let view = ask(&mut visitor, notebook.clone()).await;
    assert_eq!(view["software"]["name"], "notebook");
    assert_eq!(view["question"]["version"], view["software"]["versions"][0]["version"]);
    assert_eq!(view["question"]["resources"], view["software"]["recommended"]);
    // The one with an offer is first; the other says why not.
    assert_eq!(view["sites"][0]["key"], "small");
    let offers = view["sites"][0]["offers"].as_array().unwrap();
    assert_eq!(offers.len(), 3);
    assert_eq!(offers[0]["start_us"], now);
    assert_eq!(offers[0]["end_us"], now + 90 * MINUTE);
    assert_eq!((&offers[0]["why"], &offers[0]["best"]), (&json!("Now"), &json!(true)));
    assert_eq!(offers[0]["parts"][0]["node"], "n1");
    assert_eq!(offers[1]["best"], false);
    assert!(reasons(&view, "large").contains("Only members of operators may book here"), "{view:#}");
    assert_eq!(site(&view, "large")["has"], "2 nodes, 32 cores and 128 GiB of memory each");
    let load = view["sites"][0]["load"].as_array().unwrap();
    assert_eq!((&load[0]["from_us"], &load[0]["percent"]), (&json!(now), &json!(0)));
    assert!(load.windows(2).all(|two| two[0]["to_us"] == two[1]["from_us"]), "without gaps");
    assert!(load.last().unwrap()["to_us"].as_i64().unwrap() >= now + 24 * HOUR);
    // What nobody could do is said by everybody.
    let tiny = json!({"software": "notebook", "resources": {"cores": 1, "memory_mib": 64, "disk_gib": 1}});
    let view = ask(&mut visitor, tiny).await;
    assert!(reasons(&view, "small").contains("needs at least 1 GiB of memory"), "{view:#}");
    let huge = json!({"resources": {"cores": 64, "memory_mib": 1024}});
    let view = ask(&mut visitor, huge).await;
    assert!(reasons(&view, "small").contains("needs 64 cores, and the largest node has 4 cores"), "{view:#}");
    let gpu = json!({"resources": {"cores": 1, "memory_mib": 1024, "gpus": 1}});
    let text = reasons(&ask(&mut visitor, gpu).await, "small");
    assert!(text.contains("This needs a GPU, and there is none here"), "{text}");
    let unknown = json!({"software": "nothing-of-that-name"});
    assert_eq!(ask(&mut visitor, unknown).await["software"], Value::Null);
    let past = json!({"when": {"Within": {"from_us": 1_000_000, "to_us": 2_000_000}}});
    let view = ask(&mut visitor, past).await;
    assert!(reasons(&view, "small").contains("does not fit into a window"), "{view:#}");
    portal.stop().await;
}

pub async fn in_opening_hours(url: Option<&str>) {
    let portal = portal(url).await;
    let mut browser = portal.browser();
    browser.sign_in("operator").await;
    let now = portal.clock.now();
    let question = json!({
        "resources": {"cores": 40, "memory_mib": 1024}, "nodes": 2, "minutes": 540,
        "when": {"Within": {"from_us": now, "to_us": now + 15 * 24 * HOUR}},
    });
    let view = ask(&mut browser, question).await;
    let offers = site(&view, "large")["offers"].as_array().unwrap();
    assert!(!offers.is_empty(), "{view:#}");
    for offer in offers {
        // 1970-01-01 was a Thursday.
        let (start, end) = (offer["start_us"].as_i64().unwrap(), offer["end_us"].as_i64().unwrap());
        let (day, at) = ((start / (24 * HOUR)).rem_euclid(7), start.rem_euclid(24 * HOUR));
        assert!(day == 4 || day == 5, "Monday or Tuesday: {offer}");
        assert!((8 * HOUR..=9 * HOUR).contains(&at), "{offer}");
        assert_eq!(end - start, 9 * HOUR);
        let cores: i64 = offer["parts"]
            .as_array()
            .unwrap()
            .iter()
            .map(|part| part["resources"]["cores"].as_i64().unwrap())
            .sum();
        assert_eq!(cores, 40, "spread over both: {offer}");
    }
    // Seen, but not held: a session runs on one node.
    let both = json!({
        "software": "notebook", "nodes": 2, "minutes": 540,
        "resources": {"cores": 40, "memory_mib": 1024, "disk_gib": 5},
    });
    let both =
        json!({"request": "both", "site": "large", "question": both, "start_us": offers[0]["start_us"]});
    let told = take(&mut browser, both).await;
    assert_eq!(told.status, 429, "{told:?}");
    assert!(told.body.contains("the largest node has 32 cores"), "{told:?}");
    // Ten hours and a bit are never open.
    let long = json!({
        "resources": {"cores": 1, "memory_mib": 1024}, "minutes": 601,
        "when": {"Within": {"from_us": now, "to_us": now + 15 * 24 * HOUR}},
    });
    assert!(reasons(&ask(&mut browser, long).await, "large").contains("never open for so long"));
    let load = site(&view, "large")["load"].as_array().unwrap();
    let open = load.iter().filter(|slot| slot["open"] == true).count();
    assert!(open > 0 && open < load.len() / 2, "{open} of {}", load.len());
    portal.stop().await;
}

pub async fn the_loser_is_told_the_next_start(url: Option<&str>) {
    let portal = portal(url).await;
    let (mut quick, mut slow) = (portal.browser(), portal.browser());
    quick.sign_in("astronomer").await;
    slow.sign_in("operator").await;
    let question =
        json!({"software": "notebook", "resources": {"cores": 3, "memory_mib": 2048, "disk_gib": 5}});
    let (mine, theirs) = (ask(&mut quick, question.clone()).await, ask(&mut slow, question.clone()).await);
    let offer = |view: &Value| {
        json!({"request": view["request"], "question": question, "site": "small",
               "start_us": site(view, "small")["offers"][0]["start_us"]})
    };
    let held = take(&mut quick, offer(&mine)).await;
    assert_eq!(held.status, 200, "{held:?}");
    let id = held.json().as_str().unwrap().to_owned();
    assert_eq!(take(&mut quick, offer(&mine)).await.json(), id, "sent twice it is one");
    let refused = take(&mut slow, offer(&theirs)).await;
    assert_eq!(refused.status, 429, "{refused:?}");
    let told = refused.json()["Limit"].as_str().unwrap().to_owned();
    let booking = quick.call("bookings/show", &[("id", &id)]).await.json();
    assert_eq!(booking["state"], "Held");
    assert!(told.contains("Somebody was quicker") && told.contains("The next start there is"), "{told}");
    // Which is what the page then offers.
    let next =
        site(&ask(&mut slow, question.clone()).await, "small")["offers"][0]["start_us"].as_i64().unwrap();
    assert!(told.contains(&planner::Time::from_micros(next).to_string()), "{told} and not {next}");
    assert!(next >= booking["end_us"].as_i64().unwrap());
    // The load shows it.
    let view = ask(&mut slow, question.clone()).await;
    assert_eq!(site(&view, "small")["load"][0]["percent"], 75);
    // Another's booking is not there; its own is in the list.
    for (function, fields) in [
        ("bookings/show", vec![("id", id.as_str())]),
        ("bookings/cancel", vec![("id", id.as_str())]),
        ("bookings/move", vec![("id", id.as_str()), ("start_us", "1")]),
        ("bookings/end", vec![("id", id.as_str()), ("end_us", "1")]),
    ] {
        assert_eq!(slow.call(function, &fields).await.status, 404, "{function}");
    }
    let list = [("from_us", "0"), ("to_us", "0")];
    assert_eq!(slow.call("bookings/list", &list).await.json()["items"], json!([]));
    assert_eq!(quick.call("bookings/list", &list).await.json()["items"][0]["id"], id.as_str());
    // What cannot be, field by field.
    let wrong = json!({
        "request": "r9", "site": "small", "environment": "1X=2", "command": "ls", "title": "a\u{7}b",
        "question": {"software": "notebook", "nodes": 2, "version": "none",
                     "resources": {"cores": 1, "memory_mib": 64, "disk_gib": 1}},
    });
    let refused = take(&mut slow, wrong).await;
    assert_eq!(refused.status, 422, "{refused:?}");
    let fields: Vec<String> = refused.json()["Invalid"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["field"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(fields, ["version", "memory_mib", "disk_gib", "title", "command", "environment"]);
    let nothing = json!({"request": "r9", "site": "small", "question": {}});
    assert_eq!(take(&mut slow, nothing).await.json()["Invalid"][0]["field"], "software");
    let elsewhere = json!({"request": "r9", "site": "nowhere", "question": {"software": "notebook"}});
    assert_eq!(take(&mut slow, elsewhere).await.status, 429);
    // Its own limit.
    let small = json!({"software": "notebook", "resources": {"cores": 1, "memory_mib": 1024, "disk_gib": 2}});
    for n in 0..2 {
        let start = portal.clock.now() + (n + 5) * HOUR;
        let one = json!({"request": format!("m{n}"), "site": "small", "question": small, "start_us": start});
        assert_eq!(take(&mut quick, one).await.status, 200);
    }
    let fourth = json!({"request": "m9", "site": "small", "question": small, "start_us": portal.clock.now() + 9 * HOUR});
    let told = take(&mut quick, fourth).await;
    assert!(told.body.contains("Your limit of 3 bookings is reached"), "{told:?}");
    portal.stop().await;
}

pub async fn the_basket_comes_along(url: Option<&str>) {
    let portal = portal(url).await;
    let mut browser = portal.browser();
    browser.sign_in("astronomer").await;
    let data = ask(&mut browser, json!({})).await["data"].clone();
    assert_eq!(data, json!({"items": 0, "results": 0, "rows": 0, "bytes": 0}));
    let adql = "SELECT TOP 20 hip, mag FROM sky.stars ORDER BY mag";
    let asked =
        browser.call("queries/ask", &[("archive", "local"), ("adql", adql), ("title", "")]).await.json();
    let query = asked.as_str().unwrap().to_owned();
    loop {
        let view = browser.call("queries/show", &[("id", &query)]).await.json();
        match view["state"].as_str().unwrap() {
            "Completed" => break,
            "Waiting" | "Running" => tokio::time::sleep(std::time::Duration::from_millis(20)).await,
            other => panic!("{other}: {view:#}"),
        }
    }
    for what in [json!({"Rows": "0-2"}), json!("WholeResult")] {
        let added = browser.call_json("basket/add", &json!({"add": {"query": query, "what": what}})).await;
        assert_eq!(added.status, 200, "{added:?}");
    }
    let data = ask(&mut browser, json!({})).await["data"].clone();
    assert_eq!((&data["items"], &data["results"], &data["rows"]), (&json!(4), &json!(1), &json!(23)));
    assert!(data["bytes"].as_u64().unwrap() > 100, "{data}");
    portal.stop().await;
}
