//! What a site says no to: whose words are shown, what is cleaned up, what is tried again.

use crate::paper::{PaperSite, Twist};
use crate::world::{act, created, person, portal, reach, steps};
use skyport::providers::{Fault, Reason};
use std::time::Duration;

/// Every reason that ends the work, at the call where a site gives it.
pub async fn each_ends_with_its_words(url: Option<&str>) {
    let site = PaperSite::new();
    let portal = portal(&site, url, |_| {}).await;
    let (mut browser, key) = person(&portal, "astronomer").await;
    let quota =
        Reason::Quota { resource: "cores".to_owned(), requested: Some(8), used: Some(16), limit: Some(20) };
    let cases = [
        ("place_key", Reason::BadKey, "this kind of access key"),
        ("check_room", quota.clone(), "8 cores are needed, and 16 of 20 are used"),
        ("request", quota, "16 of 20"),
        ("request", Reason::NotAllowed, "does not let your account"),
        ("request", Reason::NoImage, "image is not there"),
        ("request", Reason::NoFlavor, "size is not offered"),
        ("request", Reason::TooSmall, "too small"),
        ("request", Reason::BadUserData, "user data"),
        ("request", Reason::NoNetwork, "network"),
        ("request", Reason::NameTaken, "name"),
        ("request", Reason::NotAMember, "member of a group"),
        ("request", Reason::Broken, "missing or broken"),
        ("look", Reason::NotYours, "belongs to somebody else"),
        ("give_address", Reason::NoAddress, "no public address"),
        ("request", Reason::NoHost, "has room"),
    ];
    for (number, (call, reason, words)) in cases.into_iter().enumerate() {
        let said = format!("the site's words, {number} <b>bold</b>");
        let fault = Fault::of(reason.clone()).with_words(&said);
        // The first look comes before anything is asked for: there the fault belongs to the step that waits.
        site.twist(call, Twist::No(fault));
        let name = format!("no-{number}");
        let id = created(&mut browser, number, &name, &key).await;
        let view = reach(&mut browser, &id, "Failed").await;
        let failure = &view["failure"];
        assert!(failure["what"].as_str().unwrap().contains(words), "{reason:?}: {failure:#}");
        assert_eq!(failure["words"], *said, "{reason:?}");
        assert!(!failure["next"].as_str().unwrap().is_empty(), "{reason:?}");
        assert!(steps(&view).contains(&"Failed".to_owned()), "{view:#}");
        assert!(site.is_empty(), "{call} {reason:?}: {:?}", site.lock().calls);
        assert_eq!(view["item"]["actions"][0], "Dismiss");
        // The page shows the words as words.
        let page = browser.get(&format!("/servers/{id}")).await;
        assert!(!page.body.contains("<b>bold</b>"), "the site's words are escaped");
    }
    portal.stop().await;
}

/// What may be tried again is, and whatever came of it the first time, there is one machine.
pub async fn what_passes_is_tried_again(url: Option<&str>) {
    let site = PaperSite::new();
    let portal = portal(&site, url, |_| {}).await;
    let (mut browser, key) = person(&portal, "astronomer").await;
    site.twist("place_key", Twist::No(Fault::of(Reason::Busy(Duration::from_millis(10)))));
    site.twist("check_room", Twist::No(Fault::of(Reason::Unreachable)));
    site.twist("request", Twist::DoneButNo(Fault::of(Reason::OutcomeUnknown)));
    site.twist("give_address", Twist::DoneButNo(Fault::of(Reason::OutcomeUnknown)));
    let id = created(&mut browser, 1, "stubborn", &key).await;
    reach(&mut browser, &id, "Ready").await;
    {
        let cloud = site.lock();
        assert_eq!((cloud.made.len(), cloud.addresses.len()), (1, 1), "{:?}", cloud.calls);
        assert!(cloud.twists.is_empty());
    }
    // Removing too: each call is cut after it was done, then comes again.
    for call in ["remove", "take_address", "remove_key"] {
        site.twist(call, Twist::DoneButNo(Fault::of(Reason::OutcomeUnknown)));
    }
    assert_eq!(act(&mut browser, &id, "Delete", "stubborn").await.status, 200);
    reach(&mut browser, &id, "Deleted").await;
    assert!(site.is_empty());
    portal.stop().await;
}

/// A cleaning-up that meets faults of its own goes on until nothing is left.
pub async fn cleaning_up_is_tried_again(url: Option<&str>) {
    let site = PaperSite::new();
    let portal = portal(&site, url, |_| {}).await;
    let (mut browser, key) = person(&portal, "astronomer").await;
    site.twist("give_address", Twist::No(Fault::of(Reason::NoAddress)));
    site.twist("take_address", Twist::No(Fault::of(Reason::Unreachable)));
    site.twist("remove", Twist::No(Fault::of(Reason::Busy(Duration::ZERO))));
    site.twist("remove_key", Twist::DoneButNo(Fault::of(Reason::OutcomeUnknown)));
    let id = created(&mut browser, 1, "unlucky", &key).await;
    let view = reach(&mut browser, &id, "Failed").await;
    assert!(site.is_empty(), "{:?}", site.lock().calls);
    assert!(view["failure"]["cleaned"].to_string().contains("removed, with its disk"), "{view:#}");
    portal.stop().await;
}

/// Also a no that is none to repeat at once: what was made is not left behind for it.
pub async fn a_no_while_cleaning_up_leaves_nothing(url: Option<&str>) {
    let site = PaperSite::new();
    let portal = portal(&site, url, |_| {}).await;
    let (mut browser, key) = person(&portal, "astronomer").await;
    site.twist("give_address", Twist::No(Fault::of(Reason::NoAddress)));
    site.twist("remove", Twist::No(Fault::of(Reason::NotAllowed)));
    let id = created(&mut browser, 1, "forbidden", &key).await;
    crate::world::until("the pause after the no is written down", || async {
        let due: i64 =
            sqlx::query_scalar("SELECT due_us FROM operations").fetch_one(&portal.skyport.db).await.unwrap();
        site.lock().twists.is_empty() && due > portal.clock.now() + 5_000_000
    })
    .await;
    assert!(!site.is_empty());
    portal.clock.forward(60);
    reach(&mut browser, &id, "Failed").await;
    assert!(site.is_empty());
    portal.stop().await;
}

/// What does not come to an end is ended by its deadline, and cleaned up.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_step_that_takes_too_long_fails() {
    let site = PaperSite::new();
    let portal = portal(&site, None, |_| {}).await;
    let (mut browser, key) = person(&portal, "astronomer").await;
    let busy = || Twist::No(Fault::of(Reason::Busy(Duration::from_hours(1))).with_words("come back later"));
    site.twist("request", busy());
    let id = created(&mut browser, 1, "waiting", &key).await;
    crate::world::until("it was asked", || async { site.lock().twists.is_empty() }).await;
    site.twist("request", busy());
    portal.clock.forward(3700);
    let view = reach(&mut browser, &id, "Failed").await;
    let what = view["failure"]["what"].as_str().unwrap();
    assert!(what.contains("ten minutes") && what.contains("busy"), "{what}");
    assert_eq!(view["failure"]["words"], "come back later");
    assert!(site.is_empty());
    portal.stop().await;
}
