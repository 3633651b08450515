//! One wish, one machine: also where a site carries out a request long after its answer was lost.

use crate::paper::{Paper, PaperSite, Twist};
use crate::support::portal::Portal;
use crate::world::{act, created, person, portal, reach, show, until};
use skyport::providers::Phase;

async fn machine_of(portal: &Portal, id: &str) -> Option<String> {
    sqlx::query_scalar("SELECT machine FROM servers WHERE id = $1")
        .bind(id)
        .fetch_one(&portal.skyport.db)
        .await
        .unwrap()
}

pub async fn what_is_carried_out_late_is_one_machine(url: Option<&str>) {
    let site = PaperSite::slow_to_settle();
    let portal = portal(&site, url, |_| {}).await;
    let (mut browser, key) = person(&portal, "astronomer").await;
    site.twist("request", Twist::DoneLater);
    let id = created(&mut browser, 1, "late", &key).await;
    until("it was asked for", || async { site.calls("request") == 1 }).await;
    let looks = site.calls("look");
    until("it is looked for again and again", || async { site.calls("look") > looks + 3 }).await;
    assert_eq!(site.calls("request"), 1, "not asked twice while nobody knows");
    let now = show(&mut browser, &id).await["item"]["now"].as_str().unwrap().to_owned();
    assert!(now.contains("answer was lost"), "{now}");
    site.carry_out();
    reach(&mut browser, &id, "Ready").await;
    assert_eq!((site.calls("request"), site.lock().made.len()), (1, 1));
    portal.stop().await;
}

pub async fn what_was_never_carried_out_is_asked_for_again(url: Option<&str>) {
    let site = PaperSite::slow_to_settle();
    let portal = portal(&site, url, |_| {}).await;
    let (mut browser, key) = person(&portal, "astronomer").await;
    site.twist("request", Twist::DoneLater);
    let id = created(&mut browser, 1, "never", &key).await;
    until("it was asked for", || async { site.calls("request") == 1 }).await;
    site.lock().late.clear();
    portal.clock.forward(61);
    reach(&mut browser, &id, "Ready").await;
    assert_eq!((site.calls("request"), site.lock().made.len()), (2, 1));
    portal.stop().await;
}

/// The portal dies with its call on the way. The next one does not overtake it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_that_outlives_its_portal_is_not_overtaken() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}?mode=rwc", folder.path().join("skyport.db").display());
    let site = PaperSite::slow_to_settle();
    let first = portal(&site, Some(&url), |_| {}).await;
    let (mut browser, key) = person(&first, "astronomer").await;
    site.twist("request", Twist::HangBefore);
    let id = created(&mut browser, 1, "orphan", &key).await;
    until("it is asked for", || async { site.calls("request") == 1 }).await;
    first.stop().await;
    let second = portal(&site, Some(&url), |_| {}).await;
    let looks = site.calls("look");
    until("it is looked for", || async { site.calls("look") > looks + 2 }).await;
    assert_eq!(site.calls("request"), 1, "the first call may still arrive");
    second.clock.forward(61);
    let mut there = second.browser();
    there.cookies = browser.cookies.clone();
    reach(&mut there, &id, "Ready").await;
    assert_eq!((site.calls("request"), site.lock().made.len()), (2, 1));
    second.stop().await;
}

/// Called off while nobody knows: what comes of the request after all is removed before it is said to be gone.
pub async fn what_comes_after_it_was_called_off_is_removed(url: Option<&str>) {
    let site = PaperSite::slow_to_settle();
    let portal = portal(&site, url, |_| {}).await;
    let (mut browser, key) = person(&portal, "astronomer").await;
    site.twist("request", Twist::DoneLater);
    let id = created(&mut browser, 1, "regretted", &key).await;
    until("it was asked for", || async { site.calls("request") == 1 }).await;
    assert_eq!(act(&mut browser, &id, "Delete", "regretted").await.status, 200);
    until("nothing is found to remove", || async { site.calls("remove") > 1 }).await;
    assert_eq!(show(&mut browser, &id).await["item"]["state"], "Deleting");
    site.carry_out();
    until("what came is removed", || async { site.lock().machines.is_empty() }).await;
    portal.clock.forward(61);
    reach(&mut browser, &id, "Deleted").await;
    assert!(site.is_empty());
    portal.stop().await;
}

fn double(id: &str) -> Paper {
    Paper {
        id: id.to_owned(),
        phase: Phase::Running { booted: true },
        public_key: String::new(),
        name: "double".to_owned(),
        project: None,
        looks: 0,
    }
}

pub async fn a_second_machine_is_removed(url: Option<&str>) {
    let site = PaperSite::new();
    let portal = portal(&site, url, |config| config.servers.reconcile_s = 1).await;
    let (mut browser, key) = person(&portal, "astronomer").await;
    let id = created(&mut browser, 1, "doubled", &key).await;
    reach(&mut browser, &id, "Ready").await;
    let written = machine_of(&portal, &id).await;
    assert_eq!(written.as_deref(), Some("m0"));
    {
        let cloud = &mut *site.lock();
        // An older one and a younger one; a stranger's two are none of ours.
        cloud.doubles = ["l9", "m7"].map(|machine| (id.clone(), double(machine))).to_vec();
        cloud.doubles.extend(["s1", "s2"].map(|machine| ("nobodysserver".to_owned(), double(machine))));
    }
    until("its doubles are gone", || async { site.lock().doubles.len() == 2 }).await;
    until("that is said", || {
        let (mut browser, id) = (browser.clone(), id.clone());
        async move {
            let events = show(&mut browser, &id).await["events"].to_string();
            events.contains("second machine, l9") && events.contains("second machine, m7")
        }
    })
    .await;
    assert_eq!(machine_of(&portal, &id).await, written);
    {
        let cloud = site.lock();
        assert_eq!(cloud.machines[&id].id, "m0");
        assert!(cloud.doubles.iter().all(|(server, _)| server == "nobodysserver"));
        assert_eq!((cloud.keys.len(), cloud.addresses.len()), (1, 1), "what it needs stays");
    }
    // The list forgot the one that is written down: that is no reason to take another for it.
    site.lock().unlisted.insert("m0".to_owned());
    site.lock().doubles.push((id.clone(), double("l8")));
    until("its double is gone", || async { site.lock().doubles.len() == 2 }).await;
    assert_eq!(machine_of(&portal, &id).await, written);
    assert_eq!(show(&mut browser, &id).await["item"]["state"], "Ready");
    portal.stop().await;
}

/// Nothing says which one it is: the oldest.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_that_nobody_wrote_down_the_oldest_stays() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}?mode=rwc", folder.path().join("skyport.db").display());
    let site = PaperSite::new();
    let first = portal(&site, Some(&url), |_| {}).await;
    let (mut browser, key) = person(&first, "astronomer").await;
    let id = created(&mut browser, 1, "either", &key).await;
    reach(&mut browser, &id, "Ready").await;
    sqlx::query("UPDATE servers SET machine = NULL").execute(&first.skyport.db).await.unwrap();
    first.stop().await;
    site.lock().doubles.push((id.clone(), double("a-first")));
    let second = portal(&site, Some(&url), |config| config.servers.reconcile_s = 1).await;
    until("the younger one is gone", || async { site.lock().machines.is_empty() }).await;
    assert_eq!(machine_of(&second, &id).await.as_deref(), Some("a-first"));
    assert_eq!(site.lock().doubles.len(), 1);
    second.stop().await;
}
