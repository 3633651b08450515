//! The catalogue of software and the page of an entry.

use crate::fakes::World;
use crate::render::{get, post};
use insta::assert_snapshot;

#[tokio::test]
async fn full() {
    assert_snapshot!(get(World::FULL, "/software").await.main());
}

#[tokio::test]
async fn empty() {
    assert_snapshot!(get(World::EMPTY, "/software").await.main());
}

#[tokio::test]
async fn of_a_visitor() {
    let main = get(World::VISITOR, "/software").await.main();
    assert!(!main.contains("favourites") && !main.contains("Added by you"), "{main}");
    assert!(!main.contains("/software/mine") && !main.contains("/software/shared"));
}

#[tokio::test]
async fn without_a_database() {
    assert_snapshot!(get(World::BROKEN, "/software").await.main());
}

#[tokio::test]
async fn narrowed() {
    let page = get(World::FULL, "/software?q=jupyter&kind=notebook&tag=python&show=favourites").await;
    assert_snapshot!(page.main());
}

/// A search in other words keeps what narrows it, and begins with its first page.
#[tokio::test]
async fn what_narrows_stays() {
    let main = get(World::FULL, "/software?q=old&kind=notebook&tag=a%26b&offset=48").await.main();
    for kept in ["name=\"kind\" value=\"notebook\"", "name=\"tag\" value=\"a&amp;b\"", "value=\"old\""] {
        assert!(main.contains(kept), "{kept}: {main}");
    }
    assert!(!main.contains("name=\"offset\""), "{main}");
    assert!(main.contains("/software?q=old&amp;kind=desktop&amp;tag=a%26b\""), "another kind: {main}");
    assert!(main.contains("/software?q=old&amp;tag=a%26b\""), "the kind taken off: {main}");
}

#[tokio::test]
async fn nothing_found_leads_back() {
    let main = get(World::FULL, "/software?q=no-such-thing").await.main();
    assert!(main.contains("Nothing has all of this.") && main.contains("href=\"/software\""), "{main}");
    let main = get(World::FULL, "/software?show=mine&q=jupyter").await.main();
    assert!(main.contains("JupyterLab"), "{main}");
}

#[tokio::test]
async fn an_entry() {
    assert_snapshot!(get(World::FULL, "/software/notebook").await.main());
}

#[tokio::test]
async fn an_entry_of_ones_own() {
    assert_snapshot!(get(World::FULL, "/software/mine").await.main());
}

#[tokio::test]
async fn an_entry_that_nobody_described() {
    let main = get(World::FULL, "/software/featured").await.main();
    assert!(main.contains("Nobody has described it further.") && main.contains("not said"), "{main}");
    assert!(main.contains("the image's own"), "{main}");
    assert!(!main.contains("Interface"), "a batch image has none: {main}");
}

/// What is somebody's and what is nowhere are told alike.
#[tokio::test]
async fn what_is_not_ones_own_is_not_there() {
    let theirs = get(World::VISITOR, "/software/mine").await;
    let nowhere = get(World::VISITOR, "/software/nowhere").await;
    assert_eq!((theirs.status.as_u16(), theirs.main()), (404, nowhere.main()));
}

#[tokio::test]
async fn the_star_needs_no_script() {
    let page = post(World::FULL, "/software", "/api/software/favourite", "name=desktop&favourite=true").await;
    assert!(!page.main().contains("role=\"alert\""), "{}", page.main());
    let page = post(World::FULL, "/software", "/api/software/favourite", "name=gone&favourite=true").await;
    assert!(page.main().contains("There is nothing here under that name"), "{}", page.main());
    let page =
        post(World::VISITOR, "/software", "/api/software/favourite", "name=desktop&favourite=true").await;
    assert!(page.main().contains("Sign in"), "{}", page.main());
}
