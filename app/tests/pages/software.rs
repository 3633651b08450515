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

#[tokio::test]
async fn the_form_of_a_new_container() {
    assert_snapshot!(get(World::FULL, "/software/new").await.main());
}

#[tokio::test]
async fn the_form_of_one_that_is_changed() {
    let page = get(World::FULL, "/software/new?change=mine").await;
    let main = page.main();
    assert!(main.contains("value=\"quay.io/me/image:1\"") && main.contains("Save changes"), "{main}");
    assert!(main.contains("One is kept."), "{main}");
    assert!(main.contains("class=\"more-options\"") && main.contains("<details open"), "{main}");
    assert_eq!(get(World::FULL, "/software/new?change=somebodys").await.status, 404);
}

#[tokio::test]
async fn a_visitor_is_led_to_sign_in_before_typing() {
    let main = get(World::VISITOR, "/software/new").await.main();
    assert!(main.contains("/sign-in?next=%2Fsoftware%2Fnew") && !main.contains("name=\"container"), "{main}");
}

/// Without a script what was typed comes back beside its reason; the secret does not.
#[tokio::test]
async fn a_refused_container_comes_back() {
    let fields = "container%5Bimage%5D=evil.example%2Fx%3A1&container%5Btitle%5D=A+%3Cb%3E&container%5Bregistry_user%5D=me\
                  &container%5Bregistry_secret%5D=hunter2&container%5Bcommand%5D=a+%27b+c%27";
    let page = post(World::FULL, "/software/new", "/api/software/keep", fields).await;
    let main = page.main();
    assert!(
        main.contains("id=\"image-error\"") && main.contains("This Skyport may not ask that registry."),
        "{main}"
    );
    assert!(main.contains("value=\"evil.example/x:1\"") && main.contains("value=\"A &lt;b&gt;\""), "{main}");
    assert!(main.contains("value=\"a 'b c'\"") && main.contains("value=\"me\""), "{main}");
    assert!(!page.html.contains("hunter2"));
    let done =
        post(World::FULL, "/software/new", "/api/software/keep", "container%5Bimage%5D=quay.io%2Fme%2Fx")
            .await;
    assert_eq!(done.headings().len(), 1);
    assert!(done.main().contains("Labels of the image"), "{}", done.main());
}

#[tokio::test]
async fn only_the_owner_may_change_it() {
    let mine = get(World::FULL, "/software/mine").await.main();
    assert!(mine.contains("/software/new?change=mine") && mine.contains("/api/software/remove"), "{mine}");
    let theirs = get(World::FULL, "/software/shared").await.main();
    assert!(!theirs.contains("change=") && !theirs.contains("/api/software/remove"), "{theirs}");
    let page = post(World::FULL, "/software/mine", "/api/software/feature", "name=mine&featured=true").await;
    assert!(page.main().contains("Your account may not do this"), "{}", page.main());
}
