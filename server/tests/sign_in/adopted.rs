//! What a visitor asked is the user's after signing in, and nobody else's.

use crate::support::portal::Portal;
use skyport::config::archives::TapConfig;

#[tokio::test]
async fn what_a_visitor_asked_becomes_the_users() {
    let portal = Portal::start(|config| {
        let away = serde_json::json!({"title": "Away", "url": "http://127.0.0.1:9/tap"});
        let away: TapConfig = serde_json::from_value(away).unwrap();
        config.archives.tap.insert("away".to_owned(), away);
    })
    .await;
    let mut browser = portal.browser();
    let question = [("archive", "away"), ("adql", "SELECT TOP 1 * FROM t"), ("title", "Mine")];
    let asked = browser.call("queries/ask", &question).await;
    let id: String = serde_json::from_str(&asked.body).unwrap_or_else(|e| panic!("{e}: {asked:?}"));
    assert!(browser.cookies.contains_key("skyport-visitor"));
    let as_visitor = browser.cookies.clone();

    browser.sign_in("astronomer").await;
    assert!(!browser.cookies.contains_key("skyport-visitor"), "it has no more use");
    let shown = browser.call("queries/show", &[("id", &id)]).await;
    assert_eq!(shown.json()["title"], "Mine", "{shown:?}");

    let mut visitor = portal.browser();
    visitor.cookies = as_visitor;
    assert_eq!(visitor.call("queries/show", &[("id", &id)]).await.body, "\"NotFound\"");
    let mut other = portal.browser();
    other.sign_in("operator").await;
    assert_eq!(other.call("queries/show", &[("id", &id)]).await.body, "\"NotFound\"");
}
