//! What is told before an offer is accepted.

use crate::engine::Bed;
use crate::support::browser::Browser;
use crate::support::registry::{Registry, config as image};
use crate::world::{accept, end, hold, offer, person, portal, reach, run};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// Each thing that is looked at: its verdict and its sentence.
async fn look(browser: &mut Browser, booking: &str) -> Value {
    let answer = browser.call("sessions/before", &[("booking", booking)]).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()
}

fn found<'v>(checks: &'v Value, of: &str) -> (&'v str, &'v str) {
    let check = checks.as_array().unwrap().iter().find(|check| check["of"] == of);
    let check = check.unwrap_or_else(|| panic!("nothing of {of}: {checks:#}"));
    (check["verdict"].as_str().unwrap(), check["sentence"].as_str().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_image_is_looked_for_where_it_is() {
    let bed = Bed::shared().await;
    let (open, private, away) = (Registry::start(), Registry::start_private(), Registry::start());
    open.push("lab/there:1", &image(&json!({}), &[])).await;
    private.push("lab/secret:1", &image(&json!({}), &[])).await;
    let images = [
        ("there", format!("{}/lab/there", open.name)),
        ("missing", format!("{}/lab/missing", open.name)),
        ("secret", format!("{}/lab/secret", private.name)),
        ("away", format!("{}/lab/away", away.name)),
        ("unlisted", "registry.example.org/lab/unlisted".to_owned()),
    ];
    let portal = portal(bed, None, |config| {
        config.software.registries = vec![open.listed(), private.listed(), away.listed()];
        let folder = config.software.folder.clone().unwrap();
        for (name, image) in &images {
            let mut text =
                format!("title = \"{name}\"\npurpose = \"p\"\nkind = \"batch\"\nimage = \"{image}\"\n");
            let _ = write!(
                text,
                "[resources.minimum]\ncores = 1\nmemory_mib = 32\n[[versions]]\nversion = \"1\"\n"
            );
            std::fs::write(folder.join(format!("{name}.toml")), text).unwrap();
        }
    })
    .await;
    drop(away);
    let mut browser = person(&portal, "astronomer").await;
    for (software, verdict, words) in [
        ("tiny", "good", "Here has it already."),
        ("there", "good", "are fetched first"),
        ("missing", "bad", "has no such image"),
        ("secret", "bad", "does not give out its image"),
        ("away", "doubtful", "does not answer now"),
        ("unlisted", "good", "registry.example.org first, which was not asked"),
        ("absent", "bad", "image is not there"),
    ] {
        let held = hold(&mut browser, &offer(software, 60, &json!({}))).await;
        let checks = look(&mut browser, &held).await;
        let (seen, sentence) = found(&checks, "image");
        assert!(seen == verdict && sentence.contains(words), "{software}: {checks:#}");
        if verdict == "bad" {
            let no = accept(&mut browser, &held).await;
            assert!(no.status != 200 && no.body.contains(words), "{software}: {no:?}");
        }
        assert_eq!(found(&checks, "count").0, "good");
        assert_eq!(browser.call("bookings/cancel", &[("id", &held)]).await.status, 200);
    }
    assert_eq!(portal.count("sessions").await, 0, "looking starts nothing");
    portal.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_is_told_what_is_theirs() {
    let bed = Bed::shared().await;
    let portal = portal(bed, None, |config| config.sessions.per_user = 1).await;
    let mut browser = person(&portal, "astronomer").await;
    let held = hold(&mut browser, &offer("tiny", 60, &json!({ "question": { "data": true } }))).await;
    let checks = look(&mut browser, &held).await;
    assert_eq!(found(&checks, "count"), ("good", "You have 0 now, and may have 1 at once."));
    assert!(found(&checks, "home").1.starts_with("It holds 0 B of"), "{checks:#}");
    assert_eq!(found(&checks, "data"), ("good", "Your basket is empty: /data lists nothing."));
    let page = browser.get(&format!("/bookings/{held}")).await;
    assert!(page.body.contains("Before it starts") && page.body.contains("Here has it already."), "{page:?}");

    let mut other = person(&portal, "operator").await;
    assert_eq!(other.call("sessions/before", &[("booking", &held)]).await.status, 404);

    let id = run(&mut browser, "tiny", &json!({})).await;
    let checks = look(&mut browser, &held).await;
    let (verdict, sentence) = found(&checks, "count");
    assert!(verdict == "bad" && sentence.contains("End one that you no longer need"), "{checks:#}");
    let gone = hold(&mut browser, &offer("tiny", 60, &json!({}))).await;
    assert_eq!(browser.call("bookings/cancel", &[("id", &gone)]).await.status, 200);
    assert_eq!(
        look(&mut browser, &gone).await,
        json!([]),
        "an offer that is given back has nothing in its way"
    );
    assert_eq!(end(&mut browser, &id).await.status, 200);
    reach(&mut browser, &id, "Ended").await;
    portal.stop().await;
}
