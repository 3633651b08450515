//! Bookings, as a browser without JavaScript gets and changes them.

use crate::fakes::World;
use crate::fakes::bookings::STATES;
use crate::render::{Page, between, get, post};
use insta::assert_snapshot;

/// A page's words, one piece a line.
fn words(page: &Page) -> String {
    let text = crate::render::text(&page.main());
    text.lines().filter(|line| !line.trim().is_empty()).collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn list_and_calendar() {
    let page = get(World::FULL, "/bookings").await;
    assert_snapshot!(words(&page));
    assert_eq!(page.html.matches("<td").count(), 35, "five weeks");
}

#[tokio::test]
async fn other_weeks() {
    let page = get(World::FULL, "/bookings?from=2027-03-01").await;
    assert!(words(&page).contains("Nothing booked in these weeks"), "{}", words(&page));
    let main = page.main();
    assert!(
        main.contains("/bookings?from=2027-02-01") && main.contains("/bookings?from=2027-03-29"),
        "{main}"
    );
}

#[tokio::test]
async fn without_any_and_for_visitors() {
    assert_snapshot!(words(&get(World::EMPTY, "/bookings").await));
    assert!(words(&get(World::VISITOR, "/bookings").await).contains("Sign in to have bookings"));
}

#[tokio::test]
async fn an_offer_that_is_held() {
    let page = get(World::FULL, "/bookings/held").await;
    assert_snapshot!(page.main());
    assert_eq!(page.html.matches("btn primary").count(), 1, "one thing to do");
}

#[tokio::test]
async fn in_every_other_state() {
    for (id, _) in STATES.into_iter().filter(|(id, _)| *id != "held") {
        assert_snapshot!(format!("booking_{id}"), words(&get(World::FULL, &format!("/bookings/{id}")).await));
    }
}

#[tokio::test]
async fn accepting_leads_to_the_session() {
    let page = post(World::FULL, "/bookings/held", "/api/sessions/accept", "booking=held").await;
    assert_eq!(page.headings(), ["reduction waiting"]);
    let late = post(World::FULL, "/bookings/expired", "/api/sessions/accept", "booking=expired").await;
    assert!(words(&late).contains("The offer is not held any more. Plan it again."), "{}", words(&late));
}

#[tokio::test]
async fn times_are_typed_in_utc() {
    let to = "/api/bookings/move";
    let moved = post(World::FULL, "/bookings/booked", to, "id=booked&start=2026-11-24T15%3A00").await;
    assert!(!moved.html.contains("role=\"alert\""), "{}", words(&moved));
    let past = post(World::FULL, "/bookings/booked", to, "id=booked&start=2020-11-24T15%3A00").await;
    assert!(words(&past).contains("That time is over."), "{}", words(&past));
    let odd = post(World::FULL, "/bookings/booked", to, "id=booked&start=tomorrow").await;
    assert!(words(&odd).contains("Write a day and a time"), "{}", words(&odd));
    let long =
        post(World::FULL, "/bookings/booked", "/api/bookings/end", "id=booked&end=2027-11-24T15%3A00").await;
    assert!(words(&long).contains("It could last until 16:09 UTC at most"), "{}", words(&long));
}

#[tokio::test]
async fn a_feed_is_shown_once_it_is_made_and_no_other() {
    let page = post(World::FULL, "/bookings", "/api/bookings/feed", "").await;
    assert!(page.main().contains("/bookings/feed/q1w2e3r4t5z6.ics"), "{}", page.main());
    let forged =
        get(World::FULL, "/bookings?feed=https%3A%2F%2Fevil.example%2Fbookings%2Ffeed%2Fa.ics").await;
    assert!(!between(&forged.html, "<main", "</main>").contains("evil"), "{}", forged.main());
}
