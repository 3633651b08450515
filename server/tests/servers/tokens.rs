//! Sites that take the user's own token: where it is kept, how long, and what waits for it.

use crate::paper::PaperSite;
use crate::world::{act, created, person, portal, reach, refusal};
use std::os::unix::fs::PermissionsExt as _;

pub async fn work_waits_for_a_sign_in(url: Option<&str>) {
    let site = PaperSite::with_tokens(&["a-good-token"]);
    let portal = portal(&site, url, |_| {}).await;
    let (mut browser, key) = person(&portal, "astronomer").await;
    let choices = browser.call("servers/choices", &[("site", "paper")]).await.json();
    assert_eq!(choices["sites"][0]["wants_token"], true, "{choices:#}");
    let (status, field, _) = refusal(&crate::world::create(&mut browser, 1, "early", &key).await);
    assert_eq!((status, &*field), (422, "site"));

    for (token, words) in [("", "Paste"), ("two words", "Paste"), ("a-bad-token", "does not take this token")]
    {
        let answer = browser.call("servers/token", &[("site", "paper"), ("token", token)]).await;
        let (status, field, sentence) = refusal(&answer);
        assert_eq!((status, &*field), (422, "token"), "{token}");
        assert!(sentence.contains(words), "{token}: {sentence}");
        assert!(token.is_empty() || !answer.body.contains(token), "a token is never said back");
    }
    let give = [("site", "paper"), ("token", "a-good-token")];
    assert_eq!(browser.call("servers/token", &give).await.status, 200);
    let kept: String =
        sqlx::query_scalar("SELECT sealed FROM held_tokens").fetch_one(&portal.skyport.db).await.unwrap();
    assert!(!kept.contains("a-good-token"));

    // It runs out while the machine is made: the work waits, and goes on after the next sign-in.
    site.twist_token_after("request", "a-good-token");
    let id = created(&mut browser, 2, "patient", &key).await;
    let view = reach(&mut browser, &id, "NeedsSignIn").await;
    assert_eq!(view["sign_in_at"], "paper", "{view:#}");
    assert_eq!(portal.count("held_tokens").await, 0, "what the site does not take is dropped");
    site.lock().tokens.insert("another-token".to_owned());
    let give = [("site", "paper"), ("token", "another-token")];
    assert_eq!(browser.call("servers/token", &give).await.status, 200);
    reach(&mut browser, &id, "Ready").await;
    assert_eq!(site.lock().made.len(), 1);

    // Over by our own clock: gone, and asked for again.
    portal.clock.forward(3601);
    assert_eq!(act(&mut browser, &id, "Delete", "patient").await.status, 200);
    reach(&mut browser, &id, "NeedsSignIn").await;
    assert_eq!(browser.call("servers/token", &give).await.status, 200);
    reach(&mut browser, &id, "Deleted").await;
    assert!(site.is_empty());
    portal.stop().await;
}

/// A sealed token is of no use in another row, nor to who has the database alone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sealed_token_belongs_to_its_owner() {
    let site = PaperSite::with_tokens(&["a-good-token"]);
    let portal = portal(&site, None, |_| {}).await;
    let (mut browser, _) = person(&portal, "astronomer").await;
    let (mut other, _) = person(&portal, "operator").await;
    let give = [("site", "paper"), ("token", "a-good-token")];
    assert_eq!(browser.call("servers/token", &give).await.status, 200);
    let stolen = "INSERT INTO held_tokens (owner, site, sealed, expires_us) \
                  SELECT (SELECT id FROM users WHERE name LIKE '%perator%'), site, sealed, expires_us FROM held_tokens";
    sqlx::query(stolen).execute(&portal.skyport.db).await.unwrap();
    assert_eq!(portal.count("held_tokens").await, 2);
    let wants = |answer: serde_json::Value| answer["sites"][0]["wants_token"].clone();
    assert_eq!(wants(browser.call("servers/choices", &[("site", "paper")]).await.json()), false);
    assert_eq!(wants(other.call("servers/choices", &[("site", "paper")]).await.json()), true);
    let key = std::fs::metadata(portal.folder.path().join("tokens.key")).unwrap();
    assert_eq!(key.permissions().mode() & 0o777, 0o600);
    portal.stop().await;
}
