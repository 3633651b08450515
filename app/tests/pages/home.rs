//! The first page.

use crate::fakes::World;
use crate::render::get;
use insta::assert_snapshot;

#[tokio::test]
async fn of_a_user() {
    assert_snapshot!(get(World::FULL, "/").await.main());
}

#[tokio::test]
async fn of_a_new_user() {
    assert_snapshot!(get(World::EMPTY, "/").await.main());
}

#[tokio::test]
async fn of_a_visitor() {
    assert_snapshot!(get(World::VISITOR, "/").await.main());
}

#[tokio::test]
async fn without_a_database() {
    assert_snapshot!(get(World::BROKEN, "/").await.main());
}
