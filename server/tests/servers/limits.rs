//! Limits: a user's and a site's, told beforehand, and never more granted than there is, however many press at once.

use crate::paper::PaperSite;
use crate::world::{create, created, form, person, portal, reach, refusal, request_id};

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

/// Two hundred in creation at once by one process: all come to an end, in the order they were asked.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_at_once() {
    let site = PaperSite::new();
    let portal = portal(&site, None, |config| {
        config.servers.per_user = 1000;
        config.servers.cores_per_user = 1000;
        config.servers.memory_mib_per_user = 1_000_000;
        config.servers.disk_gib_per_user = 10_000;
    })
    .await;
    let (mut browser, key) = person(&portal, "astronomer").await;
    for number in 0..20 {
        let request = request_id(number);
        let name = format!("wave-{number}");
        let mut fields = form(&request, &name, &key);
        fields.push(("wish[count]", "10"));
        assert_eq!(browser.call("servers/create", &fields).await.status, 200);
    }
    crate::world::until("all are ready", || async {
        sqlx::query_scalar::<_, i64>("SELECT COUNT(*) FROM servers WHERE state = 'ready'")
            .fetch_one(&portal.skyport.db)
            .await
            .unwrap()
            == 200
    })
    .await;
    assert_eq!(site.lock().made.len(), 200);
    portal.stop().await;
}
