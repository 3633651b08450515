//! What is cut off between the transaction and memory: the rows are right, and memory follows them.

use crate::world::{FOUR_CORES, Place, Process, wanted};
use app::features::bookings::model::BookingState;
use skyport::features::bookings::{Accepted, Accepting, no_objection};

pub async fn what_was_not_committed_is_not_granted(mut place: Place) {
    place.with_site(FOUR_CORES);
    let here = place.process().await;
    let vera = here.person("vera").await;
    let id = here.hold(&wanted(&vera, "r", 4, 60)).await.unwrap();
    match here.bookings.accept(&vera, &id, "s1", no_objection).await.unwrap() {
        Accepted::Now(accepting) => {
            assert_eq!(accepting.booking().state, BookingState::Running);
            drop(accepting);
        }
        Accepted::Before(session) => panic!("{session} was there before"),
    }
    let booking = here.booking(&id).await;
    assert_eq!((booking.state, &booking.session), (BookingState::Held, &None));
    assert_eq!(here.free_cores(here.now()).await, 0);
    // It is still an offer that is held, also in memory: it goes back.
    here.clock.forward(301);
    assert_eq!(here.free_cores(here.now()).await, 4);
    assert_eq!(here.booking(&id).await.state, BookingState::Expired);
}

pub async fn a_commit_that_fails_grants_nothing(mut place: Place) {
    place.with_site(FOUR_CORES);
    let here = place.process().await;
    let vera = here.person("vera").await;
    // What refers to nobody is found out by the commit.
    sqlx::query(
        "CREATE TABLE late (owner TEXT NOT NULL REFERENCES users (id) DEFERRABLE INITIALLY DEFERRED)",
    )
    .execute(&here.db)
    .await
    .unwrap();
    let id = here.hold(&wanted(&vera, "r", 4, 60)).await.unwrap();
    let Accepted::Now(mut accepting) = here.bookings.accept(&vera, &id, "s1", no_objection).await.unwrap()
    else {
        panic!("it was not accepted before");
    };
    let owner = "nobody".to_owned();
    sqlx::query("INSERT INTO late (owner) VALUES ($1)")
        .bind(owner)
        .execute(&mut **accepting.transaction())
        .await
        .unwrap();
    accepting.commit().await.expect_err("the commit fails");
    assert_eq!(here.booking(&id).await.state, BookingState::Held);
    here.clock.forward(301);
    assert_eq!(here.free_cores(here.now()).await, 4);
    // And everything goes on.
    let id = here.hold(&wanted(&vera, "r2", 4, 60)).await.unwrap();
    assert_eq!(here.accept(&vera, &id, "s2").await.unwrap(), "s2");
}

pub async fn a_process_that_ends_leaves_its_rows(mut place: Place) {
    place.with_site(FOUR_CORES);
    let lost = place.process().await;
    let vera = lost.person("vera").await;
    let booked = lost.hold(&wanted(&vera, "r", 1, 60)).await.unwrap();
    lost.accept(&vera, &booked, "s1").await.unwrap();
    let held = lost.hold(&wanted(&vera, "r2", 2, 60)).await.unwrap();
    // It ends in the middle of accepting.
    let Accepted::Now(accepting) = lost.bookings.accept(&vera, &held, "s2", no_objection).await.unwrap()
    else {
        panic!("it was not accepted before");
    };
    drop(accepting);
    drop(lost);
    let next = place.process().await;
    assert_eq!(next.free_cores(next.now()).await, 1);
    assert_eq!(next.accept(&vera, &held, "s3").await.unwrap(), "s3");
    next.clock.forward(301);
    assert_eq!(next.free_cores(next.now()).await, 1);
    assert_eq!(next.most_granted().await, 3);
}

async fn accepting(process: &Process, owner: &str, id: &str, session: &str) -> Accepting {
    match process.bookings.accept(owner, id, session, no_objection).await.unwrap() {
        Accepted::Now(accepting) => *accepting,
        Accepted::Before(session) => panic!("{session} was there before"),
    }
}

/// Two accept at once: the first one's commit waits for the second's, which gets its transaction.
pub async fn who_shares_a_commit_shares_its_fate(mut place: Place) {
    place.with_site(FOUR_CORES);
    let here = place.process().await;
    let vera = here.person("vera").await;
    for (round, is_cut) in [("a", true), ("b", false)] {
        let one = here.hold(&wanted(&vera, &format!("{round}1"), 1, 60)).await.unwrap();
        let two = here.hold(&wanted(&vera, &format!("{round}2"), 1, 60)).await.unwrap();
        let first = accepting(&here, &vera, &one, &format!("s-{round}1")).await;
        let (process, owner, id, session) = (here.clone(), vera.clone(), two.clone(), format!("s-{round}2"));
        let second = tokio::spawn(async move { accepting(&process, &owner, &id, &session).await });
        let site = here.bookings.site("here").unwrap();
        while site.waiting() == 0 {
            tokio::task::yield_now().await;
        }
        let first = tokio::spawn(first.commit());
        let second = second.await.unwrap();
        assert!(!first.is_finished(), "nobody is told what is not committed");
        if is_cut {
            drop(second);
            first.await.unwrap().expect_err("it went along with the second");
            for id in [&one, &two] {
                assert_eq!(here.booking(id).await.state, BookingState::Held);
            }
            assert_eq!(here.accept(&vera, &one, "s1").await.unwrap(), "s1");
            assert_eq!(here.accept(&vera, &two, "s2").await.unwrap(), "s2");
        } else {
            second.commit().await.unwrap();
            first.await.unwrap().unwrap();
        }
        for id in [&one, &two] {
            assert_eq!(here.booking(id).await.state, BookingState::Running);
        }
        assert_eq!(place.process().await.free_cores(here.now()).await, here.free_cores(here.now()).await);
    }
    assert_eq!(here.free_cores(here.now()).await, 0);
}
