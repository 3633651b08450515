//! Sites that take the user's own token: where it is kept, how long, and what waits for it.

use crate::paper::{PaperSite, Twist};
use crate::world::{act, created, person, portal, reach, refusal, show, until};
use skyport::providers::{Fault, Reason};
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

/// A token of the same person for another project: the site says that there is no such machine, and that is no reason to
/// take it for gone, to call it deleted or to make another.
pub async fn a_token_for_another_project_changes_nothing(url: Option<&str>) {
    let site = PaperSite::with_tokens(&["token-a", "token-b"]);
    let of = |project: &str| (format!("token-{project}"), project.to_owned());
    site.lock().projects = [of("a"), of("b")].into();
    let portal = portal(&site, url, |config| config.servers.reconcile_s = 1).await;
    let (mut browser, key) = person(&portal, "astronomer").await;
    let give = |token| [("site", "paper"), ("token", token)];
    assert_eq!(browser.call("servers/token", &give("token-a")).await.status, 200);
    let id = created(&mut browser, 1, "elsewhere", &key).await;
    reach(&mut browser, &id, "Ready").await;
    assert_eq!(browser.call("servers/token", &give("token-b")).await.status, 200);
    let lists = site.calls("list");
    until("the sites are compared", || async { site.calls("list") > lists + 3 }).await;
    assert_eq!(show(&mut browser, &id).await["item"]["state"], "Ready", "not vanished");
    let console = browser.get(&format!("/servers/{id}/console")).await;
    assert_eq!(console.status, 429, "{console:?}");
    assert!(console.body.contains("project a"), "{console:?}");

    assert_eq!(act(&mut browser, &id, "Delete", "elsewhere").await.status, 200);
    let view = reach(&mut browser, &id, "NeedsSignIn").await;
    let now = view["item"]["now"].as_str().unwrap();
    assert!(now.contains("\"project b\"") && now.contains("made in the project \"project a\""), "{now}");
    assert_eq!(view["sign_in_at"], "paper", "where the right one can be given: {view:#}");
    let lists = site.calls("list");
    until("the sites are compared", || async { site.calls("list") > lists + 2 }).await;
    assert_eq!(show(&mut browser, &id).await["item"]["state"], "NeedsSignIn");
    assert_eq!(site.lock().machines.len(), 1);
    assert_eq!(browser.call("servers/token", &give("token-a")).await.status, 200);
    reach(&mut browser, &id, "Deleted").await;
    assert!(site.is_empty());
    portal.stop().await;
}

/// The same in the middle of making one: it waits, and is not made a second time over there.
pub async fn a_token_for_another_project_makes_nothing_twice(url: Option<&str>) {
    let site = PaperSite::with_tokens(&["token-a", "token-b"]);
    let of = |project: &str| (format!("token-{project}"), project.to_owned());
    site.lock().projects = [of("a"), of("b")].into();
    let portal = portal(&site, url, |_| {}).await;
    let (mut browser, key) = person(&portal, "astronomer").await;
    let give = |token| [("site", "paper"), ("token", token)];
    assert_eq!(browser.call("servers/token", &give("token-a")).await.status, 200);
    site.twist("request", Twist::DoneButNo(Fault::of(Reason::SignInNeeded)));
    let id = created(&mut browser, 1, "moved", &key).await;
    reach(&mut browser, &id, "NeedsSignIn").await;
    assert_eq!(browser.call("servers/token", &give("token-b")).await.status, 200);
    until("it says why it waits", || {
        let (mut browser, id) = (browser.clone(), id.clone());
        async move { show(&mut browser, &id).await["item"]["now"].to_string().contains("project a") }
    })
    .await;
    assert_eq!(site.lock().made.len(), 1);
    assert_eq!(browser.call("servers/token", &give("token-a")).await.status, 200);
    reach(&mut browser, &id, "Ready").await;
    assert_eq!(site.lock().made.len(), 1);
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
