//! Sessions, as a browser without JavaScript gets and changes them.

use crate::fakes::World;
use crate::fakes::sessions::all;
use crate::render::{Page, between, get, post};
use insta::assert_snapshot;

/// A page's words, one piece a line.
fn words(page: &Page) -> String {
    let text = crate::render::text(&page.main());
    text.lines().filter(|line| !line.trim().is_empty()).collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn list() {
    let page = get(World::FULL, "/sessions").await;
    let main = page.main();
    assert_snapshot!(between(&main, "<main", "reduction more-1"));
    assert!(main.contains("1–50 of 64") && main.contains("/sessions?offset=50"));
    assert!(words(&get(World::FULL, "/sessions?offset=100").await).contains("Nothing on this page"));
}

#[tokio::test]
async fn without_any_and_for_visitors() {
    assert_snapshot!(words(&get(World::EMPTY, "/sessions").await));
    assert!(words(&get(World::VISITOR, "/sessions").await).contains("Sign in to have sessions"));
}

#[tokio::test]
async fn that_runs() {
    let page = get(World::FULL, "/sessions/running").await;
    assert_snapshot!(page.main());
    let open = between(&page.html, "action=\"/sessions/running/open\"", ">");
    assert!(open.contains("target=\"_blank\"") && open.contains("rel=\"noopener\""), "{open}");
    assert_eq!(page.html.matches("btn primary").count(), 1, "one thing to do");
}

#[tokio::test]
async fn in_every_other_state() {
    for (id, ..) in all().into_iter().filter(|(id, ..)| id != "running") {
        assert_snapshot!(format!("session_{id}"), words(&get(World::FULL, &format!("/sessions/{id}")).await));
    }
}

#[tokio::test]
async fn whose_end_is_near_warns() {
    let page = get(World::FULL, "/sessions/soon").await;
    let notice = between(&page.main(), "class=\"notice warn\"", "</main>");
    assert!(
        notice.contains("9 min 0 s") && notice.contains("Somebody else has the time after it"),
        "{notice}"
    );
    assert!(!get(World::FULL, "/sessions/running").await.main().contains("notice warn"));
}

#[tokio::test]
async fn that_is_somebody_elses_is_opened_and_nothing_else() {
    let main = get(World::FULL, "/sessions/shared").await.main();
    assert!(main.contains("/sessions/shared/open"), "{main}");
    for not_theirs in [
        "/api/sessions/end",
        "/api/sessions/extend",
        "/api/sessions/share",
        "/api/sessions/rename",
        "/bookings/",
    ] {
        assert!(!main.contains(not_theirs), "{not_theirs}: {main}");
    }
}

#[tokio::test]
async fn that_is_over_is_run_again_with_the_same_choices() {
    let main = get(World::FULL, "/sessions/finished").await.main();
    let again = "/plan?software=notebook&amp;version=4.4&amp;cores=2&amp;memory=4&amp;disk=10&amp;hours=2&amp;command=fit%0A--all";
    assert!(main.contains(again), "{main}");
    assert!(main.contains("/sessions/finished/output/out/fit%20result.csv"), "{main}");
    assert!(main.contains("/sessions/finished/log"), "{main}");
}

#[tokio::test]
async fn the_question_before_the_end_names_what_is_lost() {
    let main = get(World::FULL, "/sessions/running?ask=end").await.main();
    let at = main.find("End…").unwrap_or_default();
    assert!(
        main[..at].rsplit("<details").next().is_some_and(|tag| tag.contains("open")),
        "the question is open"
    );
    assert!(main.contains("not saved under /home/user is lost"), "{main}");
    let batch = get(World::FULL, "/sessions/batch?ask=end").await.main();
    assert!(batch.contains("What it wrote to its output folder so far is kept"), "{batch}");
}

#[tokio::test]
async fn changes_by_plain_forms() {
    let from = "/sessions/running";
    for (to, fields) in [
        ("/api/sessions/extend", "id=running&minutes=60"),
        ("/api/sessions/end", "id=running"),
        ("/api/sessions/rename", "id=running&title=mine"),
        ("/api/sessions/share", "id=running&with=grace&group=false&on=true"),
    ] {
        let page = post(World::FULL, from, to, fields).await;
        assert_eq!(page.headings(), ["reduction running"], "{to}");
        assert!(!page.html.contains("role=\"alert\""), "{to}: {}", words(&page));
    }
    let refused = post(World::FULL, "/sessions/soon", "/api/sessions/extend", "id=soon&minutes=60").await;
    assert!(words(&refused).contains("A limit is reached"), "{}", words(&refused));
    let nobody = post(World::FULL, from, "/api/sessions/share", "id=running&with=nobody&on=true").await;
    assert!(words(&nobody).contains("Nobody of that name has ever signed in here."), "{}", words(&nobody));
    let list = post(World::FULL, "/sessions/finished", "/api/sessions/dismiss", "id=finished").await;
    assert_eq!(list.headings(), ["Sessions"]);
}
