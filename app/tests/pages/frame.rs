//! The frame around the pages.

use crate::fakes::World;
use crate::render::{between, get, lines};
use insta::assert_snapshot;

async fn frame(world: World, address: &str) -> String {
    lines(&between(&get(world, address).await.html, "<body>", "<main"))
}

#[tokio::test]
async fn of_a_user() {
    assert_snapshot!(frame(World::FULL, "/basket").await);
}

#[tokio::test]
async fn of_a_visitor() {
    assert_snapshot!(frame(World::VISITOR, "/datasets/local?q=a%20b&table=sky.stars").await);
}

#[tokio::test]
async fn without_a_database() {
    assert_snapshot!(frame(World::BROKEN, "/queries").await);
}

#[tokio::test]
async fn page_that_is_not_there() {
    assert_snapshot!(get(World::FULL, "/no/such/page").await.main());
}

#[tokio::test]
async fn sign_in_link_leads_back_here_and_not_to_itself() {
    let html = get(World::VISITOR, "/datasets?q=M%2042").await.html;
    assert!(
        html.contains("href=\"/sign-in?next=%2Fdatasets%3Fq%3DM%252042\""),
        "{}",
        between(&html, "class=\"now\"", "</header>")
    );
    let html = get(World::VISITOR, "/sign-in?next=%2Fbasket").await.html;
    assert!(html.contains("href=\"/sign-in?next=%2Fbasket\""));
    let html = get(World::VISITOR, "/sign-in?next=https%3A%2F%2Fevil.example").await.html;
    assert!(!html.contains("evil.example\""));
}
