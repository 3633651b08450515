//! One machine from its making to its removal.

use crate::place::{PATIENCE, Place, until};
use qemu::{OffReason, Power, PoweredDown, probe_ssh};
use std::net::TcpListener;
use std::process::Command;
use std::time::Duration;

const ID: &str = "aaaaaaaaaaaaaaaaaaaaaaa1";

#[tokio::test]
async fn a_machine_is_made_started_reached_restarted_stopped_and_removed() {
    let place = Place::new();
    let made = place.host.create(ID, &place.tiny()).await.unwrap();
    assert_eq!(place.host.create(ID, &place.tiny()).await.unwrap(), made, "made once");
    assert!(place.settings.addresses.first <= made.address && made.address <= place.settings.addresses.last);
    let new = place.seen(ID).await;
    assert_eq!(new.power, Power::Off { reason: OffReason::NeverStarted });
    assert_eq!(new.labels["operation"], "op-1");

    place.host.start(ID).await.unwrap();
    let pid = place.seen(ID).await.pid.expect("a process");
    place.host.start(ID).await.unwrap();
    assert_eq!(place.processes(ID), [pid], "started once");
    let seen = place.ready(ID).await;
    assert_eq!(seen.power, Power::Running);
    // The console shows the key without its comment or with it; the key itself is what counts.
    let key = |line: &str| line.split(' ').nth(1).map(str::to_owned);
    assert_eq!(seen.host_keys.len(), 1);
    assert_eq!(key(&seen.host_keys[0]), key(&made.host_key));

    let banner = probe_ssh(seen.address, seen.port.unwrap(), PATIENCE).await.unwrap();
    assert!(banner.starts_with("SSH-2.0-dropbear"), "{banner}");
    let answer = place.ssh(&seen, &made.host_key, "uname -a; hostname").await;
    let text = String::from_utf8_lossy(&answer.stdout).into_owned();
    assert!(answer.status.success() && text.starts_with("Linux tiny-one "), "{answer:?}");
    let wrong = place.ssh(&seen, &place.public_key, "true").await;
    assert!(!wrong.status.success(), "another host key is not accepted");

    // A service of this machine, at the address under which plain user networking would show it to the guest.
    let own = TcpListener::bind("127.0.0.1:0").unwrap();
    own.set_nonblocking(true).unwrap();
    let port = own.local_addr().unwrap().port();
    for address in ["10.0.2.2", "10.0.2.3", "127.0.0.1"] {
        let reach = format!("echo hello | timeout 3 nc -w 2 {address} {port}");
        assert!(!place.ssh(&seen, &made.host_key, &reach).await.status.success(), "{address} answered");
    }
    assert!(own.accept().is_err(), "nothing arrived here");
    let inside = "nc -l -p 9009 </dev/null & sleep 1; echo hello | timeout 3 nc -w 2 127.0.0.1 9009";
    let inside = place.ssh(&seen, &made.host_key, inside).await;
    assert!(inside.status.success(), "the guest's own nc works: {inside:?}");

    place.host.reset(ID).await.unwrap();
    assert_eq!(place.seen(ID).await.ready, None, "the last start's marker does not count");
    place.ready(ID).await;
    assert_eq!(place.seen(ID).await.pid, Some(pid), "the same process");

    assert_eq!(place.host.power_down(ID, PATIENCE).await.unwrap(), PoweredDown::Properly);
    assert_eq!(place.seen(ID).await.power, Power::Off { reason: OffReason::AskedTo });
    assert!(place.host.console(ID, 65536).await.unwrap().contains("SKYPORT-READY"));
    assert_eq!(place.host.power_down(ID, PATIENCE).await.unwrap(), PoweredDown::Properly, "repeated");
    place.host.delete(ID).await.unwrap();
    place.host.delete(ID).await.unwrap();
    assert_eq!(place.host.look(ID).await.unwrap(), None);
    assert_eq!((place.left(), place.processes(ID)), (vec![], vec![]));
}

#[tokio::test]
async fn each_way_of_going_off_has_its_reason() {
    let place = Place::new();
    let made = place.host.create(ID, &place.tiny()).await.unwrap();
    let off = |reason| Power::Off { reason };

    for (signal, reason) in [("-KILL", OffReason::Vanished), ("-TERM", OffReason::Signalled)] {
        place.host.start(ID).await.unwrap();
        let pid = place.seen(ID).await.pid.unwrap();
        assert!(Command::new("kill").args([signal, &pid.to_string()]).status().unwrap().success());
        until("off", || async { matches!(place.seen(ID).await.power, Power::Off { .. }).then_some(()) })
            .await;
        assert_eq!(place.seen(ID).await.power, off(reason), "after {signal}");
    }
    place.host.start(ID).await.unwrap();
    place.host.kill(ID).await.unwrap();
    assert_eq!(place.seen(ID).await.power, off(OffReason::SwitchedOff));
    place.host.kill(ID).await.unwrap();

    // A system that has not come up does not hear its power button.
    place.host.start(ID).await.unwrap();
    assert_eq!(place.host.power_down(ID, Duration::ZERO).await.unwrap(), PoweredDown::Hard);

    place.host.start(ID).await.unwrap();
    let seen = place.ready(ID).await;
    let mut root = seen.clone();
    root.access_user = "root".to_owned();
    place.ssh(&root, &made.host_key, "poweroff -f").await;
    until("off", || async { matches!(place.seen(ID).await.power, Power::Off { .. }).then_some(()) }).await;
    let last = place.seen(ID).await;
    assert_eq!((last.power, last.ready, last.pid), (off(OffReason::ByItself), None, None));
}

#[tokio::test]
async fn a_kernel_that_gives_up_is_seen() {
    let place = Place::new();
    let made = place.host.create(ID, &place.tiny()).await.unwrap();
    place.host.start(ID).await.unwrap();
    let mut root = place.ready(ID).await;
    assert!(!root.panicked);
    root.access_user = "root".to_owned();
    // The connection hangs with the kernel: it is the client that is ended, with the machine.
    let crash =
        place.ssh(&root, &made.host_key, "(sleep 1; echo c >/proc/sysrq-trigger) >/dev/null 2>&1 &").await;
    assert!(crash.status.success(), "{crash:?}");
    until("panicked", || async { place.seen(ID).await.panicked.then_some(()) }).await;
}
