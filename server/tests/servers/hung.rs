//! A machine whose process stands still: the page says it, stopping and deleting it come to an end, also when the portal is
//! killed in the middle.

use crate::killed::{Guard, Person, at, folders, home, machines_of};
use crate::world::{act, reach, show, until};
use std::process::Command;
use tokio::sync::Mutex;

fn stand_still(id: &str) {
    let pids = machines_of(id);
    assert_eq!(pids.len(), 1, "{pids:?}");
    assert!(Command::new("kill").args(["-STOP", &pids[0]]).status().unwrap().success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn is_said_stopped_and_deleted() {
    let home = home(8, "shut_down_s = 2");
    let mut portal = home.serve();
    let mut person = Person::at(&portal).await;
    let id = person.ask(1, "still").await;
    let _guard = Guard(vec![id.clone()]);
    reach(&mut person.browser, &id, "Ready").await;

    stand_still(&id);
    let browser = Mutex::new(person.browser.clone());
    until("it is said", || async {
        let view = show(&mut *browser.lock().await, &id).await;
        view["item"]["now"].as_str().is_some_and(|now| now.contains("does not answer"))
    })
    .await;
    // It does not hear its power button, and the portal that pressed it is killed.
    assert_eq!(act(&mut person.browser, &id, "Stop", "").await.status, 200);
    home.step_begun(&id, "stop", "is-off").await;
    portal.kill();
    portal = home.serve();
    person.browser = at(&portal, &person.browser);
    reach(&mut person.browser, &id, "Stopped").await;
    assert_eq!((machines_of(&id), folders(&home).len()), (vec![], 1));

    assert_eq!(act(&mut person.browser, &id, "Start", "").await.status, 200);
    reach(&mut person.browser, &id, "Ready").await;
    stand_still(&id);
    assert_eq!(act(&mut person.browser, &id, "Delete", "still").await.status, 200);
    reach(&mut person.browser, &id, "Deleted").await;
    assert_eq!((machines_of(&id), folders(&home)), (vec![], vec![]));
    portal.terminate();
}
