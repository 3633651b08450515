//! The list of servers, the form of a new one and one server, as a browser without JavaScript gets and sends them.

use crate::fakes::World;
use crate::fakes::servers::STATES;
use crate::render::{Page, between, get, post};
use insta::assert_snapshot;

/// A page's words, one piece a line.
fn words(page: &Page) -> String {
    let text = crate::render::text(&page.main());
    text.lines().filter(|line| !line.trim().is_empty()).collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn list() {
    let page = get(World::FULL, "/servers").await;
    let main = page.main();
    // Every state has a row; the rest of the page is alike.
    let upto = main.match_indices("\n<li>").nth(STATES.len() + 60).map_or(main.len(), |(at, _)| at);
    assert!(upto > 0);
    let rows = between(&main, "<ul class=\"live servers\">", "reduction-more-1");
    assert_snapshot!(rows);
    let before = between(&main, "<main", "<ul class=\"live servers\">");
    assert_snapshot!("list_before_its_rows", before);
    assert!(before.contains("Reload"), "something moves, and this page does not");
    assert!(main.contains("1–50 of 71") && main.contains("/servers?offset=50"));
}

#[tokio::test]
async fn list_further_on() {
    let page = get(World::FULL, "/servers?offset=50").await;
    assert!(page.main().contains("51–71 of 71") && !page.main().contains("Reload"), "{}", words(&page));
    assert!(words(&get(World::FULL, "/servers?offset=100").await).contains("Nothing on this page"));
}

#[tokio::test]
async fn list_without_any() {
    assert_snapshot!(get(World::EMPTY, "/servers").await.main());
}

#[tokio::test]
async fn visitors_are_told_what_it_is() {
    let list = get(World::VISITOR, "/servers").await;
    assert!(words(&list).contains("Sign in to have servers"), "{}", words(&list));
    let form = get(World::VISITOR, "/servers/new?site=local&name=mine&size=small").await;
    let back = "/sign-in?next=%2Fservers%2Fnew%3Fsite%3Dlocal%26size%3Dsmall%26name%3Dmine";
    assert!(form.main().contains(back), "{}", form.main());
    assert_eq!(get(World::VISITOR, "/servers/ready").await.status, 401);
}

#[tokio::test]
async fn form_at_one_site() {
    let page = get(World::FULL, "/servers/new?site=alone").await;
    assert_snapshot!(page.main());
    assert!(!page.main().contains("id=\"site\""), "with one site there is nothing to choose");
}

#[tokio::test]
async fn form_without_a_key() {
    let page = get(World::EMPTY, "/servers/new").await;
    let main = page.main();
    assert_snapshot!(between(&main, "<div id=\"key\">", "</section>"));
    let button = between(&main, "<div class=\"send\">", "</section>");
    assert!(button.contains("disabled") && button.contains("Add an access key first"), "{button}");
}

#[tokio::test]
async fn form_with_several_sites() {
    let main = get(World::FULL, "/servers/new?key=k2&name=mine").await.main();
    assert_snapshot!(between(&main, "<ul class=\"choices\" id=\"site\">", "</section>"));
    assert!(main.contains("value=\"mine\""), "the name of the address stands in the form");
}

#[tokio::test]
async fn form_at_a_site_with_networks_and_addresses() {
    let main = get(World::FULL, "/servers/new?site=private&count=2&size=medium").await.main();
    assert_snapshot!(between(&main, "<details class=\"more-options\"", "</details>"));
    let bars = between(&main, "<div class=\"c4 beside\">", "</main>");
    assert!(bars.contains("2 + 4 of 4: 2 too much"), "two of two cores are too much: {bars}");
    assert!(bars.contains("1 + 2 of 2: 1 too much"), "and two addresses: {bars}");
    assert!(bars.contains("Create 2 servers"), "{bars}");
}

#[tokio::test]
async fn form_where_a_token_is_wanted() {
    let page = get(World::FULL, "/servers/new?site=cesga").await;
    assert_snapshot!(between(&page.main(), "Access token for", "</form>"));
    let refused =
        post(World::FULL, "/servers/new?site=cesga", "/api/servers/token", "site=cesga&token=very-secret-1")
            .await;
    assert!(words(&refused).contains("The site does not take this token."), "{}", words(&refused));
    assert!(!refused.html.contains("very-secret-1"), "a token is never shown again");
}

#[tokio::test]
async fn form_where_a_site_is_away() {
    let page = get(World::FULL, "/servers/new?site=cesnet").await;
    let words = words(&page);
    assert!(words.contains("Its sign-in service does not answer."), "{words}");
    assert!(!page.main().contains("wish[name]"), "there is nothing to choose there: {words}");
}

#[tokio::test]
async fn form_that_cannot_be_done_comes_back_with_what_was_typed() {
    let wish = "wish[request]=r&wish[site]=private&wish[name]=My+Server&wish[image]=small&wish[size]=large&wish[key]=k2\
                &wish[disk_gib]=&wish[network]=n1&wish[address]=None&wish[count]=3&wish[user_data]=%09secret-data";
    let page = post(World::FULL, "/servers/new?site=private", "/api/servers/create", wish).await;
    let main = page.main();
    for sentence in [
        "Use small letters, digits and hyphens in the name.",
        "Large needs 4 cores; 2 are left of your 4.",
        "The user data is not YAML",
        "User data is never put into an address",
    ] {
        assert!(words(&page).contains(sentence), "{sentence}: {}", words(&page));
    }
    assert!(main.contains("value=\"My Server\""), "the name is kept");
    assert!(main.contains("id=\"name-error\"") && main.contains("href=\"#name\""), "{main}");
    for kept in [
        "value=\"small\" required checked",
        "value=\"k2\" required checked",
        "value=\"n1\" selected",
        "value=\"3\" selected",
        "value=\"None\" selected",
    ] {
        let (value, how) = kept.split_once("\" ").unwrap_or_default();
        let at = main.find(&format!("{value}\"")).unwrap_or_else(|| panic!("{value} is not in {main}"));
        let start = main[..at].rfind('<').unwrap_or_default();
        let tag = between(&main[start..], "", ">");
        let how = how.rsplit(' ').next().unwrap_or_default();
        assert!(tag.contains(how), "{kept}: {tag}");
    }
    assert!(!page.html.contains("secret-data"), "user data is in no address");
}

#[tokio::test]
async fn form_that_is_right_leads_to_the_server() {
    let wish = "wish[request]=r&wish[site]=local&wish[name]=mine&wish[image]=small&wish[size]=tiny&wish[key]=k1&wish[count]=1";
    let page = post(World::FULL, "/servers/new", "/api/servers/create", wish).await;
    assert!(words(&page).contains("reduction-creating"), "{}", words(&page));
    let several =
        post(World::FULL, "/servers/new", "/api/servers/create", &wish.replace("count]=1", "count]=2")).await;
    assert_eq!(several.headings(), ["Servers"]);
}

#[tokio::test]
async fn server_that_is_being_made() {
    let page = get(World::FULL, "/servers/creating").await;
    assert_snapshot!(page.main());
}

#[tokio::test]
async fn server_that_is_ready() {
    assert_snapshot!(get(World::FULL, "/servers/ready").await.main());
}

#[tokio::test]
async fn server_that_failed() {
    let page = get(World::FULL, "/servers/failed").await;
    let main = page.main();
    assert_snapshot!(between(&main, "<section class=\"card failure\"", "</section>"));
    assert!(main.contains("/servers/new?site=local&amp;image=debian&amp;size=small&amp;key=k1"), "{main}");
    assert!(
        main.contains("again=failed") && !main.contains("secret"),
        "its user data is asked for by its id"
    );
    let again = get(World::FULL, "/servers/new?site=local&again=failed").await;
    assert!(again.main().contains("password: secret"), "and is in the form again");
}

#[tokio::test]
async fn server_that_waits_for_a_sign_in() {
    let page = get(World::FULL, "/servers/needs-sign-in").await;
    assert_snapshot!(words(&page));
    assert!(page.main().contains("action=\"/api/servers/token\"") && page.main().contains("value=\"cesga\""));
}

#[tokio::test]
async fn server_in_every_other_state() {
    for id in ["deleting", "deleted", "vanished", "stopped"] {
        assert_snapshot!(format!("server_{id}"), words(&get(World::FULL, &format!("/servers/{id}")).await));
    }
}

#[tokio::test]
async fn deletion_asks_for_the_name() {
    let page = get(World::FULL, "/servers/ready?ask=delete").await;
    let main = page.main();
    let at = main.find("Delete…").unwrap_or_default();
    assert!(
        main[..at].rsplit("<details").next().is_some_and(|tag| tag.contains("open")),
        "the question is open"
    );
    let wrong =
        post(World::FULL, "/servers/ready", "/api/servers/act", "id=ready&action=Delete&name=other").await;
    assert!(
        words(&wrong).contains("That is not this server's name. Nothing was deleted."),
        "{}",
        words(&wrong)
    );
    let right = post(
        World::FULL,
        "/servers/ready",
        "/api/servers/act",
        "id=ready&action=Delete&name=reduction-ready",
    )
    .await;
    assert!(!words(&right).contains("Nothing was deleted"), "{}", words(&right));
}

#[tokio::test]
async fn dismissing_leads_to_the_list() {
    let page = post(World::FULL, "/servers/failed", "/api/servers/act", "id=failed&action=Dismiss").await;
    assert_eq!(page.headings(), ["Servers"]);
}

#[tokio::test]
async fn nobody_sees_what_is_not_theirs() {
    assert_eq!(get(World::EMPTY, "/servers/ready").await.status, 404);
    let page = post(World::EMPTY, "/servers/new", "/api/servers/act", "id=ready&action=Stop").await;
    assert_eq!(page.status, 200, "the page that the form came from");
}
