//! From a form to a server and back to nothing.

use crate::paper::{PaperSite, Twist};
use crate::world::{
    act, create, created, form, person, portal, reach, refusal, request_id, show, steps, until,
};
use skyport::providers::{Fault, Phase, Reason};

pub async fn one_is_made_and_removed(url: Option<&str>) {
    let site = PaperSite::new();
    let portal = portal(&site, url, |_| {}).await;
    let (mut browser, key) = person(&portal, "astronomer").await;
    let id = created(&mut browser, 1, "first-light", &key).await;
    let view = reach(&mut browser, &id, "Ready").await;
    assert_eq!(view["ssh_command"], "ssh paper@192.0.2.1", "{view:#}");
    assert_eq!((&view["item"]["name"], &view["key_name"]), (&"first-light".into(), &"astronomer".into()));
    assert_eq!(steps(&view), ["Done"; 6]);
    let times = view["steps"].as_array().unwrap();
    assert!(times.iter().all(|step| step["ended_us"].as_i64() >= step["started_us"].as_i64()));
    assert!(site.lock().machines[&id].public_key.ends_with(" astronomer"));

    // The key's page says who carries it; one's quota counts it.
    let keys = browser.call("keys/list", &[]).await.json();
    assert!(keys["keys"][0].to_string().contains("first-light"), "{keys:#}");
    let list = browser.call("servers/list", &[("offset", "0")]).await.json();
    assert_eq!((&list["total"], &list["usage"][0]["used"]), (&1.into(), &1.into()), "{list:#}");

    // The name has to be typed, and what is not it deletes nothing.
    let (status, field, sentence) = refusal(&act(&mut browser, &id, "Delete", "first").await);
    assert_eq!((status, &*field), (422, "name"));
    assert!(sentence.contains("first-light"), "{sentence}");
    assert_eq!(act(&mut browser, &id, "Delete", "first-light").await.status, 200);
    let view = reach(&mut browser, &id, "Deleted").await;
    assert_eq!((steps(&view), &view["ssh_command"]), (vec!["Done".to_owned(); 4], &().into()));
    assert!(site.is_empty());
    let keys = browser.call("keys/list", &[]).await.json();
    assert!(!keys.to_string().contains("first-light"), "{keys:#}");

    // Gone from the list when its owner says so; its name is free again.
    assert_eq!(act(&mut browser, &id, "Dismiss", "").await.status, 200);
    assert_eq!(browser.call("servers/list", &[("offset", "0")]).await.json()["total"], 0);
    let again = created(&mut browser, 2, "first-light", &key).await;
    assert_ne!(again, id);
    reach(&mut browser, &again, "Ready").await;
    portal.stop().await;
}

/// A size without a disk: what is true of it differs from site to site, and "0 GiB" is true of none.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_size_without_a_disk_says_what_is_true() {
    for (has_image_disks, offered, at_it) in [
        (true, "disk as large as the image", "as large as its image"),
        (false, "no disk of its own", "none of its own"),
    ] {
        let site = PaperSite { has_image_disks, ..PaperSite::new() };
        let portal = portal(&site, None, |_| {}).await;
        let (mut browser, key) = person(&portal, "astronomer").await;
        let page = browser.get("/servers/new").await;
        assert_eq!(page.body.matches(offered).count(), 1, "{offered}");
        let request = request_id(1);
        let mut fields = form(&request, "bare", &key);
        fields.retain(|(name, _)| *name != "wish[size]");
        fields.push(("wish[size]", "bare"));
        let answer = browser.call("servers/create", &fields).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let id = answer.json().as_str().unwrap().strip_prefix("/servers/").unwrap().to_owned();
        let view = reach(&mut browser, &id, "Ready").await;
        assert_eq!(view["item"]["disk_as_image"], has_image_disks, "{view:#}");
        let page = browser.get(&format!("/servers/{id}")).await;
        assert!(page.body.contains(at_it) && !page.body.contains("0 GiB"), "{at_it}");
        // Only what is in memory alone is lost when it stops.
        assert_eq!(page.body.contains("lost when it stops"), !has_image_disks);
        let list = browser.get("/servers").await;
        assert!(list.body.contains(offered), "{offered}");
        portal.stop().await;
    }
}

pub async fn sent_twice_it_is_one(url: Option<&str>) {
    let site = PaperSite::new();
    let portal = portal(&site, url, |_| {}).await;
    let (browser, key) = person(&portal, "astronomer").await;
    let sending = (0..6).map(|_| {
        let (mut browser, key) = (browser.clone(), key.clone());
        tokio::spawn(async move { created(&mut browser, 7, "once", &key).await })
    });
    let sent = futures::future::join_all(sending.collect::<Vec<_>>()).await;
    let ids: std::collections::BTreeSet<String> = sent.into_iter().map(Result::unwrap).collect();
    assert_eq!(ids.len(), 1, "{ids:?}");
    let mut browser = browser;
    let id = ids.first().unwrap().clone();
    reach(&mut browser, &id, "Ready").await;
    assert_eq!(created(&mut browser, 7, "once", &key).await, id);
    assert_eq!(site.lock().made, [id]);

    // Another form with the same name is told so.
    let (status, field, sentence) = refusal(&create(&mut browser, 8, "once", &key).await);
    assert_eq!((status, &*field), (422, "name"));
    assert!(sentence.contains("once already"), "{sentence}");
    portal.stop().await;
}

pub async fn switched_off_on_and_anew(url: Option<&str>) {
    let site = PaperSite::new();
    let portal = portal(&site, url, |_| {}).await;
    let (mut browser, key) = person(&portal, "astronomer").await;
    let id = created(&mut browser, 1, "switched", &key).await;
    reach(&mut browser, &id, "Ready").await;
    assert_eq!(act(&mut browser, &id, "Start", "").await.status, 200, "it runs already");
    assert_eq!(act(&mut browser, &id, "Stop", "").await.status, 200);
    let view = reach(&mut browser, &id, "Stopped").await;
    assert_eq!(view["item"]["actions"][0], "Start");
    assert_eq!(site.lock().machines[&id].phase, Phase::Off { reason: None });
    // What is off is not started anew.
    let refused = act(&mut browser, &id, "Reboot", "").await;
    assert_eq!(refused.status, 429, "{refused:?}");
    assert!(refused.body.contains("Start it first"), "{refused:?}");
    for (action, state) in [("Start", "Ready"), ("Reboot", "Ready")] {
        assert_eq!(act(&mut browser, &id, action, "").await.status, 200);
        until("it is over", || async {
            portal.count("operations").await
                == sqlx::query_scalar::<_, i64>("SELECT COUNT(*) FROM operations WHERE ending = 'done'")
                    .fetch_one(&portal.skyport.db)
                    .await
                    .unwrap()
        })
        .await;
        reach(&mut browser, &id, state).await;
    }
    let events = show(&mut browser, &id).await["events"].to_string();
    for what in ["Told to stop", "It is off", "Told to start anew", "It runs"] {
        assert!(events.contains(what), "{what} in {events}");
    }
    portal.stop().await;
}

/// What it does not hear it is told again, also by a portal that was started meanwhile.
pub async fn told_to_stop_until_it_is_off(url: Option<&str>) {
    let site = PaperSite::new();
    let portal = portal(&site, url, |_| {}).await;
    let (mut browser, key) = person(&portal, "astronomer").await;
    let id = created(&mut browser, 1, "deaf", &key).await;
    reach(&mut browser, &id, "Ready").await;
    site.lock().deaf = 2;
    assert_eq!(act(&mut browser, &id, "Stop", "").await.status, 200);
    reach(&mut browser, &id, "Stopped").await;
    let told = site.lock().calls.iter().filter(|call| *call == "switch").count();
    assert_eq!(told, 3);
    portal.stop().await;
}

pub async fn called_off_while_it_is_made(url: Option<&str>) {
    let site = PaperSite::new();
    let portal = portal(&site, url, |_| {}).await;
    let (mut browser, key) = person(&portal, "astronomer").await;
    let id = created(&mut browser, 1, "unwanted", &key).await;
    until("it is asked for", || async { !site.lock().made.is_empty() }).await;
    assert_eq!(act(&mut browser, &id, "Delete", "unwanted").await.status, 200);
    reach(&mut browser, &id, "Deleted").await;
    assert!(site.is_empty(), "{:?}", site.lock().calls);
    portal.stop().await;
}

pub async fn deleted_while_it_starts(url: Option<&str>) {
    let site = PaperSite::new();
    let portal = portal(&site, url, |_| {}).await;
    let (mut browser, key) = person(&portal, "astronomer").await;
    let id = created(&mut browser, 1, "busy", &key).await;
    reach(&mut browser, &id, "Ready").await;
    assert_eq!(act(&mut browser, &id, "Stop", "").await.status, 200);
    reach(&mut browser, &id, "Stopped").await;
    site.twist("switch", Twist::HangBefore);
    assert_eq!(act(&mut browser, &id, "Start", "").await.status, 200);
    let hung = || async { site.lock().twists.is_empty() };
    until("the site hangs", hung).await;
    assert_eq!(act(&mut browser, &id, "Delete", "busy").await.status, 200);
    reach(&mut browser, &id, "Deleted").await;
    assert!(site.is_empty());
    portal.stop().await;
}

pub async fn several_from_one_form(url: Option<&str>) {
    let site = PaperSite::new();
    let portal = portal(&site, url, |_| {}).await;
    let (mut browser, key) = person(&portal, "astronomer").await;
    let request = request_id(3);
    let mut fields = form(&request, "row", &key);
    fields.push(("wish[count]", "3"));
    let answer = browser.call("servers/create", &fields).await;
    assert_eq!((answer.status, answer.json().as_str()), (200, Some("/servers")), "{answer:?}");
    until("all run", || async {
        site.lock().machines.values().filter(|m| matches!(m.phase, Phase::Running { .. })).count() == 3
    })
    .await;
    let names: Vec<String> = site.lock().machines.values().map(|m| m.name.clone()).collect();
    for name in ["row-1", "row-2", "row-3"] {
        assert!(names.iter().any(|n| n == name), "{names:?}");
    }
    // Ten is the most.
    let request = request_id(4);
    let mut fields = form(&request, "crowd", &key);
    fields.push(("wish[count]", "11"));
    let (status, field, _) = refusal(&browser.call("servers/create", &fields).await);
    assert_eq!((status, &*field), (422, "count"));
    portal.stop().await;
}

pub async fn renamed(url: Option<&str>) {
    let site = PaperSite::new();
    let portal = portal(&site, url, |_| {}).await;
    let (mut browser, key) = person(&portal, "astronomer").await;
    let id = created(&mut browser, 1, "before", &key).await;
    let other = created(&mut browser, 2, "other", &key).await;
    for id in [&id, &other] {
        reach(&mut browser, id, "Ready").await;
    }
    for (name, words) in
        [("", "Give"), ("Caps", "small letters"), ("other", "already"), ("-a", "small letters")]
    {
        let (status, field, sentence) = refusal(&act(&mut browser, &id, "Rename", name).await);
        assert_eq!((status, &*field), (422, "name"), "{name}");
        assert!(sentence.contains(words), "{name}: {sentence}");
    }
    assert_eq!(act(&mut browser, &id, "Rename", "after").await.status, 200);
    assert_eq!(show(&mut browser, &id).await["item"]["name"], "after");
    assert_eq!(site.lock().machines[&id].name, "after");
    portal.stop().await;
}

/// User data may hold secrets: it is kept as long as something can be made of it.
pub async fn user_data_goes_with_its_server(url: Option<&str>) {
    const SECRET: &str = "#cloud-config\npassword: hush-hush";
    let site = PaperSite::new();
    let portal = portal(&site, url, |_| {}).await;
    let (mut browser, key) = person(&portal, "astronomer").await;
    let kept = async || {
        let kept = "SELECT COUNT(*) FROM servers WHERE choices LIKE '%hush-hush%'";
        sqlx::query_scalar::<_, i64>(kept).fetch_one(&portal.skyport.db).await.unwrap()
    };
    let request = request_id(1);
    let mut fields = form(&request, "secret", &key);
    fields.push(("wish[user_data]", SECRET));
    let answer = browser.call("servers/create", &fields).await;
    let id = answer.json().as_str().unwrap().strip_prefix("/servers/").unwrap().to_owned();
    assert_eq!(reach(&mut browser, &id, "Ready").await["choices"]["user_data"], SECRET);
    assert_eq!(act(&mut browser, &id, "Delete", "secret").await.status, 200);
    let gone = reach(&mut browser, &id, "Deleted").await;
    assert_eq!((&gone["choices"]["user_data"], &gone["choices"]["image"]), (&"".into(), &"sheet".into()));
    assert_eq!(kept().await, 0);

    // One that could not be made is tried again with all of its choices, until it is dismissed.
    site.twist("request", Twist::No(Fault::of(Reason::NoHost)));
    let request = request_id(2);
    let mut fields = form(&request, "secret", &key);
    fields.push(("wish[user_data]", SECRET));
    let answer = browser.call("servers/create", &fields).await;
    let id = answer.json().as_str().unwrap().strip_prefix("/servers/").unwrap().to_owned();
    assert_eq!(reach(&mut browser, &id, "Failed").await["choices"]["user_data"], SECRET);
    assert_eq!(act(&mut browser, &id, "Dismiss", "").await.status, 200);
    assert_eq!(kept().await, 0);
    portal.stop().await;
}

/// A server is written down with all that belongs to it, or not at all.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_written_whole_is_not_written() {
    let site = PaperSite::new();
    let portal = portal(&site, None, |_| {}).await;
    let (mut browser, key) = person(&portal, "astronomer").await;
    let triggers = [
        (
            "CREATE TRIGGER no_use BEFORE INSERT ON access_key_uses BEGIN SELECT RAISE(ABORT, 'no'); END",
            "DROP TRIGGER no_use",
        ),
        (
            "CREATE TRIGGER no_event BEFORE INSERT ON server_events BEGIN SELECT RAISE(ABORT, 'no'); END",
            "DROP TRIGGER no_event",
        ),
    ];
    for (number, (trigger, away)) in triggers.into_iter().enumerate() {
        sqlx::query(trigger).execute(&portal.skyport.db).await.unwrap();
        assert_eq!(create(&mut browser, number, "whole", &key).await.status, 500);
        for table in ["servers", "operations", "server_events", "access_key_uses"] {
            assert_eq!(portal.count(table).await, 0, "{table} after {trigger}");
        }
        sqlx::query(away).execute(&portal.skyport.db).await.unwrap();
    }
    let id = created(&mut browser, 0, "whole", &key).await;
    reach(&mut browser, &id, "Ready").await;
    assert_eq!(site.lock().made, [id]);
    portal.stop().await;
}

/// What a form may not say, and the field that it is said at. Nothing is made of any of it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_is_said_at_its_field() {
    let site = PaperSite::new();
    let portal = portal(&site, None, |_| {}).await;
    let (mut browser, key) = person(&portal, "astronomer").await;
    let long = format!("#cloud-config\n#{}", "x".repeat(33 * 1024));
    let cases = [
        ("wish[name]", "", "name", "Give the server a name"),
        ("wish[name]", "A", "name", "small letters"),
        ("wish[name]", "ends-", "name", "small letters"),
        ("wish[name]", "abcdefab-1234-1234-1234-123456789abc", "name", "mistaken"),
        ("wish[name]", "a\u{0}b", "name", "small letters"),
        ("wish[image]", "", "image", "Choose an image"),
        ("wish[image]", "stone", "image", "not offered"),
        ("wish[size]", "huge", "size", "not offered"),
        ("wish[key]", "nobodys", "key", "not there"),
        ("wish[key]", "", "key", "Choose an access key"),
        ("wish[site]", "elsewhere", "site", "Choose one of the sites"),
        ("wish[network]", "none-such", "network", "not offered"),
        ("wish[disk_gib]", "7", "disk_gib", "comes with the size"),
        ("wish[user_data]", "packages: [vim]", "user_data", "#cloud-config"),
        ("wish[user_data]", "#cloud-config\npackages: [", "user_data", "not YAML"),
        ("wish[user_data]", "#cloud-config\n- a", "user_data", "key: value"),
        ("wish[user_data]", &long, "user_data", "at most 32768"),
        ("wish[user_data]", "#!/bin/sh", "user_data", "A slate has nothing in it that would read user data"),
    ];
    for (name, value, field, words) in cases {
        let request = request_id(1);
        let mut fields = form(&request, "good", &key);
        fields.retain(|(other, _)| *other != name);
        fields.push((name, value));
        if words.starts_with("A slate") {
            fields.retain(|(other, _)| *other != "wish[image]");
            fields.push(("wish[image]", "slate"));
        }
        let answer = browser.call("servers/create", &fields).await;
        let (status, at, sentence) = refusal(&answer);
        assert_eq!((status, &*at), (422, field), "{name}={value}: {answer:?}");
        assert!(sentence.contains(words), "{name}={value}: {sentence}");
    }
    for request in ["", "short", "'; DROP TABLE servers; --"] {
        assert_eq!(
            browser.call("servers/create", &form(request, "good", &key)).await.status,
            400,
            "{request}"
        );
    }
    assert_eq!(portal.count("servers").await, 0);
    assert!(site.lock().made.is_empty());
    portal.stop().await;
}
