//! Never two processes of one machine, wherever its starter was killed.

use crate::place::{Place, images, until};
use qemu::Power;
use std::fs;
use std::os::unix::process::CommandExt as _;
use std::process::{Command, Stdio};
use std::time::Duration;

const ID: &str = "888888888888888888888881";

/// What a starter leaves that was killed right after it began the process: no number of it, and no monitor yet.
#[tokio::test]
async fn a_process_that_nobody_wrote_down_is_not_begun_twice() {
    let place = Place::new();
    place.host.create(ID, &place.tiny()).await.unwrap();
    place.host.start(ID).await.unwrap();
    let pids = place.processes(ID);
    assert_eq!(pids.len(), 1);
    let folder = place.machines().join(ID);
    let run = fs::read_to_string(folder.join("run.json")).unwrap();
    let unknown = run.replace(&format!("\"pid\": {}", pids[0]), "\"pid\": null");
    assert_ne!(run, unknown);
    fs::write(folder.join("run.json"), unknown).unwrap();
    fs::rename(folder.join("qmp.sock"), folder.join("away")).unwrap();
    fs::remove_file(folder.join("pid")).unwrap();

    assert_eq!(place.seen(ID).await.power, Power::Silent);
    place.host.start(ID).await.unwrap();
    assert_eq!(place.processes(ID), pids, "the one that there was");
    // Its monitor comes.
    fs::rename(folder.join("away"), folder.join("qmp.sock")).unwrap();
    assert_eq!(place.seen(ID).await.power, Power::Running);
    // Or never does: it is ended with the machine.
    fs::remove_file(folder.join("qmp.sock")).unwrap();
    place.host.delete(ID).await.unwrap();
    assert_eq!((place.left(), place.everything()), (vec![], vec![]));
}

#[tokio::test]
async fn a_starter_that_is_killed_at_any_moment_leaves_one_or_none() {
    let place = Place::new();
    let own = std::env::current_exe().unwrap();
    let keep = own.parent().and_then(|deps| deps.parent()).unwrap().join("examples/keep");
    let folder = place.machines().join(ID);
    for delay_us in [0, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 64_000] {
        let mut starter = Command::new(&keep)
            .arg(place.machines())
            .arg(images())
            .args([&place.settings.addresses.first.to_string(), &place.public_key, ID])
            .process_group(0)
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        // Written just before the process is begun.
        until("begun", || async { folder.join("run.json").exists().then_some(()) }).await;
        tokio::time::sleep(Duration::from_micros(delay_us)).await;
        starter.kill().unwrap();
        starter.wait().unwrap();

        place.host.start(ID).await.unwrap();
        until("running", || async { (place.seen(ID).await.power == Power::Running).then_some(()) }).await;
        assert_eq!(place.processes(ID).len(), 1, "killed after {delay_us} us");
        place.host.delete(ID).await.unwrap();
        assert_eq!((place.left(), place.everything()), (vec![], vec![]), "killed after {delay_us} us");
    }
}
