//! What the sites have, against what is written down.

use crate::paper::{Paper, PaperSite};
use crate::world::{act, created, person, portal, reach, show, until};
use skyport::providers::Phase;

pub async fn what_differs_is_put_right(url: Option<&str>) {
    let site = PaperSite::new();
    let portal = portal(&site, url, |config| config.servers.reconcile_s = 1).await;
    let (mut browser, key) = person(&portal, "astronomer").await;
    let mut ids = Vec::new();
    for (number, name) in ["dies", "vanishes", "stays"].into_iter().enumerate() {
        let id = created(&mut browser, number, name, &key).await;
        reach(&mut browser, &id, "Ready").await;
        ids.push(id);
    }
    {
        let mut cloud = site.lock();
        cloud.machines.get_mut(&ids[0]).unwrap().phase =
            Phase::Off { reason: Some("its process was killed".to_owned()) };
        cloud.machines.remove(&ids[1]);
        // Somebody else's, with an id that is not known here.
        let stranger = Paper {
            id: "theirs".to_owned(),
            phase: Phase::Running { booted: true },
            public_key: String::new(),
            name: "stranger".to_owned(),
            project: None,
            looks: 0,
        };
        cloud.machines.insert("nobodysserver".to_owned(), stranger);
    }
    let view = reach(&mut browser, &ids[0], "Stopped").await;
    assert!(view["item"]["now"].as_str().unwrap().contains("its process was killed"), "{view:#}");
    let view = reach(&mut browser, &ids[1], "Vanished").await;
    assert!(view["events"].to_string().contains("nobody here removed it"), "{view:#}");
    until("what was made for it is gone", || async {
        let cloud = site.lock();
        !cloud.keys.contains(&ids[1]) && !cloud.addresses.contains_key(&ids[1])
    })
    .await;
    assert_eq!(show(&mut browser, &ids[2]).await["item"]["state"], "Ready");
    assert!(site.lock().machines.contains_key("nobodysserver"), "what is not ours is left alone");
    // What went off can be switched on again, also from outside.
    site.lock().machines.get_mut(&ids[0]).unwrap().phase = Phase::Running { booted: true };
    reach(&mut browser, &ids[0], "Ready").await;
    portal.stop().await;
}

/// A disk that was not mounted for a while: nothing of it is removed when it is there again.
pub async fn what_vanished_may_come_back(url: Option<&str>) {
    let site = PaperSite::new();
    let portal = portal(&site, url, |config| config.servers.reconcile_s = 1).await;
    let (mut browser, key) = person(&portal, "astronomer").await;
    let id = created(&mut browser, 1, "unmounted", &key).await;
    reach(&mut browser, &id, "Ready").await;
    let machine = site.lock().machines.remove(&id).unwrap();
    reach(&mut browser, &id, "Vanished").await;
    // Long after, so that a leftover would be removed.
    portal.clock.forward(3600);
    site.lock().machines.insert(id.clone(), machine);
    let view = reach(&mut browser, &id, "Ready").await;
    assert!(view["events"].to_string().contains("has it again"), "{view:#}");
    assert!(!site.lock().calls.iter().any(|call| call == "remove"), "nothing was removed");
    until("its key says so", || {
        let mut browser = browser.clone();
        async move { browser.call("keys/list", &[]).await.body.contains("unmounted") }
    })
    .await;
    portal.stop().await;
}

pub async fn a_leftover_of_ours_is_removed(url: Option<&str>) {
    let site = PaperSite::new();
    let portal = portal(&site, url, |config| config.servers.reconcile_s = 1).await;
    let (mut browser, key) = person(&portal, "astronomer").await;
    let id = created(&mut browser, 1, "again", &key).await;
    reach(&mut browser, &id, "Ready").await;
    let copy = site.lock().machines[&id].clone();
    act(&mut browser, &id, "Delete", "again").await;
    reach(&mut browser, &id, "Deleted").await;
    site.lock().machines.insert(id.clone(), copy);
    // Not at once: its removal could still be under way.
    portal.clock.forward(61);
    until("it is removed", || async { site.is_empty() }).await;
    portal.stop().await;
}
