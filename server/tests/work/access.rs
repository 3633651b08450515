//! Who gets what: every server function and every route, asked by nobody, by a visitor and by another user for what
//! belongs to somebody. A function or route without a row fails the test.

use crate::asking_world::{add, asked, basket, items, show};
use crate::place::Place;
use crate::routes;
use crate::support::browser::{Answer, Browser};
use leptos::server_fn::axum::server_fn_paths;
use reqwest::Method;
use serde_json::{Value, json};
use skyport::http::router::ROUTES;
use std::collections::BTreeSet;

/// What stands in nobody's answer but the owner's.
const SECRET: &str = "a-title-of-my-own";

/// An id as servers have it.
const NOBODYS: &str = "abcdefghijkmnpqrstuvwxyz";

/// What belongs to the owner.
struct Owned {
    query: String,
    item: String,
    sign_in: String,
    key: String,
}

/// Input of a function.
enum Input {
    Form(Vec<(&'static str, String)>),
    Json(Value),
}

/// For each function: its input, and the statuses for nobody, a visitor and another user.
fn functions(owned: &Owned) -> Vec<(&'static str, Input, [u16; 3])> {
    let form = |fields: &[(&'static str, &str)]| {
        Input::Form(fields.iter().map(|(name, value)| (*name, (*value).to_owned())).collect())
    };
    let (query, item) = (owned.query.as_str(), owned.item.as_str());
    let star = "SELECT TOP 1 hip FROM sky.stars";
    vec![
        ("account/frame", form(&[]), [200, 200, 200]),
        ("account/providers", form(&[]), [200, 200, 200]),
        ("account/show", form(&[]), [401, 401, 200]),
        ("account/end_sign_in", form(&[("id", &owned.sign_in)]), [401, 401, 404]),
        ("archives/list", form(&[]), [200, 200, 200]),
        ("archives/search", form(&[("search", "star")]), [200, 200, 200]),
        ("archives/show", form(&[("archive", "local"), ("search", "")]), [200, 200, 200]),
        ("archives/table", form(&[("archive", "local"), ("table", "sky.messier")]), [200, 200, 200]),
        ("archives/probe", form(&[("archive", "local")]), [200, 200, 200]),
        ("basket/add", Input::Json(json!({"add": {"query": query, "what": "WholeResult"}})), [401, 404, 404]),
        ("basket/add_form", form(&[("query", query), ("what", "result"), ("next", "/")]), [200, 404, 404]),
        ("basket/remembered", form(&[("query", query)]), [200, 200, 200]),
        ("basket/show", form(&[("archive", ""), ("offset", "0")]), [401, 401, 200]),
        ("basket/remove", form(&[("items[0]", item)]), [401, 401, 200]),
        ("basket/empty", form(&[("archive", "")]), [401, 401, 200]),
        ("basket/undo", form(&[]), [401, 401, 200]),
        ("basket/note", form(&[("item", item), ("note", "mine now")]), [401, 401, 404]),
        // Another's real bookings are asked for in tests/plan, where there is a site to book.
        ("bookings/list", form(&[("from_us", "0"), ("to_us", "0")]), [401, 401, 200]),
        ("bookings/show", form(&[("id", NOBODYS)]), [401, 401, 404]),
        ("bookings/cancel", form(&[("id", NOBODYS)]), [401, 401, 404]),
        ("bookings/move", form(&[("id", NOBODYS), ("start_us", "1")]), [401, 401, 404]),
        ("bookings/end", form(&[("id", NOBODYS), ("end_us", "1")]), [401, 401, 404]),
        ("bookings/feed", form(&[]), [401, 401, 200]),
        ("bookings/drop-feed", form(&[]), [401, 401, 200]),
        ("home/show", form(&[]), [200, 200, 200]),
        ("keys/list", form(&[]), [401, 401, 200]),
        ("keys/add", form(&[("name", "mine"), ("key", "")]), [401, 401, 422]),
        ("keys/add_form", form(&[("name", "mine"), ("key", "")]), [200, 200, 200]),
        ("keys/remove", form(&[("id", &owned.key)]), [401, 401, 404]),
        ("plan/ask", form(&[]), [200, 200, 200]),
        ("plan/take", form(&[("offer[site]", "here")]), [401, 401, 400]),
        ("queries/ask", form(&[("archive", "local"), ("adql", star), ("title", "")]), [200, 200, 200]),
        ("queries/ask_form", form(&[("archive", "local"), ("adql", star)]), [200, 200, 200]),
        ("queries/list", form(&[("offset", "0")]), [200, 200, 200]),
        ("queries/show", form(&[("id", query)]), [404, 404, 404]),
        ("queries/cancel", form(&[("id", query)]), [404, 404, 404]),
        ("queries/remove", form(&[("id", query)]), [404, 404, 404]),
        ("queries/window", Input::Json(json!({"id": query, "question": {"count": 1}})), [404, 404, 404]),
        ("queries/plot", Input::Json(json!({"id": query, "question": {"x": "mag"}})), [404, 404, 404]),
        ("queries/check", form(&[("archive", "local"), ("adql", star)]), [200, 200, 200]),
        (
            "queries/complete",
            form(&[("archive", "local"), ("adql", "SELECT h"), ("at", "8")]),
            [200, 200, 200],
        ),
        ("queries/resolve", form(&[("text", "M 42")]), [200, 200, 200]),
        ("queries/limits", form(&[]), [200, 200, 200]),
        // Another's real servers are asked for in tests/servers/access.rs, where there is a site to make them.
        ("servers/list", form(&[("offset", "0")]), [401, 401, 200]),
        ("servers/choices", form(&[("site", "")]), [401, 401, 200]),
        ("servers/create", form(&[("wish[name]", "mine")]), [401, 401, 400]),
        ("servers/show", form(&[("id", NOBODYS)]), [401, 401, 404]),
        ("servers/act", form(&[("id", NOBODYS), ("action", "Delete"), ("name", "")]), [401, 401, 404]),
        ("servers/console", form(&[("id", NOBODYS)]), [401, 401, 404]),
        ("sessions/accept", form(&[("booking", NOBODYS)]), [401, 401, 404]),
        ("sessions/list", form(&[("offset", "0")]), [401, 401, 200]),
        ("sessions/show", form(&[("id", NOBODYS)]), [401, 401, 404]),
        ("sessions/extend", form(&[("id", NOBODYS)]), [401, 401, 404]),
        ("sessions/end", form(&[("id", NOBODYS)]), [401, 401, 404]),
        ("sessions/dismiss", form(&[("id", NOBODYS)]), [401, 401, 404]),
        ("sessions/rename", form(&[("id", NOBODYS), ("title", "mine")]), [401, 401, 404]),
        ("sessions/share", form(&[("id", NOBODYS), ("with", "a"), ("on", "true")]), [401, 401, 404]),
        ("sessions/log", form(&[("id", NOBODYS)]), [401, 401, 404]),
        ("sessions/before", form(&[("booking", NOBODYS)]), [401, 401, 404]),
        ("software/search", form(&[("question[words]", "")]), [200, 200, 200]),
        ("software/show", form(&[("name", "notebook")]), [200, 200, 200]),
        ("software/form", form(&[("change", "")]), [401, 401, 200]),
        ("software/keep", form(&[("container[image]", "")]), [401, 401, 422]),
        ("software/remove", form(&[("name", NOBODYS)]), [401, 401, 404]),
        ("software/feature", form(&[("name", NOBODYS), ("featured", "true")]), [401, 401, 403]),
        ("software/favourite", form(&[("name", "notebook"), ("favourite", "true")]), [401, 401, 200]),
        ("servers/token", form(&[("site", "local"), ("token", "t")]), [401, 401, 404]),
    ]
}

/// For each route: an address of the owner's with its form, and the statuses for nobody, a visitor and another user.
fn table_of_routes(owned: &Owned, built: bool) -> Vec<(&'static str, &'static str, String, [u16; 3])> {
    let query = &owned.query;
    let icon = if built { 200 } else { 404 };
    vec![
        ("GET", "/healthz", "/healthz".to_owned(), [200; 3]),
        ("GET", "/readyz", "/readyz".to_owned(), [200; 3]),
        ("GET", "/metrics", "/metrics".to_owned(), [200; 3]),
        ("GET", "/pkg/{file}", "/pkg/nothing.js".to_owned(), [404; 3]),
        ("GET", "/favicon.svg", "/favicon.svg".to_owned(), [icon; 3]),
        ("GET", "/queries/{id}/events", format!("/queries/{query}/events"), [404; 3]),
        ("GET", "/queries/{id}/download", format!("/queries/{query}/download?format=csv"), [404; 3]),
        ("GET", "/basket/download", "/basket/download?format=json".to_owned(), [401, 401, 200]),
        ("GET", "/bookings/feed/{secret}", "/bookings/feed/wrong.ics".to_owned(), [404; 3]),
        ("GET", "/servers/events", "/servers/events".to_owned(), [401, 401, 200]),
        ("GET", "/servers/{id}/events", format!("/servers/{NOBODYS}/events"), [401, 401, 404]),
        ("GET", "/servers/{id}/console", format!("/servers/{NOBODYS}/console"), [401, 401, 404]),
        // Another's real sessions are asked for in tests/sessions/sharing.rs.
        ("GET", "/sessions/events", "/sessions/events".to_owned(), [401, 401, 200]),
        ("GET", "/sessions/{id}/events", format!("/sessions/{NOBODYS}/events"), [401, 401, 404]),
        ("GET", "/sessions/{id}/log", format!("/sessions/{NOBODYS}/log"), [401, 401, 404]),
        ("GET", "/sessions/{id}/output/{*path}", format!("/sessions/{NOBODYS}/output/a/b"), [401, 401, 404]),
        ("POST", "/sessions/{id}/open", format!("/sessions/{NOBODYS}/open"), [401, 401, 404]),
        ("POST", "/auth/start", "/auth/start?provider=demo&next=/".to_owned(), [200; 3]),
        ("GET", "/auth/callback", "/auth/callback".to_owned(), [303; 3]),
        ("POST", "/auth/sign-out", "/auth/sign-out".to_owned(), [303; 3]),
        ("POST", "/auth/sign-out-everywhere", "/auth/sign-out-everywhere".to_owned(), [303; 3]),
    ]
}

async fn call(browser: &mut Browser, function: &str, input: &Input) -> Answer {
    match input {
        Input::Json(body) => browser.call_json(function, body).await,
        Input::Form(fields) => {
            let fields: Vec<(&str, &str)> =
                fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            browser.call(function, &fields).await
        }
    }
}

/// What an answer begins with.
async fn begun(browser: &Browser, address: &str) -> Answer {
    let answer = browser.request(Method::GET, address, &[]).send().await.unwrap();
    Answer { status: answer.status().as_u16(), headers: answer.headers().clone(), body: String::new() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_gets_their_own_and_nobody_anothers() {
    let portal = Place::sqlite().portal(|config| config.sign_in.attempts_per_minute = 1000).await;
    let mut owner = portal.browser();
    owner.sign_in("operator").await;
    let adql = "SELECT TOP 5 hip, mag FROM sky.stars ORDER BY mag";
    let named = owner.call("queries/ask", &[("archive", "local"), ("adql", adql), ("title", SECRET)]).await;
    let query = named.json().as_str().unwrap().to_owned();
    crate::asking_world::reach(&mut owner, &query, &["Completed"]).await;
    assert_eq!(add(&mut owner, &query, json!({"Rows": "0-2"})).await.status, 200);
    assert_eq!(add(&mut owner, &query, json!("WholeResult")).await.status, 200);
    let item = items(&basket(&mut owner, "", 0).await)[0].clone();
    assert_eq!(owner.call("basket/note", &[("item", &item), ("note", SECRET)]).await.status, 200);
    let account = owner.call("account/show", &[]).await.json();
    let sign_in = account["sign_ins"][0]["id"].as_str().unwrap().to_owned();
    let line =
        format!("{} {SECRET}", include_str!("../../../crates/access-key/tests/data/ed25519.pub").trim_end());
    let key = owner.call("keys/add", &[("name", SECRET), ("key", &line)]).await.json()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let things = Owned { query, item, sign_in, key };
    let keys = owner.call("keys/list", &[]).await.json();
    let before = (basket(&mut owner, "", 0).await, show(&mut owner, &things.query).await, keys);

    let mut visitor = portal.browser();
    asked(&mut visitor, "local", "SELECT TOP 1 hip FROM sky.stars").await;
    let mut other = portal.browser();
    other.sign_in("astronomer").await;

    let functions = functions(&things);
    let listed: BTreeSet<String> = functions.iter().map(|(name, ..)| format!("/api/{name}")).collect();
    let real: BTreeSet<String> = server_fn_paths().map(|(path, _)| path.to_owned()).collect();
    assert_eq!(listed, real, "every server function has its row here, and no other");
    for (name, input, statuses) in &functions {
        let askers =
            [("nobody", portal.browser()), ("a visitor", visitor.clone()), ("another", other.clone())];
        for ((who, mut browser), status) in askers.into_iter().zip(statuses) {
            let answer = call(&mut browser, name, input).await;
            assert_eq!(answer.status, *status, "{name} for {who}: {answer:?}");
            assert!(!answer.body.contains(SECRET), "{name} for {who}: {answer:?}");
            if *name == "basket/remembered" {
                assert_eq!(answer.body, "null", "for {who}");
            }
        }
        let path = format!("/api/{name}");
        for (site, origin) in [("cross-site", "https://evil.example"), ("same-site", "http://evil.localhost")]
        {
            let headers = [("sec-fetch-site", site), ("origin", origin)];
            let answer = owner.send(Method::POST, &path, &headers, Some(&[])).await;
            assert_eq!(answer.status, 403, "{name} by a form of another site: {answer:?}");
        }
        let got = owner.get(&path).await.status;
        assert_eq!(got, 405, "{name} asked with GET");
    }
    assert_eq!(owner.call("nothing/at_all", &[]).await.status, 404);

    let built = !portal.skyport.assets.js.is_empty();
    let table = table_of_routes(&things, built);
    let listed: BTreeSet<(&str, &str)> = table.iter().map(|(method, route, ..)| (*method, *route)).collect();
    assert_eq!(listed, ROUTES.iter().copied().collect(), "every route has its row here, and no other");
    let mut in_sources: BTreeSet<String> = routes::routed().into_iter().collect();
    assert!(in_sources.remove("/api/{*function}"), "{in_sources:?}");
    let named: BTreeSet<String> = ROUTES.iter().map(|(_, route)| (*route).to_owned()).collect();
    assert_eq!(in_sources, named, "every route of the sources is in ROUTES");
    for (method, route, address, statuses) in &table {
        let askers =
            [("nobody", portal.browser()), ("a visitor", visitor.clone()), ("another", other.clone())];
        for ((who, mut browser), status) in askers.into_iter().zip(statuses) {
            let answer = match *method {
                // It goes on as long as its owner listens.
                "GET" if matches!(*route, "/servers/events" | "/sessions/events") => {
                    begun(&browser, address).await
                }
                "GET" => browser.get(address).await,
                _ => browser.post(address, &[("provider", "demo"), ("next", "/")]).await,
            };
            assert_eq!(answer.status, *status, "{method} {route} for {who}: {answer:?}");
            assert!(!answer.body.contains(SECRET), "{method} {route} for {who}: {answer:?}");
            assert_eq!(answer.header("x-content-type-options"), "nosniff", "{method} {route}");
            assert!(!answer.header("content-security-policy").is_empty(), "{method} {route}");
            assert!(!answer.header("x-request-id").is_empty(), "{method} {route}");
        }
        let otherwise = if *method == "GET" { Method::DELETE } else { Method::GET };
        assert_eq!(owner.send(otherwise, address, &[], None).await.status, 405, "{route}");
        if *method == "POST" {
            let headers = [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")];
            let forged = owner.send(Method::POST, address, &headers, Some(&[])).await;
            assert_eq!(forged.status, 403, "{route} by a form of another site");
        }
    }

    let keys = owner.call("keys/list", &[]).await.json();
    let after = (basket(&mut owner, "", 0).await, show(&mut owner, &things.query).await, keys);
    assert_eq!(before, after, "nothing of the owner's was touched");
    portal.stop().await;
}
