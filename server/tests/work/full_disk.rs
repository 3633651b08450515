//! A disk without room: said clearly, and the portal goes on. The process may write no file beyond 8 MiB, which the
//! system refuses in the same place as a full disk.

use crate::asking_world::{ask, asked, files_in, over};
use crate::slow_tap::SlowTap;
use crate::support::process::{Home, Process};
use std::process::Command;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_result_that_does_not_fit() {
    let tap = SlowTap::start().await;
    let home = Home::new(&tap.url, "[queries]\nrows_visitor = 1000000\n");
    let mut command = Command::new("sh");
    let script = "trap '' XFSZ; ulimit -f 16384; exec \"$@\"";
    command.args(["-c", script, "sh", env!("CARGO_BIN_EXE_skyport"), "serve", "--config"]).arg(home.config());
    let process = Process::start(command, home.folder.path());
    let mut browser = process.browser();
    let id = ask(&mut browser, "slow", "SELECT * FROM noise").await;
    let view = over(&mut browser, &id).await;
    assert_eq!((&view["state"], &view["has_result"]), (&"Failed".into(), &false.into()), "{view:#}");
    assert!(
        view["reason"].as_str().unwrap().starts_with("The disk of this Skyport is full"),
        "{view:#}\n{}",
        home.log()
    );
    assert!(!home.log().contains("panicked"), "{}", home.log());
    let (_, view) = asked(&mut browser, "slow", "SELECT * FROM quick").await;
    assert_eq!(view["rows"], 3, "the portal goes on");
    crate::asking_world::until("nothing half written is left", || async {
        files_in(&home.data().join("results")).len() == 1
    })
    .await;
    assert_eq!(process.terminate().code(), Some(0));
}
