//! The plan, as a browser without JavaScript gets it and sends it.

use crate::fakes::World;
use crate::render::{Page, between, get, post};
use insta::assert_snapshot;

/// A page's words, one piece a line.
fn words(page: &Page) -> String {
    let text = crate::render::text(&page.main());
    text.lines().filter(|line| !line.trim().is_empty()).collect::<Vec<_>>().join("\n")
}

/// What the page's button of an offer sends, with the fields of its form.
fn held(page: &Page, offer: &str, more: &str) -> String {
    let form = between(&page.html, "action=\"/api/plan/take\"", "</form>");
    let hidden = form.split("<input type=\"hidden\" ").skip(1).filter_map(|field| {
        let name = field.split("name=\"").nth(1)?.split('"').next()?;
        let value = field.split("value=\"").nth(1)?.split('"').next()?;
        Some(format!("{name}={value}"))
    });
    let fields: Vec<_> = hidden.collect();
    assert!(fields.len() > 8, "{form}");
    format!("{}&offer[offer]={offer}{more}", fields.join("&"))
}

fn first_offer(page: &Page) -> String {
    let button = between(&page.html, "name=\"offer[offer]\"", ">");
    button.split("value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default().to_owned()
}

#[tokio::test]
async fn with_offers_and_reasons() {
    assert_snapshot!(get(World::FULL, "/plan?software=notebook").await.main());
}

#[tokio::test]
async fn within_a_window_and_where_nothing_fits() {
    let page =
        get(World::FULL, "/plan?software=notebook&cores=210&when=within&from=2026-11-24T08%3A00&data=0")
            .await;
    assert_snapshot!(words(&page));
    let main = page.main();
    assert!(main.contains("value=\"2026-11-24T08:00\"") && main.contains("value=\"210\""), "{main}");
    assert!(!main.contains("offer[offer]"), "there is nothing to hold");
}

#[tokio::test]
async fn a_size_goes_before_the_numbers() {
    let main =
        get(World::FULL, "/plan?software=notebook&cores=1&memory=1&size=8%2C16384%2C40%2C0").await.main();
    assert!(main.contains("value=\"8,16384,40,0\" aria-pressed=\"true\""), "{main}");
    assert!(main.contains("name=\"cores\" min=\"0\" step=\"any\" value=\"8\""), "{main}");
}

#[tokio::test]
async fn without_software_and_without_sites() {
    let page = get(World::FULL, "/plan").await;
    assert!(words(&page).contains("Choose software first"), "{}", words(&page));
    assert!(!page.html.contains("/api/plan/take"), "nothing can be held");
    assert_snapshot!(words(&get(World::EMPTY, "/plan?software=gone").await));
}

#[tokio::test]
async fn visitors_see_offers_and_the_way_in() {
    let page = get(World::VISITOR, "/plan?software=notebook&cores=2&hours=3").await;
    assert!(!page.html.contains("/api/plan/take"));
    let main = page.main();
    assert!(main.contains("/sign-in?next=%2Fplan%3Fsoftware%3Dnotebook"), "{main}");
    assert!(main.contains("hours%3D3"), "with what was asked: {main}");
}

#[tokio::test]
async fn what_is_spread_over_nodes_is_seen_and_not_held() {
    let main = get(World::FULL, "/plan?software=notebook&cores=210&nodes=4").await.main();
    assert!(main.contains("node-2") && main.contains("A session runs on one node"), "{main}");
    assert!(!main.contains("offer[offer]"), "{main}");
}

#[tokio::test]
async fn an_offer_is_held_by_its_button() {
    let page = get(World::FULL, "/plan?software=notebook&when=within").await;
    let sent = held(&page, &first_offer(&page), "&offer[title]=mine");
    let booking = post(World::FULL, "/plan?software=notebook", "/api/plan/take", &sent).await;
    assert_eq!(booking.headings(), ["reduction held"], "{sent}");
}

#[tokio::test]
async fn who_was_too_late_comes_back_with_what_was_chosen() {
    let address = "/plan?software=batch&hours=1.5";
    let page = get(World::FULL, address).await;
    let sent = held(
        &page,
        "1795363758000000@cluster",
        "&offer[command]=fit%0A--all&offer[environment]=KEY%3Dsecret-1&offer[title]=mine",
    );
    let back = post(World::FULL, address, "/api/plan/take", &sent).await;
    let said = words(&back);
    assert!(said.contains("Somebody was quicker. The next start there is Tuesday 15:00 UTC."), "{said}");
    let main = back.main();
    assert!(main.contains("fit\n--all"), "the command is kept: {main}");
    assert!(main.contains("value=\"mine\"") && main.contains("value=\"1.5\""), "{main}");
    assert!(!back.html.contains("secret-1"), "the environment is in no address");
}
