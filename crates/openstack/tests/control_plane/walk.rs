//! The whole way of one person: in, the choices, a server from first to last, nothing left.

use openstack::{
    Action, AddressKind, Credentials, Deletion, KeyOutcome, Microversion, NetworkChoice, Reason, Status,
    Thing,
};

use crate::bed::{ALPHA, bed, delete, reason, settled, until, wish};

const KEY: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGPIoCxSRvkTRNQ3KbjYJ3Fr/1sWvyBYoGIkQYpHXKzp alice@laptop";
const OTHER: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB3TdYKcWW7Ux0tZAvGmGNM5PpcEBRGY3fpa/yZcaZ/N alice@desk";

#[tokio::test]
async fn from_a_token_to_a_server_with_an_address_and_back_to_nothing() {
    let cloud = bed().cloud();
    cloud.check().await.unwrap();
    let me = cloud.sign_in(&Credentials::egi(bed().mint("alice", &[ALPHA], &[]))).await.unwrap();
    let projects = me.projects().await.unwrap();
    assert_eq!(projects.iter().map(|p| p.name.as_str()).collect::<Vec<_>>(), [ALPHA]);
    let session = me.session(&projects[0].id).await.unwrap();
    assert_eq!(session.user_id(), me.user_id());
    assert_eq!(session.project().name, ALPHA);
    assert_eq!(session.region(), Some("RegionOne"));
    // Keystone keeps the first expiry, so that nothing lives longer by passing through a project.
    assert_eq!(session.expires_at(), me.expires_at());
    assert_eq!(session.microversion().await.unwrap(), Microversion::new(2, 96));

    // The choices.
    let flavors = session.flavors().await.unwrap();
    assert_eq!(
        flavors.iter().map(|f| f.name.as_str()).collect::<Vec<_>>(),
        ["tiny", "small", "medium", "too-large"]
    );
    assert_eq!((flavors[1].cores, flavors[1].memory_mib, flavors[1].disk_gib), (1, 1024, 5));
    let images = session.images().await.unwrap();
    assert_eq!(images.iter().map(|i| i.name.as_str()).collect::<Vec<_>>(), ["paper-big", "paper-linux"]);
    assert_eq!(images.iter().map(|i| i.access_user()).collect::<Vec<_>>(), [Some("ubuntu"), Some("debian")]);
    assert_eq!((images[0].min_disk_gib, images[0].min_memory_mib), (10, 2048));
    let networks = session.networks().await.unwrap();
    let own = networks.iter().find(|n| n.own).unwrap();
    let outside = networks.iter().find(|n| n.external).unwrap();
    assert_eq!((own.name.as_str(), outside.name.as_str()), ("net-vo.alpha.example", "public"));
    let limits = session.compute_limits().await.unwrap();
    assert_eq!((limits.cores.limit, limits.servers.limit), (Some(20), Some(10)));
    let quota = session.network_quota().await.unwrap().unwrap();
    assert_eq!(quota.floating_addresses.limit, Some(50));
    let groups = session.security_groups().await.unwrap();
    assert_eq!(groups.iter().map(|g| g.name.as_str()).collect::<Vec<_>>(), ["default"]);
    // It admits only its own members.
    assert!(!groups[0].admits_tcp(22));

    // The key: put there once, whatever its comment; another under its name is refused.
    assert_eq!(session.ensure_key("alice laptop", KEY).await.unwrap(), KeyOutcome::Created);
    assert_eq!(
        session.ensure_key("alice laptop", &KEY.replace("laptop", "new")).await.unwrap(),
        KeyOutcome::AlreadyThere
    );
    assert_eq!(reason(session.ensure_key("alice laptop", OTHER).await), Reason::KeyNameTaken);
    let keys = session.keys().await.unwrap();
    assert_eq!(keys.len(), 1);
    assert_eq!((keys[0].public_key.as_str(), keys[0].fingerprint.len()), (KEY, 47));

    // The server: asked for twice, made once.
    let mut wish = wish(&session, "analysis-1").await;
    wish.key_name = Some("alice laptop".to_owned());
    wish.network = NetworkChoice::Id(own.id.clone());
    wish.security_groups = vec![groups[0].id.clone()];
    wish.user_data = Some(b"#cloud-config\n{}\n".to_vec());
    wish.metadata.insert("portal".to_owned(), "yes".to_owned());
    assert_eq!(session.find_server(&wish.operation).await.unwrap(), None);
    let id = session.ensure_server(&wish).await.unwrap();
    assert_eq!(session.ensure_server(&wish).await.unwrap(), id);
    let server = settled(&session, &id, &Status::Active).await;
    assert_eq!(session.find_server(&wish.operation).await.unwrap().unwrap().id, id);
    assert_eq!(session.servers().await.unwrap().iter().filter(|s| s.name == "analysis-1").count(), 1);
    assert_eq!((server.name.as_str(), server.user_id.as_str()), ("analysis-1", session.user_id()));
    assert_eq!(server.key_name.as_deref(), Some("alice laptop"));
    assert_eq!(server.flavor.name.as_deref(), Some("tiny"));
    assert_eq!(server.metadata["portal"], "yes");
    assert_eq!(server.metadata["skyport.operation"], wish.operation.as_str());
    assert_eq!(server.tags, [format!("skyport-op-{}", wish.operation.as_str())]);
    assert_eq!(server.addresses.len(), 1);
    assert!(server.addresses[0].ip.to_string().starts_with("10.10.0."), "{:?}", server.addresses);
    assert!(session.compute_limits().await.unwrap().servers.used.unwrap() >= 1);

    // Its address: asked for twice, allocated once.
    let address = session.ensure_floating_address(&wish.operation, &id, &outside.id).await.unwrap();
    assert_eq!(
        session.ensure_floating_address(&wish.operation, &id, &outside.id).await.unwrap().id,
        address.id
    );
    assert_eq!(session.floating_addresses(&wish.operation).await.unwrap().len(), 1);
    until("the floating address in Nova", async || {
        let seen = session.server(&id).await.unwrap().addresses;
        seen.into_iter().find(|a| a.kind == AddressKind::Floating && a.ip == address.ip)
    })
    .await;

    // Off, on, again, another name, its words.
    session.act(&id, Action::Stop).await.unwrap();
    settled(&session, &id, &Status::Shutoff).await;
    let fault = session.act(&id, Action::Stop).await.unwrap_err();
    assert_eq!(fault.reason, Reason::WrongState);
    assert!(fault.words().contains("while it is in"), "{}", fault.words());
    assert!(fault.said.unwrap().request_id.unwrap().starts_with("req-"));
    session.act(&id, Action::Start).await.unwrap();
    settled(&session, &id, &Status::Active).await;
    session.act(&id, Action::Reboot).await.unwrap();
    settled(&session, &id, &Status::Active).await;
    session.act(&id, Action::HardReboot).await.unwrap();
    settled(&session, &id, &Status::Active).await;
    session.rename_server(&id, "analysis-2").await.unwrap();
    session.rename_server(&id, "analysis-2").await.unwrap();
    assert_eq!(session.server(&id).await.unwrap().name, "analysis-2");
    assert!(session.console_log(&id, 50).await.unwrap().contains("FAKE CONSOLE OUTPUT"));

    // First the server, then its address, which outlives it; then the key. Everything twice.
    delete(&session, &id).await;
    assert_eq!(session.delete_server(&id).await.unwrap(), Deletion::Gone);
    let left = session.floating_addresses(&wish.operation).await.unwrap();
    assert_eq!(
        left.iter().map(|a| (a.id.as_str(), &a.port)).collect::<Vec<_>>(),
        [(address.id.as_str(), &None)]
    );
    assert_eq!(session.release_floating_addresses(&wish.operation).await.unwrap(), 1);
    assert_eq!(session.release_floating_addresses(&wish.operation).await.unwrap(), 0);
    assert!(session.delete_key("alice laptop").await.unwrap());
    assert!(!session.delete_key("alice laptop").await.unwrap());

    // Nothing is left.
    assert_eq!(session.find_server(&wish.operation).await.unwrap(), None);
    assert_eq!(reason(session.server(&id).await), Reason::NotFound(Thing::Server));
    assert_eq!(session.ports(&id).await.unwrap(), []);
    assert_eq!(session.floating_addresses(&wish.operation).await.unwrap(), []);
    assert_eq!(session.keys().await.unwrap(), []);
}

#[tokio::test]
async fn an_old_microversion_does_without_tags() {
    for newest in [Microversion::new(2, 1), Microversion::new(2, 36), Microversion::new(2, 51)] {
        let mut settings = bed().settings();
        settings.newest_microversion = newest;
        let cloud = openstack::Cloud::new(settings).unwrap();
        let me = cloud.sign_in(&Credentials::egi(bed().mint("olga", &[ALPHA], &[]))).await.unwrap();
        let session = me.session(bed().project(ALPHA)).await.unwrap();
        assert_eq!(session.microversion().await.unwrap(), newest);
        assert_eq!(session.ensure_key("olga", KEY).await.unwrap(), KeyOutcome::Created);
        assert_eq!(session.ensure_key("olga", KEY).await.unwrap(), KeyOutcome::AlreadyThere);
        let mut wish = wish(&session, "old-style").await;
        wish.network = NetworkChoice::Auto;
        let id = session.ensure_server(&wish).await.unwrap();
        assert_eq!(session.ensure_server(&wish).await.unwrap(), id);
        let server = settled(&session, &id, &Status::Active).await;
        assert_eq!((server.tags.len(), server.addresses.len()), (0, 1));
        assert!(server.flavor.id.is_some() != server.flavor.name.is_some());
        delete(&session, &id).await;
        assert!(session.delete_key("olga").await.unwrap());
    }
}
