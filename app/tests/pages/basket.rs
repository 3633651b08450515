//! The basket, shown and changed without JavaScript.

use crate::fakes::World;
use crate::render::{get, post};
use insta::assert_snapshot;

#[tokio::test]
async fn first_page() {
    // The first five items hold every kind; the rest is alike.
    let main = get(World::FULL, "/basket").await.main();
    let upto = main.match_indices("<li>").nth(8).map_or(main.len(), |(at, _)| at);
    let after = main.rfind("</ul>").unwrap_or_default();
    assert!(
        main.contains("dec \u{2212}5.9099") && main.contains("\n\u{2212}5.9099"),
        "with true minus signs"
    );
    assert!(!main.contains("-5.9099"), "everywhere");
    assert_snapshot!(format!("{}\n...\n{}", &main[..upto], &main[after..]));
}

#[tokio::test]
async fn last_page_of_one_archive() {
    let main = get(World::FULL, "/basket?archive=local&offset=50").await.main();
    assert!(main.contains("51–60 of 60"), "{main}");
    assert!(
        main.contains("href=\"/basket?archive=local\" class=\"btn small\" rel=\"prev\"")
            || main.contains("rel=\"prev\"")
    );
    assert!(!main.contains("rel=\"next\""));
    assert_eq!(main.matches("type=\"checkbox\"").count(), 10);
}

#[tokio::test]
async fn past_the_end_leads_back() {
    assert!(get(World::FULL, "/basket?offset=5000").await.main().contains("To the first page"));
}

#[tokio::test]
async fn empty() {
    assert_snapshot!(get(World::EMPTY, "/basket").await.main());
}

#[tokio::test]
async fn of_a_visitor() {
    assert_snapshot!(get(World::VISITOR, "/basket").await.main());
}

#[tokio::test]
async fn without_a_database() {
    assert_snapshot!(get(World::BROKEN, "/basket").await.main());
}

#[tokio::test]
async fn removing_ticked_items_offers_to_put_them_back() {
    let page = post(World::FULL, "/basket", "/api/basket/remove", "items%5B%5D=b0&items%5B%5D=b1").await;
    let main = page.main();
    assert!(main.contains("2 items removed."), "{main}");
    assert!(main.contains("59 items"));
    assert!(!main.contains("value=\"b0\""));
    assert!(main.contains("action=\"/api/basket/undo\""));
}

#[tokio::test]
async fn removing_nothing_says_so() {
    let page = post(World::FULL, "/basket", "/api/basket/remove", "").await;
    assert!(page.main().contains("Nothing is ticked."), "{}", page.main());
}

#[tokio::test]
async fn emptying_leaves_the_way_back() {
    let page = post(World::FULL, "/basket", "/api/basket/empty", "archive=").await;
    let main = page.main();
    assert!(main.contains("The basket is empty"), "{main}");
    assert!(main.contains("61 items removed."));
}

#[tokio::test]
async fn note_that_is_too_long_comes_back_with_its_reason() {
    let note = "x".repeat(2001);
    let page =
        post(World::FULL, "/basket?archive=local", "/api/basket/note", &format!("item=b0&note={note}")).await;
    assert!(page.main().contains("A note has at most 2,000 characters. Shorten it."), "{}", page.main());
}

#[tokio::test]
async fn visitor_who_sends_a_form_is_told_to_sign_in() {
    let page = post(World::VISITOR, "/basket", "/api/basket/empty", "archive=").await;
    assert!(page.main().contains("Sign in to keep this."), "{}", page.main());
}
