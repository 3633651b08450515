//! `kill -9` of the real portal at every step of a session: started again, it ends with exactly one container or none.

use crate::engine::Bed;
use crate::support::browser::Browser;
use crate::support::process::{Home, Process};
use crate::world::{at_engine, booking, end, log, reach, run, site, write_software};
use serde_json::json;

fn home(bed: &Bed) -> Home {
    let home = Home::new("http://127.0.0.1:9/tap", "");
    let software = home.folder.path().join("software");
    write_software(&software, bed);
    let more = format!(
        "[software]\ndefault_catalogue = false\nfolder = \"{}\"\n\n[servers.local]\nenabled = false\n\n\
         [sessions]\nreconcile_s = 1\nend_s = 1\nper_user = 50\n\n[sites.here]\n{}",
        software.display(),
        site(bed)
    );
    let text = std::fs::read_to_string(home.config()).unwrap();
    std::fs::write(home.config(), format!("{text}{more}")).unwrap();
    home
}

/// The same person's browser at the portal that was started again.
fn at(portal: &Process, browser: &Browser) -> Browser {
    let mut there = portal.browser();
    there.cookies = browser.cookies.clone();
    there
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn at_every_step_of_running_and_ending() {
    let bed = Bed::shared().await;
    let home = home(bed);
    let mut portal = home.serve();
    let mut browser = portal.browser();
    browser.sign_in("astronomer").await;
    let running = ["wait", "data", "image", "start", "ready"];
    let ending = ["stop", "log", "remove", "data-back", "book-back"];
    for (first, second) in running.into_iter().zip(ending) {
        let id = run(&mut browser, "told", &json!({})).await;
        home.step_begun(&id, "run", first).await;
        portal.kill();
        portal = home.serve();
        browser = at(&portal, &browser);
        let view = reach(&mut browser, &id, "Running").await;
        assert_eq!(at_engine(bed, &id).await.len(), 1, "{first}: {view:#}");
        assert_eq!(booking(&mut browser, &view).await, "Running", "{first}");

        assert_eq!(end(&mut browser, &id).await.status, 200);
        home.step_begun(&id, "end", second).await;
        portal.kill();
        portal = home.serve();
        browser = at(&portal, &browser);
        let view = reach(&mut browser, &id, "Ended").await;
        assert_eq!(view["item"]["end"], "StoppedByOwner", "{second}: {view:#}");
        assert_eq!(at_engine(bed, &id).await, [], "{second}");
        assert_eq!(booking(&mut browser, &view).await, "Over", "{second}");
        assert_eq!(log(&mut browser, &id).await, "it serves\n", "{second}");
        let ended = view["events"].to_string().matches("ended by its owner").count();
        assert_eq!(ended, 1, "{second}: {view:#}");
    }
    portal.terminate();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn at_every_step_of_the_undoing() {
    let bed = Bed::shared().await;
    let home = home(bed);
    let mut portal = home.serve();
    let mut browser = portal.browser();
    browser.sign_in("astronomer").await;
    // Undone from the last step, which is the fifth, to the first.
    for position in (0..5).rev() {
        let id = run(&mut browser, "silent", &json!({})).await;
        home.step_begun(&id, "run", "ready").await;
        assert_eq!(end(&mut browser, &id).await.status, 200);
        home.undo_begun(&id, "run", position).await;
        portal.kill();
        portal = home.serve();
        browser = at(&portal, &browser);
        let view = reach(&mut browser, &id, "Ended").await;
        assert_eq!(view["item"]["end"], "StoppedByOwner", "{position}: {view:#}");
        assert_eq!(at_engine(bed, &id).await, [], "{position}");
        assert_eq!(booking(&mut browser, &view).await, "Over", "{position}");
    }
    portal.terminate();
}
