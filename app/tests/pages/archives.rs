//! Archives, their tables and columns.

use crate::fakes::World;
use crate::render::{get, post};
use insta::assert_snapshot;

#[tokio::test]
async fn all_of_them() {
    assert_snapshot!(get(World::FULL, "/datasets").await.main());
}

#[tokio::test]
async fn found_by_a_table() {
    assert_snapshot!(get(World::FULL, "/datasets?q=messier").await.main());
}

#[tokio::test]
async fn none_found() {
    assert_snapshot!(get(World::FULL, "/datasets?q=%3Cb%3Enothing%22").await.main());
}

#[tokio::test]
async fn none_configured() {
    assert_snapshot!(get(World::EMPTY, "/datasets").await.main());
}

#[tokio::test]
async fn without_a_database() {
    assert_snapshot!(get(World::BROKEN, "/datasets").await.main());
}

#[tokio::test]
async fn tables() {
    assert_snapshot!(get(World::FULL, "/datasets/local").await.main());
}

#[tokio::test]
async fn columns_of_a_table() {
    assert_snapshot!(get(World::FULL, "/datasets/local?q=stars&table=sky.stars").await.main());
}

#[tokio::test]
async fn no_table_found() {
    assert_snapshot!(get(World::FULL, "/datasets/local?q=nothing").await.main());
}

#[tokio::test]
async fn archive_that_does_not_answer() {
    assert_snapshot!(get(World::FULL, "/datasets/gaia").await.main());
}

#[tokio::test]
async fn probing_works_without_script_and_says_what_went_wrong() {
    let page = post(World::FULL, "/datasets", "/api/archives/probe", "archive=mast").await;
    assert_eq!(page.status, 200);
    assert!(!page.html.contains("role=\"alert\""));
    let page = post(World::FULL, "/datasets?q=M", "/api/archives/probe", "archive=nobody").await;
    assert!(page.main().contains("There is nothing here under that name"), "{}", page.main());
}
