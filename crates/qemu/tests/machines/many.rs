//! Several machines, and several hosts on one folder.

use crate::place::{PATIENCE, Place};
use futures::future::join_all;
use qemu::{Host, Power, probe_ssh};
use std::collections::BTreeSet;

#[tokio::test]
async fn five_at_once_each_answer_on_an_address_of_their_own() {
    let place = Place::new();
    let ids: Vec<String> = (0..5).map(|nth| format!("bbbbbbbbbbbbbbbbbbbbbbb{nth}")).collect();
    let banners = join_all(ids.iter().map(|id| async {
        place.host.create(id, &place.tiny()).await.unwrap();
        place.host.start(id).await.unwrap();
        let seen = place.ready(id).await;
        probe_ssh(seen.address, seen.port.unwrap(), PATIENCE).await.unwrap()
    }));
    assert!(banners.await.iter().all(|banner| banner.starts_with("SSH-2.0-")));
    let listed = place.host.list().await.unwrap();
    assert_eq!(listed.iter().map(|seen| &seen.id).collect::<Vec<_>>(), ids.iter().collect::<Vec<_>>());
    assert_eq!(listed.iter().map(|seen| seen.address).collect::<BTreeSet<_>>().len(), 5);
    assert!(listed.iter().all(|seen| seen.power == Power::Running));
    for id in &ids {
        place.host.delete(id).await.unwrap();
        assert_eq!(place.processes(id), Vec::<i32>::new());
    }
    assert_eq!(place.left(), Vec::<String>::new());
}

#[tokio::test]
async fn two_hosts_on_one_folder_make_and_start_one_machine() {
    let place = Place::new();
    let id = "bbbbbbbbbbbbbbbbbbbbbbbb";
    let other = Host::open(place.settings.clone()).unwrap();
    let hosts = [&place.host, &other, &place.host, &other];
    let spec = place.tiny();
    let made = join_all(hosts.map(|host| host.create(id, &spec))).await;
    let keys: BTreeSet<String> = made.into_iter().map(|made| made.unwrap().host_key).collect();
    assert_eq!(keys.len(), 1, "one host key, so one machine");
    for started in join_all(hosts.map(|host| host.start(id))).await {
        started.unwrap();
    }
    assert_eq!(place.processes(id).len(), 1);
    assert_eq!(other.look(id).await.unwrap().unwrap().power, Power::Running);
    // Looks of several at the same time: the monitor hears one after the other.
    for seen in join_all((0..12).map(|nth| hosts[nth % 4].look(id))).await {
        assert_eq!(seen.unwrap().unwrap().power, Power::Running);
    }
    for gone in join_all(hosts.map(|host| host.delete(id))).await {
        gone.unwrap();
    }
    assert_eq!((place.left(), place.processes(id)), (vec![], vec![]));
}
