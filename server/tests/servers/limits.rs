//! Limits: a user's and a site's, told beforehand, and never more granted than there is, however many press at once.

use crate::paper::PaperSite;
use crate::support::browser::Browser;
use crate::support::portal::{HandClock, Portal};
use crate::world::{create, created, form, person, portal, portal_at, reach, refusal, request_id, until};
use skyport::clock::SECOND;
use std::collections::BTreeMap;

pub async fn many_at_once_get_what_there_is(url: Option<&str>) {
    let site = PaperSite::new();
    site.lock().cores = Some(3);
    let portal = portal(&site, url, |_| {}).await;
    let (astronomer, key) = person(&portal, "astronomer").await;
    let (operator, other_key) = person(&portal, "operator").await;
    let pressing = (0..8).map(|number| {
        let (mut browser, key) = if number % 2 == 0 {
            (astronomer.clone(), key.clone())
        } else {
            (operator.clone(), other_key.clone())
        };
        tokio::spawn(async move { create(&mut browser, number, &format!("rush-{number}"), &key).await })
    });
    let answers = futures::future::join_all(pressing.collect::<Vec<_>>()).await;
    let (won, lost): (Vec<_>, Vec<_>) =
        answers.into_iter().map(Result::unwrap).partition(|answer| answer.status == 200);
    assert_eq!((won.len(), lost.len()), (3, 5));
    for answer in lost {
        let (status, field, sentence) = refusal(&answer);
        assert_eq!((status, &*field), (422, "size"), "{answer:?}");
        assert!(sentence.contains("0 of 3 are left") || sentence.contains("of 3 are left"), "{sentence}");
    }
    portal.stop().await;
}

pub async fn ones_own_limit(url: Option<&str>) {
    let site = PaperSite::new();
    let portal = portal(&site, url, |config| {
        config.servers.per_user = 2;
        config.servers.cores_per_user = 8;
    })
    .await;
    let (mut browser, key) = person(&portal, "astronomer").await;
    // Shown before anything is made.
    let choices = browser.call("servers/choices", &[("site", "")]).await.json();
    let sizes = &choices["sites"][0]["sizes"];
    assert_eq!((&sizes[0]["short"], &sizes[1]["short"]), (&().into(), &().into()), "{choices:#}");
    let first = created(&mut browser, 1, "one", &key).await;
    let choices = browser.call("servers/choices", &[("site", "")]).await.json();
    let short = choices["sites"][0]["sizes"][1]["short"].as_str().unwrap().to_owned();
    assert!(short.contains("Needs 8 cores, and 7 of 8 are left"), "{short}");
    assert_eq!(choices["last"]["size"], "small");
    let request = request_id(2);
    let mut fields = form(&request, "two", &key);
    fields.retain(|(name, _)| *name != "wish[size]");
    fields.push(("wish[size]", "large"));
    let (status, field, sentence) = refusal(&browser.call("servers/create", &fields).await);
    assert_eq!((status, &*field), (422, "size"));
    assert!(sentence.contains("7 of 8"), "{sentence}");
    created(&mut browser, 3, "two", &key).await;
    let (_, _, sentence) = refusal(&create(&mut browser, 4, "three", &key).await);
    assert!(sentence.contains("servers, and 0 of 2 are left"), "{sentence}");
    // What is deleted counts no more.
    reach(&mut browser, &first, "Ready").await;
    crate::world::act(&mut browser, &first, "Delete", "one").await;
    reach(&mut browser, &first, "Deleted").await;
    created(&mut browser, 5, "three", &key).await;
    portal.stop().await;
}

/// What one user may have, so that it limits nothing here.
fn without_limits(config: &mut skyport::config::Config) {
    config.servers.per_user = 1000;
    config.servers.cores_per_user = 1000;
    config.servers.memory_mib_per_user = 1_000_000;
    config.servers.disk_gib_per_user = 10_000;
}

/// Twenty forms of ten servers each, one after the other, with so many seconds between them by the portal's clock.
async fn ask_for_two_hundred(portal: &Portal, browser: &mut Browser, key: &str, apart: i64) {
    for number in 0..20 {
        let request = request_id(number);
        let name = format!("wave-{number:02}");
        let mut fields = form(&request, &name, key);
        fields.push(("wish[count]", "10"));
        assert_eq!(browser.call("servers/create", &fields).await.status, 200);
        portal.clock.forward(apart);
    }
}

/// Two hundred in creation at once by one process, by a clock that goes on only when nothing is due any more: each step
/// is done when it is due, however many are, and nobody waits for the others.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_at_once() {
    let site = PaperSite::new();
    let portal = portal_at(HandClock::standing(), &site, None, without_limits).await;
    let (mut browser, key) = person(&portal, "astronomer").await;
    ask_for_two_hundred(&portal, &mut browser, &key, 0).await;
    let count = async |what: &'static str| {
        sqlx::query_scalar::<_, i64>(what)
            .bind(portal.clock.now())
            .fetch_one(&portal.skyport.db)
            .await
            .unwrap()
    };
    let open = "SELECT COUNT(*) FROM operations WHERE ending IS NULL AND $1 > 0";
    let due = "SELECT COUNT(*) FROM operations WHERE ending IS NULL AND due_us <= $1";
    while count(open).await > 0 {
        until("nothing is due", || async { count(due).await == 0 }).await;
        portal.clock.forward(1);
    }
    assert_eq!(site.lock().made.len(), 200);
    // By the clock from when a step was over, or the wish was there, to the beginning of the next.
    let waits: Vec<(i64, i64)> = sqlx::query_as(
        "SELECT s.position, s.started_us - COALESCE(p.ended_us, o.asked_us) FROM operation_steps s \
         JOIN operations o ON o.id = s.operation_id \
         LEFT JOIN operation_steps p ON p.operation_id = s.operation_id AND p.position = s.position - 1 \
         WHERE s.position > 0",
    )
    .fetch_all(&portal.skyport.db)
    .await
    .unwrap();
    assert_eq!(waits.len(), 5 * 200);
    assert!(waits.iter().all(|(_, wait)| *wait == 0), "{waits:?}");
    // The two looks at a machine that is being made are a fifth of a second apart, which is the clock's next second.
    let longest: i64 = sqlx::query_scalar("SELECT MAX(ended_us - started_us) FROM operation_steps")
        .fetch_one(&portal.skyport.db)
        .await
        .unwrap();
    assert!(longest <= 2 * SECOND, "a step took {longest} us by the clock");
    portal.stop().await;
}

/// With room for one step at a time, who asked first is served first, and none is passed over.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_in_turn() {
    let site = PaperSite::new();
    let portal = portal_at(HandClock::standing(), &site, None, |config| {
        without_limits(config);
        config.servers.steps_at_once = 1;
    })
    .await;
    let (mut browser, key) = person(&portal, "astronomer").await;
    // The first call holds the only place until all have asked.
    site.hold("place_key");
    ask_for_two_hundred(&portal, &mut browser, &key, 1).await;
    site.let_go();
    until("all are asked for", || async { site.lock().made.len() == 200 }).await;
    let names: Vec<(String, String)> =
        sqlx::query_as("SELECT id, name FROM servers").fetch_all(&portal.skyport.db).await.unwrap();
    let names: BTreeMap<String, String> = names.into_iter().collect();
    // Those of one form are due at one time; the forms come in their order.
    let waves: Vec<String> = site.lock().made.iter().map(|id| names[id][..7].to_owned()).collect();
    assert!(waves.is_sorted(), "{waves:?}");
    portal.stop().await;
}
