//! Pages of other origins, and what is said where nothing is to be had.

use crate::support::browser::read;
use crate::world::{SESSION, World};
use reqwest::Method;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_sessions_page_reaches_nothing_with_this_ones_cookie() {
    let mut world = World::new().await;
    let guest = world.open().await;
    let neighbour = format!("http://{}", world.host("anothersessionsession234"));
    assert_eq!(guest.socket(&neighbour).await.unwrap_err(), 403);
    assert!(guest.socket(&guest.origin).await.is_ok());
    let same_site = |method: Method, headers: &[(&str, &str)]| {
        let mut request = guest.request(method, "/").header("sec-fetch-site", "same-site");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request
    };
    let navigate = ("sec-fetch-mode", "navigate");
    assert_eq!(read(same_site(Method::GET, &[("sec-fetch-mode", "no-cors")])).await.status, 403);
    assert_eq!(read(same_site(Method::GET, &[navigate, ("sec-fetch-dest", "iframe")])).await.status, 403);
    assert_eq!(read(same_site(Method::POST, &[("origin", &neighbour)])).await.status, 403);
    let link = read(same_site(Method::GET, &[navigate, ("sec-fetch-dest", "document")])).await;
    assert_eq!(link.status, 200, "a link leads there");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_no_is_a_page_with_a_way_on() {
    let mut world = World::new().await;
    let guest = world.open().await;
    let nobody = world.guest(SESSION);
    let page = nobody.page("/lab/tree?token=x").await;
    assert_eq!(page.status, 401, "{page:?}");
    assert_eq!(page.link(), format!("{}/sessions/{SESSION}", world.portal.skyport.origin));
    assert!(
        page.header("content-type").starts_with("text/html") && !page.body.contains("refresh"),
        "{page:?}"
    );
    assert!(page.header("content-security-policy").contains("default-src 'none'"), "{page:?}");
    assert_eq!(page.header("cache-control"), "no-store");
    // Whether there is such a session is not told.
    let other = world.guest("nobodyssessionsession234");
    let nothing = other.page("/lab/tree?token=x").await;
    assert_eq!(nothing.body.replace("nobodyssessionsession234", SESSION), page.body);
    let mut forged = world.guest(SESSION);
    forged.cookie = "skyport-session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".to_owned();
    assert_eq!(forged.page("/lab/tree?token=x").await.body, page.body);
    // A cookie that a neighbour set in front of the right one does not lock anybody out.
    let mut tossed = guest.clone();
    tossed.cookie = format!("{}; {}", forged.cookie, guest.cookie);
    assert_eq!(tossed.get("/lab/tree").await.status, 200);

    for (change, status, again) in [
        ("UPDATE sessions SET address = '127.0.0.1:1'", 503, true),
        ("UPDATE sessions SET address = NULL", 503, true),
        ("UPDATE sessions SET state = 'starting'", 503, true),
        ("UPDATE sessions SET state = 'ended'", 410, false),
    ] {
        world.change(change).await;
        world.portal.skyport.opening.forget(SESSION);
        let page = guest.page("/lab/tree").await;
        assert_eq!(page.status, status, "{change}: {page:?}");
        assert_eq!(page.link(), format!("{}/sessions/{SESSION}", world.portal.skyport.origin), "{change}");
        assert_eq!(page.body.contains("http-equiv=\"refresh\""), again, "{change}: {page:?}");
        let plain = guest.get("/api/kernels").await;
        assert_eq!(plain.status, status, "{change}: {plain:?}");
        assert!(plain.header("content-type").starts_with("text/plain"), "{change}: {plain:?}");
    }
    world.change("DELETE FROM sessions").await;
    world.portal.skyport.opening.forget(SESSION);
    assert_eq!(guest.page("/lab/tree?token=x").await.body, page.body, "its access went with it");
}
