//! Batch runs: a command with its environment, to its end; its exit code, and what it leaves to be downloaded.

use crate::engine::Bed;
use crate::world::{booking, log, person, portal, reach, run};
use serde_json::{Value, json};

fn script(text: &str) -> Value {
    json!({ "command": format!("/bin/sh\n-c\n{text}"), "environment": "WHAT=rows and columns" })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_it_leaves_is_downloaded_and_nothing_else() {
    let bed = Bed::shared().await;
    let portal = portal(bed, None, |_| {}).await;
    let mut browser = person(&portal, "astronomer").await;
    let text = "mkdir $SKYPORT_OUTPUT/a; echo $WHAT > /home/user/output/a/b.txt; ln -s /etc/passwd $SKYPORT_OUTPUT/link; \
                ln -s / $SKYPORT_OUTPUT/all; mkfifo $SKYPORT_OUTPUT/pipe; echo kept > /home/user/mine; \
                cat /data/manifest.json > $SKYPORT_OUTPUT/list; touch /data/x || echo read alone";
    let id = run(&mut browser, "shell", &script(text)).await;
    let view = reach(&mut browser, &id, "Ended").await;
    assert_eq!(
        (&view["item"]["end"], &view["item"]["exit_code"]),
        (&json!("Finished"), &json!(0)),
        "{view:#}"
    );
    // Two streams have no order between them.
    assert!(log(&mut browser, &id).await.contains("read alone\n"));
    let names: Vec<_> = view["output"].as_array().unwrap().iter().map(|file| file["name"].clone()).collect();
    assert_eq!(names, ["a/b.txt", "list"], "{view:#}");
    let file = browser.get(&format!("/sessions/{id}/output/a/b.txt")).await;
    assert_eq!((file.status, file.body.as_str()), (200, "rows and columns\n"));
    assert!(file.header("content-disposition").starts_with("attachment;"), "{file:?}");
    for other in ["link", "all/etc/passwd", "pipe", "a", "a/%2e%2e%2f%2e%2e%2flog", "not-there"] {
        let answer = browser.get(&format!("/sessions/{id}/output/{other}")).await;
        assert_eq!(answer.status, 404, "{other}: {answer:?}");
    }
    assert_eq!(booking(&mut browser, &view).await, "Over");
    assert_eq!(view["again"]["command"], script(text)["command"], "to be run again: {view:#}");

    // The home stays, the output is each run's own; a code that is not 0 is said.
    let id = run(&mut browser, "shell", &script("cat /home/user/mine; ls /home/user/output; exit 4")).await;
    let view = reach(&mut browser, &id, "Ended").await;
    assert_eq!(
        (&view["item"]["end"], &view["item"]["exit_code"]),
        (&json!("Crashed"), &json!(4)),
        "{view:#}"
    );
    assert_eq!(log(&mut browser, &id).await, "kept\n");
    assert_eq!(view["output"], json!([]));
    portal.stop().await;
}
