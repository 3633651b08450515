//! Who gets a ticket, and what it is good for.

use crate::support::browser::read;
use crate::world::{SESSION, World, ticket};
use reqwest::Method;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_owner_comes_in_by_a_form_and_no_secret_stands_in_an_address() {
    let mut world = World::new().await;
    let page = world.owner.post(&format!("/sessions/{SESSION}/open"), &[]).await;
    assert_eq!(page.status, 200, "{page:?}");
    let origin = format!("http://{}", world.host(SESSION));
    assert!(page.body.contains(&format!("action=\"{origin}/.skyport/open\"")), "{page:?}");
    assert!(page.body.contains("method=\"post\"") && page.body.contains("<button>"), "{page:?}");
    let policy = page.header("content-security-policy");
    assert!(policy.contains(&format!("form-action {origin};")) && !policy.contains("'self'"), "{policy}");
    let nonce = policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap();
    assert!(page.body.contains(&format!("<script nonce=\"{nonce}\">")), "{page:?}");
    assert_eq!(page.header("referrer-policy"), "strict-origin", "so that the form says whence it comes");
    assert_eq!(page.header("cache-control"), "no-store");

    let (_, secret) = page.hidden_fields().remove(0);
    let mut guest = world.guest(SESSION);
    let answer = guest.trade(&secret).await;
    assert_eq!((answer.status, answer.location()), (303, "/lab/tree"), "{answer:?}");
    let cookies = answer.set_cookies();
    assert_eq!(cookies.len(), 1, "{answer:?}");
    for part in ["skyport-session=", "; HttpOnly", "; SameSite=Lax", "; Path=/"] {
        assert!(cookies[0].contains(part), "{part} in {cookies:?}");
    }
    assert!(!cookies[0].contains("Domain"), "{cookies:?}");
    assert_eq!(guest.get("/lab/tree").await.body, "the lab");
    let told = world.texts("SELECT what FROM session_events").await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].starts_with("Opened by "), "{told:?}");
    assert_eq!(world.texts("SELECT id FROM sessions WHERE last_used_us IS NOT NULL").await, [SESSION]);

    // Only hashes are kept.
    let kept = world.texts("SELECT hash FROM session_accesses").await;
    assert!(!guest.cookie.contains(&kept[0]) && !kept[0].is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ticket_is_good_once_for_a_minute_at_its_session_and_from_the_portal() {
    let mut world = World::new().await;
    let user = world.user("operator").await;
    let other = "anothersessionsession234";
    world.add_session(other, &user, Some(&world.interface.to_string())).await;

    let first = ticket(&mut world.owner, SESSION).await;
    let mut wrong = world.guest(other);
    assert_eq!(wrong.trade(&first).await.status, 401, "it is another session's");
    for origin in ["http://evil.example", "null", &wrong.origin.clone()] {
        let foreign = world.guest(SESSION).trading(&first, origin);
        assert_eq!(read(foreign).await.status, 403, "from {origin}");
    }
    let two = world.guest(SESSION).trading(&first, &world.portal.skyport.origin);
    assert_eq!(read(two.header("origin", "http://evil.example")).await.status, 403, "from two");
    let silent = world.guest(SESSION).request(Method::POST, "/.skyport/open").form(&[("ticket", &first)]);
    assert_eq!(read(silent).await.status, 403, "from nowhere");
    let mut guest = world.guest(SESSION);
    assert_eq!(guest.trade(&first).await.status, 303, "nothing of that used it up");
    let again = world.guest(SESSION).trade(&first).await;
    assert_eq!(again.status, 401, "{again:?}");
    assert!(again.set_cookies().is_empty());
    assert!(again.body.contains(&format!("{}/sessions/{SESSION}", world.portal.skyport.origin)), "{again:?}");

    let late = ticket(&mut world.owner, SESSION).await;
    world.portal.clock.forward(61);
    assert_eq!(world.guest(SESSION).trade(&late).await.status, 401);
    for nonsense in ["", "x", &"x".repeat(5000)] {
        assert_eq!(world.guest(SESSION).trade(nonsense).await.status, 401);
    }
    // Whoever is in already stays in as they are: their other tabs go on.
    let second = ticket(&mut world.owner, SESSION).await;
    let answer = guest.trade(&second).await;
    assert_eq!((answer.status, answer.set_cookies().len()), (303, 0), "{answer:?}");
    assert_eq!(guest.get("/lab/tree").await.status, 200);
    assert_eq!(world.portal.count("session_accesses").await, 1);
    assert_eq!(world.guest(SESSION).get("/.skyport/open").await.status, 401);
    assert_eq!(guest.get("/.skyport/other").await.status, 404, "it is not the session's");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn others_come_in_where_it_is_shared_with_them_and_nobody_else_does() {
    let mut world = World::new().await;
    let mut other = world.portal.browser();
    other.sign_in("astronomer").await;
    let address = format!("/sessions/{SESSION}/open");
    assert_eq!(other.post(&address, &[]).await.status, 404);
    assert_eq!(other.post("/sessions/nothing/open", &[]).await.status, 404);
    assert_eq!(world.portal.browser().post(&address, &[]).await.status, 401);
    let forged =
        world.owner.send(Method::POST, &address, &[("origin", "https://evil.example")], Some(&[])).await;
    assert_eq!(forged.status, 403, "{forged:?}");
    assert_eq!(world.owner.get(&address).await.status, 405);

    // Another's cookie opens nothing, nor does the right one elsewhere.
    let mine = world.open().await;
    let user = world.user("astronomer").await;
    let theirs = "theirsessionsession23456";
    world.add_session(theirs, &user, Some(&world.interface.to_string())).await;
    let mut guest = world.guest(theirs);
    guest.cookie.clone_from(&mine.cookie);
    assert_eq!(guest.get("/").await.status, 401);

    world.share(&user, true).await;
    let shared = world.open_as(&mut other, SESSION).await;
    assert_eq!(shared.get("/lab/tree").await.status, 200);
    assert_eq!(world.portal.count("session_events").await, 2, "each who came in is written down");
    world.change("DELETE FROM session_shares").await;
    world.portal.skyport.opening.forget(SESSION);
    assert_eq!(shared.get("/lab/tree").await.status, 401, "from this moment on");
    assert_eq!(mine.get("/lab/tree").await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_has_no_interface_now_says_so() {
    let mut world = World::new().await;
    let address = format!("/sessions/{SESSION}/open");
    for (change, says) in [
        ("UPDATE sessions SET state = 'starting', address = NULL", "does not answer now"),
        ("UPDATE sessions SET state = 'ended'", "over"),
        ("UPDATE sessions SET software = '{\"name\":\"batch\"}'", "no interface"),
    ] {
        world.change(change).await;
        let answer = world.owner.post(&address, &[]).await;
        assert_eq!(answer.status, 409, "{change}: {answer:?}");
        assert!(answer.body.contains(says), "{change}: {answer:?}");
    }
    assert_eq!(world.portal.count("session_tickets").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_portal_without_a_domain_says_what_to_configure() {
    let portal = crate::support::portal::Portal::start(|config| {
        config.server.public_url = "https://portal.example.org".to_owned();
        config.sign_in.demo = Some(false);
        config.sign_in.providers.insert(
            "x".to_owned(),
            serde_json::from_str(
                r#"{"name":"X","issuer":"https://idp.example.org","client_id":"a","client_secret":"b"}"#,
            )
            .unwrap(),
        );
    })
    .await;
    let db = &portal.skyport.db;
    for text in [
        "INSERT INTO users (id, issuer, subject, name, user_groups, created_us) VALUES ('u', 'i', 's', 'n', '[]', 0)",
        "INSERT INTO sign_ins (id, secret_hash, user_id, provider, user_agent, since_us, last_seen_us, ends_us) \
         VALUES ('s', 'M-Mtu4nwQiQCvMqrqt7ifKoMM3xJpTzFfCx1nL-_gHo', 'u', 'x', '', 0, 9000000000000000, 9000000000000000)",
        "INSERT INTO sessions (id, owner, booking, site, node, title, kind, software, resources, state, since_us, \
         asked_us, address) VALUES ('abc', 'u', 'b', 'h', 'a', 't', 'notebook', '{\"interface\":{}}', '{}', 'running', 0, 0, '127.0.0.1:1')",
    ] {
        sqlx::query(text).execute(db).await.unwrap();
    }
    let secret = "a-secret-of-the-test";
    sqlx::query("UPDATE sign_ins SET secret_hash = $1")
        .bind(skyport::ids::hash_secret(secret))
        .execute(db)
        .await
        .unwrap();
    let mut browser = portal.browser();
    browser.cookies.insert("__Host-skyport".to_owned(), secret.to_owned());
    let answer = browser.post("/sessions/abc/open", &[]).await;
    assert_eq!(answer.status, 503, "{answer:?}");
    assert!(answer.body.contains("[sessions] domain"), "{answer:?}");
    // And `localhost` is nobody's there.
    let here = browser.send(Method::GET, "/healthz", &[("host", "abc.localhost")], None).await;
    assert_eq!(here.status, 200, "{here:?}");
}
