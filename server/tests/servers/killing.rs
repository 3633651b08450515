//! A portal that ends in the middle of any call to a site, before or after the site did what it was asked: another takes
//! up the work, and there is one machine or none, with nothing left beside it.

use crate::paper::{PaperSite, Twist};
use crate::support::portal::Portal;
use crate::world::{act, created, person, portal, reach, until};
use skyport::providers::{Fault, Phase, Reason};

/// The calls of making one, in order, and of removing one.
const MAKING: [&str; 5] = ["place_key", "look", "check_room", "request", "give_address"];
const REMOVING: [&str; 4] = ["look", "remove", "take_address", "remove_key"];

/// Ends the portal while it hangs in the site's call, and starts another on the same database.
async fn another(first: Portal, site: &PaperSite, url: &str) -> Portal {
    until("the site hangs", || async { site.lock().twists.is_empty() }).await;
    first.stop().await;
    let second = portal(site, Some(url), |_| {}).await;
    // The first one's leases run out.
    second.clock.forward(91);
    second
}

pub async fn at_every_call_of_making(url: &str) {
    for call in MAKING {
        for twist in [Twist::HangBefore, Twist::HangAfter] {
            let site = PaperSite::new();
            let first = portal(&site, Some(url), |_| {}).await;
            let (mut browser, key) = person_again(&first).await;
            site.twist(call, twist.clone());
            let name = format!("cut-at-{}", call.replace('_', "-"));
            let id = created(&mut browser, new_request(), &name, &key).await;
            let second = another(first, &site, url).await;
            let mut browser = at(&second, &browser);
            reach(&mut browser, &id, "Ready").await;
            {
                let cloud = site.lock();
                assert_eq!(cloud.made, std::slice::from_ref(&id), "{call} {twist:?}: {:?}", cloud.calls);
                assert_eq!((cloud.keys.len(), cloud.addresses.len()), (1, 1), "{call} {twist:?}");
                assert_eq!(cloud.machines[&id].phase, Phase::Running { booted: true });
            }
            assert_eq!(act(&mut browser, &id, "Delete", &name).await.status, 200);
            reach(&mut browser, &id, "Deleted").await;
            assert!(site.is_empty());
            second.stop().await;
        }
    }
}

pub async fn at_every_call_of_removing(url: &str) {
    for call in REMOVING {
        for twist in [Twist::HangBefore, Twist::HangAfter] {
            let site = PaperSite::new();
            let first = portal(&site, Some(url), |_| {}).await;
            let (mut browser, key) = person_again(&first).await;
            let id = created(&mut browser, new_request(), "going", &key).await;
            reach(&mut browser, &id, "Ready").await;
            site.twist(call, twist.clone());
            assert_eq!(act(&mut browser, &id, "Delete", "going").await.status, 200);
            let second = another(first, &site, url).await;
            let mut browser = at(&second, &browser);
            reach(&mut browser, &id, "Deleted").await;
            assert!(site.is_empty(), "{call} {twist:?}: {:?}", site.lock().calls);
            second.stop().await;
        }
    }
}

/// The calls of undoing one whose address could not be had, in order. Each is cut by the portal's end; the next portal makes
/// it again and is cut at the one after.
pub async fn at_every_call_of_undoing(url: &str) {
    for twist in [Twist::HangBefore, Twist::HangAfter] {
        let site = PaperSite::new();
        let mut running = portal(&site, Some(url), |_| {}).await;
        let (mut browser, key) = person_again(&running).await;
        site.twist("give_address", Twist::No(Fault::of(Reason::NoAddress)));
        site.twist("take_address", twist.clone());
        let id = created(&mut browser, new_request(), "undone", &key).await;
        // Looks come before `remove` too, but those of making were over when it was cut first.
        for (round, next) in ["look", "remove", "look", "remove_key", ""].into_iter().enumerate() {
            until("the site hangs", || async { site.lock().twists.is_empty() }).await;
            running.stop().await;
            if !next.is_empty() {
                site.twist(next, twist.clone());
            }
            running = portal(&site, Some(url), |_| {}).await;
            // The leases of all before it run out.
            running.clock.forward(91 * (round as i64 + 1));
        }
        let mut browser = at(&running, &browser);
        let view = reach(&mut browser, &id, "Failed").await;
        assert!(site.is_empty(), "{twist:?}: {:?}", site.lock().calls);
        assert_eq!(site.lock().made, std::slice::from_ref(&id), "{twist:?}");
        let what = view["failure"]["what"].as_str().unwrap();
        assert!(what.contains("no public address"), "what failed first is what is said: {what}");
        running.stop().await;
    }
}

/// Two portals on one PostgreSQL do one server's steps once, and one takes over from the other.
pub async fn two_portals_make_one(url: &str) {
    let site = PaperSite::new();
    let (first, second) = (portal(&site, Some(url), |_| {}).await, portal(&site, Some(url), |_| {}).await);
    let (browser, key) = person_again(&first).await;
    let request = new_request();
    let sending = [&first, &second, &first, &second].map(|portal| {
        let (mut browser, key) = (at(portal, &browser), key.clone());
        tokio::spawn(async move { created(&mut browser, request, "shared", &key).await })
    });
    let sent = futures::future::join_all(sending).await;
    let ids: std::collections::BTreeSet<String> = sent.into_iter().map(Result::unwrap).collect();
    assert_eq!(ids.len(), 1, "{ids:?}");
    let id = ids.first().unwrap().clone();
    let (mut here, mut there) = (at(&first, &browser), at(&second, &browser));
    reach(&mut here, &id, "Ready").await;
    reach(&mut there, &id, "Ready").await;
    assert_eq!(site.lock().made, std::slice::from_ref(&id));
    let requests = site.lock().calls.iter().filter(|call| *call == "request").count();
    assert_eq!(requests, 1, "each step was done once");
    assert_eq!(act(&mut there, &id, "Delete", "shared").await.status, 200);
    reach(&mut here, &id, "Deleted").await;
    assert!(site.is_empty());
    first.stop().await;
    second.stop().await;
}

fn new_request() -> usize {
    static NEXT: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(1);
    NEXT.fetch_add(1, std::sync::atomic::Ordering::SeqCst)
}

/// The same person's browser at another portal.
fn at(portal: &Portal, browser: &crate::support::browser::Browser) -> crate::support::browser::Browser {
    let mut there = portal.browser();
    there.cookies = browser.cookies.clone();
    there
}

/// The person, whose key may be there from an earlier round.
async fn person_again(portal: &Portal) -> (crate::support::browser::Browser, String) {
    let mut browser = portal.browser();
    browser.sign_in("astronomer").await;
    let keys = browser.call("keys/list", &[]).await.json();
    match keys["keys"][0]["id"].as_str() {
        Some(id) => (browser, id.to_owned()),
        None => person(portal, "astronomer").await,
    }
}
