//! The OpenStack provider against a real control plane (tools/servers/openstack): every call of the trait, most of them
//! twice, as the step machine makes them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    unreachable_pub,
    missing_docs,
    reason = "a test may stop where it stands"
)]

#[path = "../support/support.rs"]
mod support;

mod bed;
mod checked;
mod killed;
mod listed;
mod places;
mod searched;

use bed::{ALPHA, bed, gone, never, reason, running, there, until, wish};
use skyport::providers::{Given, Handle, Phase, Reason, Seen, Site as _, Switch};

#[tokio::test]
async fn a_machine_from_its_key_to_its_end() {
    let (site, access) = (bed().site(|_| ()), bed().token("alice", ALPHA, &[]));
    assert!(site.wants_token() && site.sign_in_provider().is_none());
    let offer = site.offer(&access).await.unwrap();
    assert_eq!(
        offer.sizes.iter().map(|s| s.title.as_str()).collect::<Vec<_>>(),
        ["tiny", "small", "medium", "too-large"]
    );
    let image = offer.images.iter().find(|i| i.title == "paper-linux").unwrap();
    assert_eq!((image.system.as_str(), image.access_user.as_str()), ("Debian", "debian"));
    assert!(offer.has_addresses && offer.networks.is_empty());
    assert_eq!((offer.room.cores.limit, offer.room.addresses.limit), (Some(20), Some(50)));

    let wish = wish(&offer, "alices");
    let handle =
        |machine: Option<&str>| Handle { server: wish.server.clone(), machine: machine.map(str::to_owned) };
    let unknown = handle(None);
    assert!(matches!(site.look(&access, &unknown).await.unwrap(), Seen::Gone));
    for _ in 0..2 {
        site.place_key(&access, &wish).await.unwrap();
        site.check_room(&access, &wish).await.unwrap();
    }
    let id = site.request(&access, &wish).await.unwrap();
    assert_eq!(site.request(&access, &wish).await.unwrap(), id);
    // By our mark alone, and by Nova's id.
    assert_eq!(there(&site, &access, &unknown).await.machine, id);
    let known = handle(Some(&id));
    running(&site, &access, &known).await;
    // On one's own network its inner address will do; elsewhere it has none that people reach.
    let inner = there(&site, &access, &known).await.address.unwrap();
    assert!(inner.starts_with("10.10.0."), "{inner}");
    assert_eq!(site.give_address(&access, &known, false).await.unwrap(), Given::Address(inner));
    let address =
        until("an address", async || match site.give_address(&access, &known, true).await.unwrap() {
            Given::Address(address) => Some(address),
            Given::NotYet => None,
            Given::Without => never(),
        })
        .await;
    assert!(address.starts_with("203.0.113."), "{address}");
    until("Nova showing it", async || there(&site, &access, &known).await.address.filter(|a| *a == address))
        .await;
    assert_eq!(site.give_address(&access, &known, true).await.unwrap(), Given::Address(address.clone()));
    assert_eq!(site.give_address(&access, &known, false).await.unwrap(), Given::Address(address));

    for _ in 0..2 {
        site.switch(&access, &known, Switch::Off).await.unwrap();
        until("off", async || {
            (there(&site, &access, &known).await.phase == Phase::Off { reason: None }).then_some(())
        })
        .await;
    }
    site.switch(&access, &known, Switch::On).await.unwrap();
    running(&site, &access, &known).await;
    site.switch(&access, &known, Switch::On).await.unwrap();
    site.switch(&access, &known, Switch::Anew).await.unwrap();
    running(&site, &access, &known).await;
    site.rename(&access, &known, "renamed").await.unwrap();
    let console = site.console(&access, &known, 200).await.unwrap();
    assert!(console.contains("LAST LINE") && console.len() <= 200, "{console}");
    let found = site.list(&access).await.unwrap();
    assert_eq!(
        found.iter().map(|f| (f.server.as_str(), f.machine.machine.as_str())).collect::<Vec<_>>(),
        [(wish.server.as_str(), id.as_str())]
    );

    // Another member of the same organisation sees none of it and can do nothing to it.
    let other = bed().token("bob", ALPHA, &[]);
    assert!(site.list(&other).await.unwrap().is_empty());
    assert!(matches!(site.look(&other, &unknown).await.unwrap(), Seen::Gone));
    assert_eq!(reason(site.look(&other, &known).await), Reason::NotYours);
    assert_eq!(reason(site.remove(&other, &known).await), Reason::NotYours);
    assert_eq!(reason(site.switch(&other, &known, Switch::Off).await), Reason::NotYours);

    site.remove(&access, &known).await.unwrap();
    gone(&site, &access, &known).await;
    for _ in 0..2 {
        site.remove(&access, &known).await.unwrap();
        site.remove(&access, &unknown).await.unwrap();
        site.take_address(&access, &known).await.unwrap();
        site.remove_key(&access, &wish.server).await.unwrap();
    }
    assert!(site.list(&access).await.unwrap().is_empty());
    assert_eq!(site.offer(&access).await.unwrap().room.addresses.used, 0);
    assert_eq!(reason(site.switch(&access, &known, Switch::On).await), Reason::WrongState);
}

#[tokio::test]
async fn each_refusal_has_its_reason() {
    let site = bed().site(|_| ());
    let access = bed().token("carl", ALPHA, &[]);
    let offer = site.offer(&access).await.unwrap();
    let fits = wish(&offer, "carls");
    let mut small = fits.clone();
    small.image = offer.images.iter().find(|i| i.min_memory_mib > 0).unwrap().id.clone();
    assert_eq!(reason(site.check_room(&access, &small).await), Reason::TooSmall);
    let mut lost = fits.clone();
    lost.image = "no-such-image".to_owned();
    assert_eq!(reason(site.check_room(&access, &lost).await), Reason::NoImage);
    lost.flavor = "no-such-size".to_owned();
    lost.image.clone_from(&fits.image);
    assert_eq!(reason(site.check_room(&access, &lost).await), Reason::NoFlavor);
    // The key has to be there first.
    assert_eq!(reason(site.request(&access, &fits).await), Reason::BadKey);
    let mut bad = fits.clone();
    bad.public_key = "ssh-rsa AAAA".to_owned();
    assert_eq!(reason(site.place_key(&access, &bad).await), Reason::BadKey);
    site.place_key(&access, &fits).await.unwrap();
    let mut other = fits.clone();
    other.public_key =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB3TdYKcWW7Ux0tZAvGmGNM5PpcEBRGY3fpa/yZcaZ/N".to_owned();
    assert_eq!(reason(site.place_key(&access, &other).await), Reason::NameTaken);
    let mut astray = fits.clone();
    astray.network = Some("5a4f9bf4-0000-4000-8000-000000000000".to_owned());
    assert_eq!(reason(site.request(&access, &astray).await), Reason::NoNetwork);
    // What Nova gives up on is told in its words, and is removed like the rest.
    let mut huge = fits.clone();
    huge.flavor = offer.sizes.iter().find(|s| s.title == "too-large").unwrap().id.clone();
    let id = site.request(&access, &huge).await.unwrap();
    let handle = Handle { server: huge.server.clone(), machine: Some(id) };
    let words = until("a failure", async || match there(&site, &access, &handle).await.phase {
        Phase::Failed { words } => Some(words),
        Phase::Building => None,
        phase => panic!("{phase:?}"),
    })
    .await;
    assert!(words.starts_with("No valid host was found."), "{words}");
    site.remove(&access, &handle).await.unwrap();
    gone(&site, &access, &handle).await;
    site.remove_key(&access, &fits.server).await.unwrap();
}

#[tokio::test]
async fn ways_in_and_their_ends() {
    let site = bed().site(|_| ());
    let ended = bed().token("dan", ALPHA, &["--ttl", "-60"]);
    assert_eq!(reason(site.offer(&ended).await), Reason::SignInNeeded);
    assert_eq!(reason(site.offer(&skyport::providers::Access::Site).await), Reason::SignInNeeded);
    let stranger = bed().token_of("stranger", &[], &[]);
    assert_eq!(reason(site.offer(&stranger).await), Reason::NotAMember);
    // Two organisations: the configuration says which one, by name or id.
    let both = bed().token_of("eva", &[ALPHA, bed::BETA], &[]);
    assert_eq!(reason(site.offer(&both).await), Reason::Broken);
    let alpha = bed().site(|config| config.project = ALPHA.to_owned());
    alpha.offer(&both).await.unwrap();
    let other = bed().site(|config| config.project = "another".to_owned());
    assert_eq!(reason(other.offer(&both).await), Reason::NotAMember);

    // A private cloud has credentials of its own, and its inner addresses are reached.
    let own = bed().site(|config| {
        config.user = bed().word("/admin/user").to_owned();
        config.password = skyport::config::Secret::new(bed().word("/admin/password"));
        config.project = "admin".to_owned();
    });
    assert!(!own.wants_token());
    own.check().await.unwrap();
    own.offer(&skyport::providers::Access::Site).await.unwrap();
    let wrong = bed().site(|config| {
        config.user = "admin".to_owned();
        config.password = skyport::config::Secret::new("wrong");
    });
    assert_eq!(reason(wrong.check().await), Reason::SignInSetup);
    let nowhere = bed().site(|config| config.identity_provider = "nobody".to_owned());
    let refused = reason(nowhere.offer(&bed().token("dan", ALPHA, &[])).await);
    assert!(matches!(refused, Reason::SignInSetup | Reason::NotAMember), "{refused:?}");
}
