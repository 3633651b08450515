//! Offers that are held: once for each form, for some minutes, and then a booking or nothing.

use crate::world::{FOUR_CORES, HOUR, MINUTE, Place, at, wanted};
use app::error::Error;
use app::features::bookings::model::BookingState;
use skyport::features::bookings::HoldRefusal;

pub async fn sent_twice_it_is_one(mut place: Place) {
    place.with_site(FOUR_CORES);
    let (here, there) = (place.process().await, place.process().await);
    let vera = here.person("vera").await;
    // The whole site: the second time there is no room but what it has already.
    let whole = wanted(&vera, "form", 4, 60);
    let id = here.hold(&whole).await.unwrap();
    assert_eq!(here.hold(&whole).await.unwrap(), id);
    assert_eq!(there.hold(&at(whole.clone(), here.now())).await.unwrap(), id);
    // With room for another it is still one.
    let small = wanted(&vera, "small", 1, 60);
    let start = here.now() + 3 * HOUR;
    let (first, second) =
        tokio::join!(here.bookings.hold(&small), async { there.hold(&at(small.clone(), start)).await });
    assert_eq!(first.unwrap(), second.unwrap());
    let rows: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM bookings").fetch_one(&here.db).await.unwrap();
    assert_eq!(rows, 2);
    // Another's form of the same name is another's.
    let edwin = here.person("edwin").await;
    let other = here.hold(&at(wanted(&edwin, "form", 1, 60), start + 3 * HOUR)).await.unwrap();
    assert_ne!(other, id);
    for process in [&here, &there] {
        let free = process.free_cores(process.booking(&id).await.start_us).await;
        assert_eq!(free, 0);
        assert_eq!(process.free_cores(start + 3 * HOUR).await, 3);
    }
}

pub async fn an_offer_goes_back_when_nobody_accepts(mut place: Place) {
    place.with_site(FOUR_CORES);
    let (here, there) = (place.process().await, place.process().await);
    let (vera, edwin) = (here.person("vera").await, here.person("edwin").await);
    let start = here.now() + HOUR;
    let id = here.hold(&at(wanted(&vera, "r", 4, 60), start)).await.unwrap();
    assert_eq!(here.booking(&id).await.state, BookingState::Held);
    let late = at(wanted(&edwin, "r", 1, 60), start);
    assert!(matches!(there.hold(&late).await, Err(HoldRefusal::No { .. })));
    here.clock.forward(299);
    assert!(matches!(there.hold(&late).await, Err(HoldRefusal::No { .. })));
    here.clock.forward(1);
    assert_eq!(here.booking(&id).await.state, BookingState::Expired);
    let others = there.hold(&late).await.unwrap();
    // Whoever comes too late is told what to do, and changes nothing.
    let refused = here.accept(&vera, &id, "s1").await.unwrap_err();
    assert!(matches!(&refused, Error::Limit(text) if text.contains("Ask for it again")), "{refused:?}");
    assert_eq!(here.accept(&edwin, &others, "s2").await.unwrap(), "s2");
    assert_eq!(here.most_granted().await, 1);
    // Also where nobody asks, and the rows say so.
    let forgotten = here.hold(&at(wanted(&vera, "r2", 1, 60), start)).await.unwrap();
    here.clock.forward(301);
    here.bookings.tidy().await.unwrap();
    let state: String = sqlx::query_scalar("SELECT state FROM bookings WHERE id = $1")
        .bind(&forgotten)
        .fetch_one(&here.db)
        .await
        .unwrap();
    assert_eq!(state, "expired");
    assert_eq!(there.free_cores(start).await, 3);
}

pub async fn accepted_twice_is_one_session(mut place: Place) {
    place.with_site(FOUR_CORES);
    let (here, there) = (place.process().await, place.process().await);
    let vera = here.person("vera").await;
    let id = here.hold(&wanted(&vera, "r", 2, 60)).await.unwrap();
    let (first, second) = tokio::join!(here.accept(&vera, &id, "s1"), there.accept(&vera, &id, "s2"));
    let session = first.unwrap();
    assert_eq!(session, second.unwrap());
    assert_eq!(here.accept(&vera, &id, "s3").await.unwrap(), session);
    let booking = there.booking(&id).await;
    assert_eq!((booking.state, booking.session), (BookingState::Running, Some(session)));
    assert_eq!(booking.held_until_us, None);
    // It holds now, however long nobody looks.
    here.clock.forward(600);
    assert_eq!(there.free_cores(here.now()).await, 2);
    // What is another's is not there.
    let edwin = here.person("edwin").await;
    assert_eq!(here.accept(&edwin, &id, "s4").await, Err(Error::NotFound));
    assert_eq!(here.accept(&vera, "nothing", "s4").await, Err(Error::NotFound));
}

pub async fn now_is_when_it_is_held(mut place: Place) {
    place.with_site(FOUR_CORES);
    let here = place.process().await;
    let vera = here.person("vera").await;
    let offered = here.now();
    // The page lay open for ten minutes.
    here.clock.forward(600);
    let id = here.hold(&at(wanted(&vera, "r", 3, 60), offered)).await.unwrap();
    let booking = here.booking(&id).await;
    assert_eq!((booking.start_us, booking.end_us), (here.now(), here.now() + HOUR));
    // As soon as it can is after that.
    let next = here.hold(&wanted(&vera, "r2", 2, 30)).await.unwrap();
    assert_eq!(here.booking(&next).await.start_us, here.now() + 60 * MINUTE);
}
