//! Refusals and failures as the real services word them.

use openstack::{NetworkChoice, Reason, Resource, Retry, Shortage, Status};
use serde_json::{Value, json};

use crate::bed::{ALPHA, BETA, bed, delete, operation, reason, settled, wish};

const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGPIoCxSRvkTRNQ3KbjYJ3Fr/1sWvyBYoGIkQYpHXKzp";
const NOWHERE: &str = "5a4f9bf4-0000-4000-8000-000000000000";

/// Alone in its project, since it changes the quotas.
#[tokio::test]
async fn quotas_say_what_is_short() {
    let carol = bed().session("carol", BETA).await;
    let nova = format!("/v2.1/os-quota-sets/{}", bed().project(BETA));
    let neutron = format!("/v2.0/quotas/{}", bed().project(BETA));
    let mut first = wish(&carol, "first").await;
    let networks = carol.networks().await.unwrap();
    first.network = NetworkChoice::Id(networks.iter().find(|n| n.own).unwrap().id.clone());
    let outside = networks.iter().find(|n| n.external).unwrap().id.clone();
    let id = carol.create_server(&first).await.unwrap();
    settled(&carol, &id, &Status::Active).await;

    let quota = json!({"quota_set": {"cores": 1, "ram": 300, "key_pairs": 0}});
    bed().as_admin("PUT", "nova", &nova, quota).await;
    let fault = carol.create_server(&wish(&carol, "second").await).await.unwrap_err();
    let Reason::Quota(short) = &fault.reason else { panic!("{fault:?}") };
    let cores = Shortage { resource: Resource::Cores, requested: Some(1), used: Some(1), limit: Some(1) };
    let memory =
        Shortage { resource: Resource::Memory, requested: Some(256), used: Some(256), limit: Some(300) };
    assert!(short.contains(&cores) && short.contains(&memory) && short.len() == 2, "{short:?}");
    assert_eq!(fault.retry(), Retry::No);
    assert!(fault.to_string().contains("cores, 1 of 1 in use and 1 more wanted"), "{fault}");
    assert!(fault.words().starts_with("Quota exceeded for"), "{}", fault.words());
    let keys = Shortage { resource: Resource::KeyPairs, requested: None, used: None, limit: None };
    assert_eq!(reason(carol.ensure_key("one", KEY).await), Reason::Quota(vec![keys]));
    bed().as_admin("DELETE", "nova", &nova, Value::Null).await;

    bed().as_admin("PUT", "neutron", &neutron, json!({"quota": {"floatingip": 0}})).await;
    let addresses =
        Shortage { resource: Resource::FloatingAddresses, requested: None, used: None, limit: None };
    let refused = carol.ensure_floating_address(&first.operation, &id, &outside).await;
    assert_eq!(reason(refused), Reason::Quota(vec![addresses]));
    bed().as_admin("DELETE", "neutron", &neutron, Value::Null).await;
    carol.ensure_floating_address(&first.operation, &id, &outside).await.unwrap();
    // Another operation does not get a second one for the same server, nor the first.
    let second = carol.ensure_floating_address(&operation(), &id, &outside).await;
    assert_eq!(reason(second), Reason::AlreadyAssociated);
    assert_eq!(carol.release_floating_addresses(&operation()).await.unwrap(), 0);
    assert_eq!(carol.release_floating_addresses(&first.operation).await.unwrap(), 1);
    delete(&carol, &id).await;
}

#[tokio::test]
async fn servers_that_fail_to_start_say_why() {
    let session = bed().session("dora", ALPHA).await;
    let big = session.flavors().await.unwrap().into_iter().find(|f| f.name == "too-large").unwrap().id;
    let outside = session.networks().await.unwrap().into_iter().find(|n| n.external).unwrap().id;
    let plain = wish(&session, "fails").await;
    let with = |error: &str| {
        let mut wish = plain.clone();
        wish.metadata.insert("test.spawn_error".to_owned(), error.to_owned());
        wish
    };
    let mut too_large = plain.clone();
    too_large.flavor = big;
    let mut external = plain.clone();
    external.network = NetworkChoice::Id(outside);
    for (mut wish, expected) in [
        (with("abort"), Reason::BuildAborted),
        (with("crash"), Reason::RetriesExhausted),
        (too_large, Reason::NoValidHost),
        (external, Reason::NetworkAllocation),
    ] {
        wish.operation = operation();
        let id = session.ensure_server(&wish).await.unwrap();
        let fault = settled(&session, &id, &Status::Error).await.fault.unwrap();
        assert_eq!(fault.reason, expected, "{}", fault.words);
        assert!(!fault.words.is_empty() && !fault.words.ends_with(' '));
        // One in error is found, and counts, until it is deleted.
        assert_eq!(session.find_server(&wish.operation).await.unwrap().unwrap().id, id);
        delete(&session, &id).await;
        assert_eq!(session.find_server(&wish.operation).await.unwrap(), None);
    }
}

#[tokio::test]
async fn requests_that_cannot_be_are_refused_for_their_reason() {
    let session = bed().session("emil", ALPHA).await;
    let plain = wish(&session, "refused").await;
    let big = session.images().await.unwrap().into_iter().find(|i| i.name == "paper-big").unwrap().id;
    let mut wishes = Vec::new();
    let mut add = |expected: Reason, change: &dyn Fn(&mut openstack::CreateServer)| {
        let mut wish = plain.clone();
        change(&mut wish);
        wishes.push((wish, expected));
    };
    add(Reason::UnknownKey, &|w| w.key_name = Some("nobody's".to_owned()));
    add(Reason::UnknownImage, &|w| w.image = NOWHERE.to_owned());
    add(Reason::UnknownFlavor, &|w| w.flavor = "no-such-size".to_owned());
    add(Reason::UnknownNetwork, &|w| w.network = NetworkChoice::Id(NOWHERE.to_owned()));
    add(Reason::MemoryTooSmall, &|w| w.image.clone_from(&big));
    add(Reason::BadUserData, &|w| w.user_data = Some(vec![b'x'; 60_000]));
    add(Reason::BadRequest, &|w| w.name = String::new());
    for (wish, expected) in wishes {
        let fault = session.create_server(&wish).await.unwrap_err();
        assert_eq!(fault.reason, expected, "{}", fault.words());
        assert_eq!(fault.retry(), Retry::No);
    }
    let small = session.flavors().await.unwrap().into_iter().find(|f| f.name == "small").unwrap();
    assert!(small.memory_mib < 2048);
    assert_eq!(session.find_server(&plain.operation).await.unwrap(), None);
    for (name, key, expected) in [
        ("bad", "ssh-rsa AAAA", Reason::BadKey),
        ("bad", "ssh-ed25519 AAAA\nssh-rsa EVIL", Reason::BadKey),
        ("a/b", KEY, Reason::BadName),
        ("", KEY, Reason::BadName),
    ] {
        let fault = session.ensure_key(name, key).await.unwrap_err();
        assert_eq!(fault.reason, expected, "{name:?}: {}", fault.words());
    }
    assert_eq!(session.keys().await.unwrap(), []);
}

#[tokio::test]
async fn a_locked_server_stays() {
    let session = bed().session("frida", ALPHA).await;
    let id = session.create_server(&wish(&session, "locked").await).await.unwrap();
    settled(&session, &id, &Status::Active).await;
    let path = format!("/v2.1/servers/{id}/action");
    bed().as_admin("POST", "nova", &path, json!({"lock": null})).await;
    assert!(session.server(&id).await.unwrap().locked);
    assert_eq!(reason(session.delete_server(&id).await), Reason::Locked);
    assert_eq!(reason(session.act(&id, openstack::Action::Stop).await), Reason::Locked);
    bed().as_admin("POST", "nova", &path, json!({"unlock": null})).await;
    delete(&session, &id).await;
}
