//! What must hold on every page, in every world.

use crate::fakes::{HOSTILE, World};
use crate::render::get;
use app::App;
use leptos::prelude::*;
use leptos_router::location::RequestUrl;

const PAGES: [&str; 48] = [
    "/",
    "/datasets",
    "/datasets?q=stars",
    "/datasets/local",
    "/datasets/local?table=sky.stars",
    "/datasets/query",
    "/queries",
    "/queries/q1",
    "/basket",
    "/basket?offset=50",
    "/keys",
    "/servers",
    "/servers?offset=50",
    "/servers/new",
    "/servers/new?site=private",
    "/servers/new?site=cesga",
    "/servers/creating",
    "/servers/ready?ask=delete",
    "/servers/failed",
    "/software",
    "/software?q=topcat&kind=desktop",
    "/software/notebook",
    "/software/mine",
    "/software/new",
    "/software/new?change=mine",
    "/plan",
    "/plan?software=notebook",
    "/plan?software=hostile&when=within",
    "/plan?software=batch&command=a%0Ab",
    "/plan?software=nothing&cores=210",
    "/bookings",
    "/bookings/held",
    "/bookings/booked",
    "/bookings/running",
    "/bookings/spread",
    "/bookings/expired",
    "/sessions",
    "/sessions?offset=50",
    "/sessions/running?ask=end",
    "/sessions/soon",
    "/sessions/shared",
    "/sessions/preparing",
    "/sessions/finished",
    "/sessions/out-of-memory",
    "/sign-in",
    "/account",
    "/no/such/page",
    "/datasets/nobody",
];
const WORLDS: [World; 4] = [World::FULL, World::EMPTY, World::VISITOR, World::BROKEN];

#[tokio::test]
async fn each_has_one_heading_a_title_and_a_main() {
    for world in WORLDS {
        for address in PAGES {
            let page = get(world, address).await;
            let headings = page.headings();
            assert_eq!(headings.len(), 1, "{address} in {world:?}: {headings:?}");
            assert_ne!(headings[0].trim(), "", "{address} in {world:?}");
            assert_eq!(page.html.matches("<main").count(), 1, "{address}");
            assert!(page.html.contains(" · Skyport</title>"), "{address} in {world:?} has no title");
            assert!(page.html.contains("class=\"skip\""), "{address}");
        }
    }
}

#[tokio::test]
async fn none_has_inline_styles_or_handlers_or_foreign_addresses() {
    for world in WORLDS {
        for address in PAGES {
            let html = get(world, address).await.html;
            for forbidden in
                [" style=\"", "<style", " onclick=", " onload=", "javascript:", "src=\"http", "@import"]
            {
                assert!(!html.contains(forbidden), "{address} in {world:?} contains {forbidden}");
            }
        }
    }
}

/// Scripts stand with a nonce or not at all, so what a user wrote can never be one.
#[tokio::test]
async fn hostile_texts_stay_texts() {
    let mut seen = 0;
    for world in WORLDS {
        for address in PAGES {
            let html = get(world, address).await.html;
            assert!(!html.contains("<script>"), "{address} in {world:?} has a script without a nonce");
            assert!(!html.contains(HOSTILE), "{address} in {world:?} has the hostile text as it is");
            seen += html.matches("&lt;script&gt;").count();
        }
    }
    assert!(seen > 20, "the hostile text was shown {seen} times: the fakes no longer hold it");
}

#[tokio::test]
async fn ids_are_used_once() {
    for world in WORLDS {
        for address in PAGES {
            let html = get(world, address).await.html;
            let mut ids: Vec<_> =
                html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
            ids.sort_unstable();
            let twice: Vec<_> =
                ids.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
            assert!(twice.is_empty(), "{address} in {world:?}: {twice:?}");
        }
    }
}

#[tokio::test]
async fn every_control_has_a_label() {
    for address in PAGES {
        let html = get(World::FULL, address).await.html;
        for tag in ["<input", "<select", "<textarea"] {
            for (at, _) in html.match_indices(tag) {
                let control = html[at..].split('>').next().unwrap_or_default();
                let wrapped = html[..at].rfind("<label") > html[..at].rfind("</label>");
                if wrapped || control.contains("type=\"hidden\"") || control.contains("aria-label=") {
                    continue;
                }
                let id = control.split(" id=\"").nth(1).and_then(|rest| rest.split('"').next());
                let id = id.unwrap_or_else(|| panic!("{address}: a control without id or label: {control}"));
                assert!(html.contains(&format!(" for=\"{id}\"")), "{address}: nothing labels {id}");
            }
        }
    }
}

/// In the browser a page shows its heading at once and a word until its data is there.
#[tokio::test]
async fn pages_wait_with_a_word() {
    for address in [
        "/datasets",
        "/basket",
        "/keys",
        "/servers",
        "/servers/new",
        "/software",
        "/plan",
        "/bookings",
        "/sessions",
        "/account",
        "/",
    ] {
        let html = crate::parts::html(|| {
            provide_context(RequestUrl::new(address));
            provide_context(World::FULL.caller());
            provide_context(World::FULL.ports());
            view! { <App/> }
        });
        assert!(html.contains("class=\"loading\">Loading…<"), "{address}: {html}");
    }
}

#[tokio::test]
async fn statuses_say_what_happened() {
    for (world, address, status) in [
        (World::FULL, "/", 200),
        (World::VISITOR, "/basket", 200),
        (World::FULL, "/no/such/page", 404),
        (World::FULL, "/datasets/nobody", 404),
        (World::FULL, "/datasets/local?table=no.such", 404),
        (World::FULL, "/datasets/gaia", 502),
        (World::BROKEN, "/", 503),
        (World::BROKEN, "/datasets", 503),
        (World::BROKEN, "/datasets/local", 503),
        (World::BROKEN, "/basket", 503),
        (World::BROKEN, "/keys", 503),
        (World::VISITOR, "/servers", 200),
        (World::FULL, "/servers/nobodys", 404),
        (World::BROKEN, "/servers", 503),
        (World::BROKEN, "/servers/new", 503),
        (World::BROKEN, "/servers/ready", 503),
        (World::VISITOR, "/software", 200),
        (World::VISITOR, "/software/mine", 404),
        (World::BROKEN, "/software", 503),
        (World::BROKEN, "/software/notebook", 503),
        (World::VISITOR, "/plan", 200),
        (World::VISITOR, "/bookings", 200),
        (World::VISITOR, "/bookings/held", 401),
        (World::FULL, "/bookings/nobodys", 404),
        (World::VISITOR, "/sessions", 200),
        (World::VISITOR, "/sessions/running", 401),
        (World::FULL, "/sessions/nobodys", 404),
        (World::BROKEN, "/plan", 503),
        (World::BROKEN, "/bookings", 503),
        (World::BROKEN, "/bookings/held", 503),
        (World::BROKEN, "/sessions", 503),
        (World::BROKEN, "/sessions/running", 503),
        (World::BROKEN, "/sign-in", 503),
        (World::BROKEN, "/account", 503),
    ] {
        assert_eq!(get(world, address).await.status, status, "{address} in {world:?}");
    }
}
