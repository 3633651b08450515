//! Signing in, and the account.

use crate::fakes::World;
use crate::render::{get, post};
use app::features::account::sentences::{CODES, of_problem};
use insta::assert_snapshot;

#[tokio::test]
async fn providers() {
    assert_snapshot!(get(World::VISITOR, "/sign-in?next=%2Fqueries%2Fq1%3Fsort%3Dmag").await.main());
}

#[tokio::test]
async fn somebody_who_is_signed_in_already() {
    assert!(get(World::FULL, "/sign-in?next=%2Fbasket").await.main().contains("You are signed in already"));
}

#[tokio::test]
async fn no_providers() {
    assert_snapshot!(get(World::EMPTY, "/sign-in").await.main());
}

#[tokio::test]
async fn next_outside_is_dropped() {
    for next in
        ["https%3A%2F%2Fevil.example%2F", "%2F%2Fevil.example", "%2F%5Cevil.example", "javascript%3Aalert(1)"]
    {
        let main = get(World::VISITOR, &format!("/sign-in?next={next}")).await.main();
        assert!(main.contains("<input type=\"hidden\" name=\"next\" value=\"/\">"), "{next}: {main}");
    }
}

#[tokio::test]
async fn each_problem_has_its_own_sentence() {
    let mut seen = std::collections::HashSet::new();
    for code in CODES {
        let sentence = of_problem(code).unwrap_or_else(|| panic!("{code} has no sentence"));
        assert!(seen.insert(sentence), "{code} says what another code says");
        let html = get(World::VISITOR, &format!("/sign-in?problem={code}")).await.html;
        assert!(html.contains(sentence), "{code} is not shown");
        assert!(html.contains("role=\"alert\""));
    }
}

#[tokio::test]
async fn unknown_problem_is_not_shown() {
    let html = get(World::VISITOR, "/sign-in?problem=%3Cb%3Eboo").await.html;
    assert!(!html.contains("boo") && !html.contains("role=\"alert\""));
}

#[tokio::test]
async fn account() {
    assert_snapshot!(get(World::FULL, "/account").await.main());
}

#[tokio::test]
async fn account_with_little() {
    assert_snapshot!(get(World::EMPTY, "/account").await.main());
}

#[tokio::test]
async fn account_of_a_visitor() {
    assert_snapshot!(get(World::VISITOR, "/account").await.main());
}

#[tokio::test]
async fn ending_a_sign_in_that_is_not_theirs_is_refused_in_words() {
    let page = post(World::FULL, "/account", "/api/account/end_sign_in", "id=other").await;
    assert!(page.main().contains("There is nothing here under that name"), "{}", page.main());
    let page = post(World::FULL, "/account", "/api/account/end_sign_in", "id=s2").await;
    assert!(!page.main().contains("role=\"alert\""), "{}", page.main());
}
