//! Access keys, shown and changed without JavaScript.

use crate::fakes::World;
use crate::render::{get, post};
use insta::assert_snapshot;

const KEY: &str = include_str!("../../../crates/access-key/tests/data/ed25519.pub");
const SHORT: &str = include_str!("../../../crates/access-key/tests/data/rsa-2048.pub");

/// The fields of the form, as a browser sends them.
fn fields(name: &str, key: &str) -> String {
    format!("name={}&key={}", app::frame::address::escape(name), app::frame::address::escape(key))
}

#[tokio::test]
async fn full() {
    assert_snapshot!(get(World::FULL, "/keys").await.main());
}

#[tokio::test]
async fn empty() {
    assert_snapshot!(get(World::EMPTY, "/keys").await.main());
}

#[tokio::test]
async fn of_a_visitor() {
    assert_snapshot!(get(World::VISITOR, "/keys").await.main());
}

#[tokio::test]
async fn without_a_database() {
    assert_snapshot!(get(World::BROKEN, "/keys").await.main());
}

#[tokio::test]
async fn one_that_is_refused_comes_back_with_its_reason_beside_it() {
    let page = post(World::EMPTY, "/keys", "/api/keys/add_form", &fields("lap<top", SHORT)).await;
    let main = page.main();
    assert!(main.contains("This RSA key has 2048 bits"), "{main}");
    assert!(main.contains(SHORT.trim_end()), "what was typed is kept");
    assert!(main.contains("value=\"lap&lt;top\"") && main.contains("id=\"key-error\""), "{main}");
    assert_snapshot!(main.replace(SHORT.trim_end(), "(the key)"));
}

#[tokio::test]
async fn a_name_that_is_taken_is_said_beside_the_name() {
    let main = post(World::FULL, "/keys", "/api/keys/add_form", &fields("laptop", KEY)).await.main();
    assert!(main.contains("Another of your keys is called laptop."), "{main}");
    assert!(main.contains("id=\"name-error\"") && !main.contains("id=\"key-error\""));
    assert!(main.contains(KEY.trim_end()));
}

#[tokio::test]
async fn a_private_key_does_not_come_back() {
    let private =
        "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAAB\n";
    let page = post(World::EMPTY, "/keys", "/api/keys/add_form", &fields("laptop", private)).await;
    let main = page.main();
    assert!(
        main.contains("This is your private key; it has not been sent on; paste the .pub file."),
        "{main}"
    );
    assert!(!page.html.contains("b3BlbnNzaC1rZXktdjE") && !page.html.contains("BEGIN OPENSSH"));
    assert!(main.contains("value=\"laptop\""));
    assert_snapshot!(main);
}

/// An address can be written by anybody: it fills the form, and a private key in it stays out.
#[tokio::test]
async fn an_address_fills_the_form_with_public_things_alone() {
    let main = get(World::EMPTY, "/keys?name=me&key=ssh-ed25519%20AAAA%3C%2Ftextarea%3E").await.main();
    assert!(main.contains("ssh-ed25519 AAAA&lt;/textarea&gt;") && main.contains("value=\"me\""), "{main}");
    for secret in
        ["-----BEGIN%20RSA%20PRIVATE%20KEY-----MIIE", "hunter2", "ssh-rsa%20-----BEGIN%20PRIVATE%20KEY-----"]
    {
        let html = get(World::EMPTY, &format!("/keys?key={secret}")).await.html;
        assert!(
            !html.contains("MIIE") && !html.contains("hunter2") && !html.contains("-----BEGIN"),
            "{secret}"
        );
    }
}

#[tokio::test]
async fn added_is_said() {
    let page = post(World::FULL, "/keys", "/api/keys/add_form", &fields("mine", KEY)).await;
    assert!(page.main().contains("is added."), "{}", page.main());
    assert!(!get(World::FULL, "/keys?added=nothing").await.main().contains("is added."));
}

#[tokio::test]
async fn deleting_names_the_servers_and_says_that_they_keep_it() {
    let main = get(World::FULL, "/keys").await.main();
    for words in [
        "The key laptop is removed from this list. 2 servers carry it, and they keep it: calm-otter, bright-heron.",
        "10 servers carry it, and they keep it: a, b, c and 7 more.",
        "No server carries it.",
    ] {
        assert!(main.contains(words), "{words}: {main}");
    }
    let page = post(World::FULL, "/keys", "/api/keys/remove", "id=k1").await;
    assert!(!page.main().contains("role=\"alert\""), "{}", page.main());
    let page = post(World::FULL, "/keys", "/api/keys/remove", "id=somebodys").await;
    assert!(page.main().contains("There is nothing here under that name"), "{}", page.main());
}

#[tokio::test]
async fn a_visitor_who_sends_the_form_is_led_to_sign_in() {
    let page = post(World::VISITOR, "/keys", "/api/keys/add_form", &fields("laptop", KEY)).await;
    assert!(page.headings()[0].contains("Sign in"), "{:?}", page.headings());
}
