//! The stores of users, sign-ins and attempts, the same tests on SQLite and on PostgreSQL.

use crate::support::database;
use app::asking::Owner;
use skyport::auth::attempts::{self, Attempt};
use skyport::auth::identity::Identity;
use skyport::auth::sign_ins::{self, Lifetime, NewSignIn};
use skyport::auth::users;
use skyport::db::Db;

const HOUR: Lifetime = Lifetime { idle: 3_600_000_000, absolute: 7_200_000_000 };

#[tokio::test]
async fn on_sqlite() {
    let database = database::sqlite().await;
    all(&database.db).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres() {
    let database = database::postgres().await;
    all(&database.db).await;
    database.db.close().await;
}

async fn all(db: &Db) {
    users_are_keyed_by_issuer_and_subject(db).await;
    attempts_are_taken_once(db).await;
    attempts_are_taken_once_by_many_at_a_time(db).await;
    sign_ins_find_their_caller(db).await;
    removing_a_user_ends_their_sign_ins(db).await;
}

fn identity(issuer: &str, subject: &str) -> Identity {
    Identity {
        issuer: issuer.to_owned(),
        subject: subject.to_owned(),
        name: "نجمة 🌟 O'Hara; DROP TABLE users".to_owned(),
        email: None,
        groups: vec!["a".to_owned(), "b \"quoted\"".to_owned()],
    }
}

async fn users_are_keyed_by_issuer_and_subject(db: &Db) {
    let first = identity("https://a.example", "1");
    assert_eq!(users::upsert_user(db, "u1", &first, 10).await.unwrap(), "u1");
    assert_eq!(users::upsert_user(db, "u2", &identity("https://b.example", "1"), 10).await.unwrap(), "u2");
    assert_eq!(users::upsert_user(db, "u3", &identity("https://a.example", "2"), 10).await.unwrap(), "u3");
    assert_eq!(users::find_user(db, "u1").await.unwrap().unwrap().identity, first);

    let renamed =
        Identity { name: "New".to_owned(), email: Some("n@e.org".to_owned()), groups: vec![], ..first };
    assert_eq!(users::upsert_user(db, "u4", &renamed, 20).await.unwrap(), "u1");
    assert_eq!(users::find_user(db, "u1").await.unwrap().unwrap().identity, renamed);
    assert_eq!(users::find_user(db, "u4").await.unwrap(), None);
    assert_eq!(users::find_user(db, "u2").await.unwrap().unwrap().identity.name, identity("", "").name);
}

fn attempt() -> Attempt {
    Attempt {
        provider: "p".to_owned(),
        nonce: "n".to_owned(),
        pkce_verifier: "v".to_owned(),
        next: "/queries?x=1".to_owned(),
    }
}

async fn attempts_are_taken_once(db: &Db) {
    attempts::insert_attempt(db, "s1", "b1", &attempt(), 100).await.unwrap();
    assert!(attempts::insert_attempt(db, "s1", "b2", &attempt(), 100).await.is_err(), "states are unique");
    assert_eq!(attempts::take_attempt(db, "s1", "b2", 50).await.unwrap(), None, "another browser");
    assert_eq!(attempts::take_attempt(db, "s2", "b1", 50).await.unwrap(), None, "another state");
    assert_eq!(attempts::take_attempt(db, "s1", "b1", 100).await.unwrap(), None, "too late");
    assert_eq!(attempts::take_attempt(db, "s1", "b1", 99).await.unwrap(), Some(attempt()));
    assert_eq!(attempts::take_attempt(db, "s1", "b1", 99).await.unwrap(), None, "used");

    attempts::insert_attempt(db, "s3", "b1", &attempt(), 100).await.unwrap();
    attempts::insert_attempt(db, "s4", "b1", &attempt(), 200).await.unwrap();
    assert_eq!(attempts::purge_attempts(db, 100).await.unwrap(), 1);
    assert_eq!(attempts::take_attempt(db, "s4", "b1", 150).await.unwrap(), Some(attempt()));
}

async fn attempts_are_taken_once_by_many_at_a_time(db: &Db) {
    attempts::insert_attempt(db, "many", "b1", &attempt(), 100).await.unwrap();
    let takers = (0..8).map(|_| attempts::take_attempt(db, "many", "b1", 50));
    let taken = futures::future::join_all(takers).await;
    assert_eq!(taken.into_iter().filter(|t| t.as_ref().unwrap().is_some()).count(), 1);
}

async fn open(db: &Db, id: &str, hash: &str, user: &str, now: i64) {
    let new = NewSignIn { id, secret_hash: hash, user, provider: "p", user_agent: "agent" };
    sign_ins::insert_sign_in(db, &new, HOUR, now).await.unwrap();
}

async fn sign_ins_find_their_caller(db: &Db) {
    let start = 1_000_000_000_000;
    open(db, "i1", "h1", "u1", start).await;
    open(db, "i2", "h2", "u1", start + 1).await;
    open(db, "i3", "h3", "u2", start).await;
    let caller = sign_ins::find_caller(db, "h3", HOUR, start).await.unwrap().unwrap();
    assert_eq!((caller.owner, caller.sign_in), (Owner::User("u2".to_owned()), Some("i3".to_owned())));
    assert_eq!((caller.name, caller.groups), (identity("", "").name, identity("", "").groups));
    assert_eq!(sign_ins::find_caller(db, "h4", HOUR, start).await.unwrap(), None);

    let listed = sign_ins::list_sign_ins(db, "u1", HOUR, start + 1).await.unwrap();
    assert_eq!(listed.iter().map(|s| &*s.id).collect::<Vec<_>>(), ["i2", "i1"]);
    assert_eq!((listed[1].since_us, listed[1].ends_us), (start, start + HOUR.absolute));
    assert_eq!(sign_ins::count_open(db, HOUR, start + 1).await.unwrap(), 3);

    let idle = start + HOUR.idle;
    assert!(sign_ins::find_caller(db, "h1", HOUR, idle - 1).await.unwrap().is_some());
    assert!(sign_ins::find_caller(db, "h1", HOUR, idle + 1).await.unwrap().is_some(), "it was just used");
    assert!(sign_ins::find_caller(db, "h3", HOUR, idle).await.unwrap().is_none(), "it was not");
    assert!(sign_ins::find_caller(db, "h1", HOUR, start + HOUR.absolute).await.unwrap().is_none());
    assert_eq!(sign_ins::purge_sign_ins(db, HOUR, idle).await.unwrap(), 1);

    assert!(!sign_ins::end_sign_in(db, "u2", "i1").await.unwrap(), "not theirs");
    assert!(sign_ins::end_sign_in(db, "u1", "i1").await.unwrap());
    assert!(!sign_ins::end_sign_in(db, "u1", "i1").await.unwrap());
    open(db, "i5", "h5", "u1", start).await;
    assert_eq!(sign_ins::end_all(db, "u1").await.unwrap(), 2);
    open(db, "i6", "h6", "u1", start).await;
    sign_ins::end_by_secret(db, "h6").await.unwrap();
    assert_eq!(sign_ins::count_open(db, HOUR, start).await.unwrap(), 0);
}

async fn removing_a_user_ends_their_sign_ins(db: &Db) {
    open(db, "i7", "h7", "u3", 10).await;
    sqlx::query("DELETE FROM users WHERE id = 'u3'").execute(db).await.unwrap();
    assert_eq!(sign_ins::count_open(db, HOUR, 10).await.unwrap(), 0);
}
