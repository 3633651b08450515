//! Machines outlive the process that started them, whatever ends it.

use crate::place::{Place, images};
use qemu::Power;
use std::io::{BufRead as _, BufReader};
use std::os::unix::process::CommandExt as _;
use std::process::{Command, Stdio};

#[tokio::test]
async fn machines_go_on_when_their_starter_is_killed_with_its_group_and_are_found_again() {
    let place = Place::new();
    let ids = ["ccccccccccccccccccccccc1", "ccccccccccccccccccccccc2"];
    // target/debug/deps/machines-… and target/debug/examples/keep.
    let own = std::env::current_exe().unwrap();
    let keep = own.parent().and_then(|deps| deps.parent()).unwrap().join("examples/keep");
    assert!(keep.is_file(), "{} is not built: run `cargo test -p qemu` without --test", keep.display());
    let mut starter = Command::new(keep)
        .arg(place.machines())
        .arg(images())
        .args([&place.settings.addresses.first.to_string(), &place.public_key])
        .args(ids)
        .process_group(0)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(starter.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, "started\n");
    let group = format!("-{}", starter.id());
    assert!(Command::new("kill").args(["-KILL", "--", &group]).status().unwrap().success());
    starter.wait().unwrap();

    let found = place.host.list().await.unwrap();
    assert_eq!(found.iter().map(|seen| seen.id.as_str()).collect::<Vec<_>>(), ids);
    assert!(found.iter().all(|seen| seen.power == Power::Running), "{found:?}");
    // They are not only there: they come up, and they obey.
    let seen = place.ready(ids[0]).await;
    let said = place.ssh(&seen, &seen.host_keys[0], "hostname").await;
    assert_eq!(String::from_utf8_lossy(&said.stdout), "kept\n", "{said:?}");
    for id in ids {
        place.host.delete(id).await.unwrap();
        assert_eq!(place.processes(id), Vec::<i32>::new());
    }
    assert_eq!(place.left(), Vec::<String>::new());
}
