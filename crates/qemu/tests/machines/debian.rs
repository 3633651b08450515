//! A real Debian, on a disk of its own, with user data.

use crate::place::{PATIENCE, Place, until};
use qemu::{PoweredDown, Spec, probe_ssh};

const ID: &str = "fffffffffffffffffffffff1";

#[tokio::test]
async fn debian_takes_key_name_disk_and_user_data() {
    let place = Place::new();
    // What a user may well write: keys of their own, which must not push ours out; a number as YAML 1.1 reads it.
    let own = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f another";
    let user_data = format!(
        "#cloud-config\nssh_authorized_keys:\n  - {own}\nwrite_files:\n  - path: /etc/from-user-data\n    permissions: 0640\n    content: |\n      h\u{e9}llo\n"
    );
    let spec = Spec {
        hostname: "deb-one".to_owned(),
        image: "debian".to_owned(),
        memory_mib: 384,
        disk_gib: 5,
        user_data: Some(user_data),
        ..place.tiny()
    };
    let made = place.host.create(ID, &spec).await.unwrap();
    place.host.start(ID).await.unwrap();
    let seen = place.ready(ID).await;
    let banner = probe_ssh(seen.address, seen.port.unwrap(), PATIENCE).await.unwrap();
    assert!(banner.starts_with("SSH-2.0-OpenSSH"), "{banner}");
    let said = place
        .ssh(&seen, &made.host_key, "uname -n; . /etc/os-release; echo $ID $VERSION_ID; sudo id -u")
        .await;
    assert_eq!(String::from_utf8_lossy(&said.stdout), "deb-one\ndebian 12\n0\n", "{said:?}");

    // cloud-init comes after sshd. What it did is looked for rarely: each look costs the guest seconds.
    let wait = "for i in $(seq 200); do [ $(grep -c . .ssh/authorized_keys) = 2 ] && break; sleep 1; done; \
        sudo cat /etc/from-user-data; stat -c %a /etc/from-user-data; grep -c . .ssh/authorized_keys; \
        df --output=size -BG / | tail -n 1 | tr -d ' '";
    let said = until("answered", || async {
        let said = place.ssh(&seen, &made.host_key, wait).await;
        said.status.success().then_some(said)
    })
    .await;
    let text = String::from_utf8_lossy(&said.stdout).into_owned();
    // Its file system has grown to the disk before cloud-init begins.
    assert_eq!(text, "h\u{e9}llo\n640\n2\n5G\n", "{said:?}");

    assert_eq!(place.host.power_down(ID, PATIENCE).await.unwrap(), PoweredDown::Properly);
    place.host.delete(ID).await.unwrap();
    assert_eq!((place.left(), place.processes(ID)), (vec![], vec![]));
}
