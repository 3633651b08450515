//! What `skyport check` says of the sites of servers, and that it leaves nothing behind.

use crate::killed::home;
use crate::support::process::Home;

fn said(home: &Home, change: impl FnOnce(&mut std::process::Command)) -> (bool, String) {
    let mut command = home.command("check");
    change(&mut command);
    let output = command.output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let of_servers = text.lines().filter(|line| line.contains("servers ")).map(|line| format!("{line}\n"));
    (output.status.success(), of_servers.collect())
}

#[test]
fn images_emulation_and_room_are_said() {
    let home = home(7, "");
    let (good, text) = said(&home, |command| {
        command.env("SKYPORT_SERVERS__LOCAL__DISK_GIB", "1");
    });
    for words in
        ["ok       servers local: images at", "Debian", "emulated", "GiB of disk at", "1 GiB together"]
    {
        assert!(text.contains(words), "{words} in {text}");
    }
    assert!(good && !text.contains("warning"), "{text}");
    assert!(!home.data().exists(), "it only looks");
}

#[test]
fn what_is_missing_is_said_with_what_to_do() {
    let none = tempfile::tempdir().unwrap();
    let home = home(7, "");
    let (good, text) = said(&home, |command| {
        command.env("SKYPORT_SERVERS__LOCAL__IMAGES_FOLDER", none.path().join("nothing"));
        command.env("SKYPORT_SERVERS__LOCAL__DISK_GIB", "1000000");
    });
    for words in [
        "warning  servers local: there is no image",
        "skyport images build debian",
        "lower servers.local.disk_gib",
    ] {
        assert!(text.contains(words), "{words} in {text}");
    }
    assert!(good, "the rest of Skyport works: {text}");

    let (good, text) = said(&home, |command| {
        command.env("PATH", none.path());
    });
    for words in
        ["qemu-system-x86_64 is missing", "apt-get install qemu-system-x86", "servers.local.enabled = false"]
    {
        assert!(text.contains(words), "{words} in {text}");
    }
    assert!(good, "{text}");
    assert!(!home.data().exists(), "it only looks");
}
