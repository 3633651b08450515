//! Bookings that are moved, extended, shortened, cancelled and over.

use crate::world::{FOUR_CORES, HOUR, MINUTE, Place, Process, at, wanted};
use app::asking::{Caller, Owner};
use app::error::Error;
use app::features::bookings::model::{BookingState, BookingView, Change};
use app::features::bookings::port::BookingsPort as _;

fn caller(user: &str) -> Caller {
    Caller { owner: Owner::User(user.to_owned()), ..Caller::nobody() }
}

async fn booked(process: &Process, owner: &str, request: &str, cores: u32, start: i64) -> String {
    let id = process.hold(&at(wanted(owner, request, cores, 60), start)).await.unwrap();
    process.accept(owner, &id, &format!("session-{request}")).await.unwrap();
    id
}

async fn shown(process: &Process, owner: &str, id: &str) -> BookingView {
    process.bookings.show(&caller(owner), id).await.unwrap()
}

fn refused(result: app::error::Result<()>, word: &str) {
    match result {
        Err(Error::Limit(text)) => assert!(text.contains(word), "{text}"),
        other => panic!("{other:?} and not {word}"),
    }
}

pub async fn moved_extended_and_shortened(mut place: Place) {
    place.with_site(FOUR_CORES);
    let (here, there) = (place.process().await, place.process().await);
    let (vera, edwin) = (here.person("vera").await, here.person("edwin").await);
    let first = here.now() + HOUR;
    let id = booked(&here, &vera, "a", 3, first).await;
    booked(&there, &edwin, "b", 3, first + 2 * HOUR).await;
    let view = shown(&here, &vera, &id).await;
    assert_eq!(view.changes, [Change::Move, Change::Extend, Change::Shorten, Change::Cancel]);
    assert_eq!(view.extends_to_us, Some(first + 2 * HOUR));
    // Into another's time: no, and until when it could.
    refused(there.bookings.extend(&vera, &id, first + 2 * HOUR + 1).await, "extended until");
    there.bookings.extend(&vera, &id, first + 2 * HOUR).await.unwrap();
    assert_eq!(here.free_cores(first + 2 * HOUR - 1).await, 1);
    assert_eq!(shown(&here, &vera, &id).await.extends_to_us, None);
    refused(here.bookings.move_to(&caller(&vera), &id, first + HOUR).await, "taken");
    // It stays as long as it is now.
    here.bookings.move_to(&caller(&vera), &id, first + 3 * HOUR).await.unwrap();
    let moved = there.booking(&id).await;
    assert_eq!((moved.start_us, moved.end_us), (first + 3 * HOUR, first + 5 * HOUR));
    assert_eq!(there.free_cores(first).await, 4);
    assert_eq!(there.free_cores(first + 3 * HOUR).await, 1);
    here.bookings.end_at(&vera, &id, first + 4 * HOUR).await.unwrap();
    here.bookings.end_at(&vera, &id, first + 4 * HOUR).await.unwrap();
    assert_eq!(there.free_cores(first + 4 * HOUR).await, 4);
    // Once it began it is not moved; and what is another's is not there.
    here.clock.forward(4 * 3600 + 60);
    assert_eq!(shown(&here, &vera, &id).await.changes, [Change::Extend, Change::Shorten]);
    refused(here.bookings.move_to(&caller(&vera), &id, first + 9 * HOUR).await, "began");
    refused(here.bookings.cancel(&caller(&vera), &id).await, "has begun");
    let others = caller(&edwin);
    assert_eq!(here.bookings.end_at(&edwin, &id, first + 9 * HOUR).await, Err(Error::NotFound));
    assert_eq!(here.bookings.move_to(&others, &id, first + 9 * HOUR).await, Err(Error::NotFound));
    assert_eq!(here.bookings.cancel(&others, &id).await, Err(Error::NotFound));
    assert_eq!(here.bookings.show(&others, &id).await, Err(Error::NotFound));
    // A day is the longest.
    refused(here.bookings.extend(&vera, &id, first + 40 * HOUR).await, "longer than one booking may last");
    assert_eq!(here.bookings.latest_end(&id).await.unwrap(), Some(first + 27 * HOUR));
    // Its time is over, also where nobody wrote that down.
    here.clock.forward(24 * 3600);
    assert_eq!(shown(&here, &vera, &id).await.state, BookingState::Over);
    refused(here.bookings.extend(&vera, &id, here.now() + HOUR).await, "over");
    assert_eq!(here.bookings.latest_end(&id).await.unwrap(), None);
    here.bookings.tidy().await.unwrap();
    assert_eq!(there.booking(&id).await.state, BookingState::Over);
}

pub async fn what_is_over_gives_back_the_rest(mut place: Place) {
    place.with_site(FOUR_CORES);
    let (here, there) = (place.process().await, place.process().await);
    let vera = here.person("vera").await;
    let id = booked(&here, &vera, "a", 4, here.now()).await;
    assert_eq!(there.free_cores(here.now()).await, 0);
    here.clock.forward(600);
    here.bookings.finish(&id, here.now()).await.unwrap();
    there.bookings.finish(&id, here.now() + MINUTE).await.unwrap();
    let over = there.booking(&id).await;
    assert_eq!((over.state, over.end_us), (BookingState::Over, here.now()));
    for process in [&here, &there] {
        assert_eq!(process.free_cores(process.now()).await, 4);
    }
    // One that never began was cancelled.
    let later = booked(&here, &vera, "b", 4, here.now() + HOUR).await;
    there.bookings.finish(&later, here.now()).await.unwrap();
    assert_eq!(here.booking(&later).await.state, BookingState::Cancelled);
    assert_eq!(here.free_cores(here.now() + HOUR).await, 4);
    here.bookings.finish("nothing", here.now()).await.unwrap();
}

pub async fn cancelled_before_its_time(mut place: Place) {
    place.with_site(FOUR_CORES);
    let (here, there) = (place.process().await, place.process().await);
    let vera = here.person("vera").await;
    let start = here.now() + HOUR;
    let id = booked(&here, &vera, "a", 4, start).await;
    there.bookings.cancel(&caller(&vera), &id).await.unwrap();
    here.bookings.cancel(&caller(&vera), &id).await.unwrap();
    assert_eq!(here.free_cores(start).await, 4);
    let view = shown(&here, &vera, &id).await;
    assert_eq!((view.state, view.changes.as_slice()), (BookingState::Cancelled, &[][..]));
    // An offer that is held goes back at once.
    let held = here.hold(&at(wanted(&vera, "b", 4, 60), start)).await.unwrap();
    assert_eq!(shown(&here, &vera, &held).await.changes, [Change::Cancel]);
    refused(here.bookings.extend(&vera, &held, start + 2 * HOUR).await, "Accept it first");
    here.bookings.cancel(&caller(&vera), &held).await.unwrap();
    refused(there.accept(&vera, &held, "s").await.map(|_| ()), "cancelled");
    assert_eq!(there.free_cores(start).await, 4);
    let list = here.bookings.list(&caller(&vera), 0, 0).await.unwrap();
    assert_eq!(list.items.len(), 2);
    assert_eq!((list.from_us / 86_400_000_000 - 4).rem_euclid(7), 0, "it begins on a Monday");
}

pub async fn a_site_that_is_no_longer_there(mut place: Place) {
    place.with_site(FOUR_CORES);
    let here = place.process().await;
    let vera = here.person("vera").await;
    let id = booked(&here, &vera, "a", 4, here.now() + HOUR).await;
    let running = booked(&here, &vera, "b", 4, here.now()).await;
    place.config.sites.clear();
    let without = place.process().await;
    let view = shown(&without, &vera, &id).await;
    assert_eq!((view.site.as_str(), view.state), ("here", BookingState::Booked));
    refused(without.bookings.extend(&vera, &id, here.now() + 9 * HOUR).await, "only be cancelled");
    without.bookings.cancel(&caller(&vera), &id).await.unwrap();
    without.bookings.finish(&running, here.now() + 1).await.unwrap();
    assert_eq!(here.free_cores(here.now() + HOUR).await, 4);
    assert_eq!(here.free_cores(here.now() + 2).await, 4);
}
