//! The site on this machine against real QEMU: every call of the trait, twice, as the step machine makes them.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops where something is not as it should be"
)]

mod way_out;

use skyport::clock::{Clock, Entropy};
use skyport::config::Config;
use skyport::ids::new_id;
use skyport::providers::local::LocalSite;
use skyport::providers::{Access, Given, Handle, Machine, Phase, Reason, Seen, Site as _, Switch, Wish};
use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_mins(4);
/// Nobody has its other half.
const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f test";

/// A site of its own; its machines end with it.
struct Place {
    site: LocalSite,
    _folder: tempfile::TempDir,
}

impl Place {
    fn new(subnet: u8) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let home = std::env::var_os("HOME").expect("HOME");
        let images = std::env::var_os("SKYPORT_IMAGES")
            .map_or_else(|| PathBuf::from(home).join(".cache/skyport/images"), PathBuf::from);
        let mut config = Config::default();
        folder.path().clone_into(&mut config.server.data_folder);
        let local = &mut config.servers.local;
        local.images_folder = images;
        local.accelerator = skyport::config::servers::LocalAccelerator::Tcg;
        let run = 10 + u8::try_from(std::process::id() % 200).unwrap();
        (local.first_address, local.last_address) =
            (Ipv4Addr::new(127, run, subnet, 2), Ipv4Addr::new(127, run, subnet, 9));
        (local.cores, local.memory_mib, local.disk_gib) = (2, 1024, 30);
        let site = LocalSite::new(&config, Clock::system(), Entropy::system(), None).unwrap();
        Self { site, _folder: folder }
    }

    /// The wish for a machine that lives in memory.
    async fn wish(&self) -> Wish {
        let offer = self.site.offer(&Access::Site).await.unwrap();
        let image = offer.images.iter().find(|image| image.min_disk_gib == 0).expect("the tiny image");
        let flavor = offer.sizes.first().unwrap();
        Wish {
            server: new_id(&Entropy::system()),
            name: "first-one".to_owned(),
            image: image.id.clone(),
            flavor: flavor.id.clone(),
            size: flavor.size,
            public_key: KEY.to_owned(),
            user_data: None,
            network: None,
            labels: BTreeMap::new(),
        }
    }

    async fn there(&self, handle: &Handle) -> Machine {
        match self.site.look(&Access::Site, handle).await.unwrap() {
            Seen::There(machine) => machine,
            Seen::Gone => panic!("it is gone"),
        }
    }

    async fn until(&self, handle: &Handle, wanted: Phase) -> Machine {
        let start = Instant::now();
        loop {
            let machine = self.there(handle).await;
            if machine.phase == wanted {
                return machine;
            }
            assert!(start.elapsed() < PATIENCE, "{wanted:?} did not come: {machine:?}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Told until it is off: a system that is starting does not hear its power button.
    async fn off(&self, handle: &Handle) {
        let start = Instant::now();
        loop {
            self.site.switch(&Access::Site, handle, Switch::Off).await.unwrap();
            let machine = self.there(handle).await;
            if machine.phase == (Phase::Off { reason: None }) {
                return;
            }
            assert!(start.elapsed() < PATIENCE, "it stays on: {machine:?}");
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
    }

    /// Removes every machine, so that no process stays, and gives the test's outcome on.
    async fn ended(&self, test: Result<(), tokio::task::JoinError>) {
        for found in self.site.list(&Access::Site).await.unwrap() {
            self.site.remove(&Access::Site, &handle(&found.server)).await.unwrap();
        }
        if let Err(failed) = test {
            std::panic::resume_unwind(failed.into_panic());
        }
    }
}

fn handle(server: &str) -> Handle {
    Handle { server: server.to_owned(), machine: None }
}

#[tokio::test]
async fn a_machine_from_its_wish_to_its_end() {
    let place = std::sync::Arc::new(Place::new(1));
    let test = tokio::spawn({
        let place = place.clone();
        async move { walk(&place).await }
    });
    place.ended(test.await).await;
}

async fn walk(place: &Place) {
    let (site, access) = (&place.site, &Access::Site);
    assert!(!site.wants_token() && site.reaches_machines());
    let wish = place.wish().await;
    let handle = handle(&wish.server);
    assert!(matches!(site.look(access, &handle).await.unwrap(), Seen::Gone));
    for _ in 0..2 {
        site.place_key(access, &wish).await.unwrap();
        site.check_room(access, &wish).await.unwrap();
        assert_eq!(site.request(access, &wish).await.unwrap(), wish.server);
    }
    assert_eq!(site.list(access).await.unwrap().len(), 1, "two requests, one machine");
    let used = site.offer(access).await.unwrap().room;
    assert_eq!((used.servers.used, used.cores.used, used.disk_gib.used), (1, wish.size.cores, 0));

    let running = place.until(&handle, Phase::Running { booted: true }).await;
    let address = running.address.clone().unwrap();
    assert_eq!(site.give_address(access, &handle, true).await.unwrap(), Given::Address(address.clone()));
    let banner = qemu::probe_ssh(address.parse().unwrap(), running.port, PATIENCE).await.unwrap();
    assert!(banner.starts_with("SSH-2.0-") && running.access_user.as_deref() == Some("debian"), "{banner}");
    assert!(site.console(access, &handle, 65_536).await.unwrap().contains("END SSH HOST KEY KEYS"));

    site.switch(access, &handle, Switch::Anew).await.unwrap();
    place.until(&handle, Phase::Running { booted: true }).await;
    for _ in 0..2 {
        place.off(&handle).await;
    }
    for _ in 0..2 {
        site.switch(access, &handle, Switch::On).await.unwrap();
    }
    assert!(matches!(place.there(&handle).await.phase, Phase::Running { .. }));
    for _ in 0..2 {
        site.take_address(access, &handle).await.unwrap();
        site.remove(access, &handle).await.unwrap();
        site.remove_key(access, &wish.server).await.unwrap();
    }
    assert!(matches!(site.look(access, &handle).await.unwrap(), Seen::Gone));
}

#[tokio::test]
async fn what_does_not_fit_is_refused_with_the_numbers() {
    let place = Place::new(2);
    let (site, access) = (&place.site, &Access::Site);
    let good = place.wish().await;
    let refused = async |change: &dyn Fn(&mut Wish)| {
        let mut wish = good.clone();
        change(&mut wish);
        let checked = site.check_room(access, &wish).await.map_err(|fault| fault.reason).err();
        let requested = site.request(access, &wish).await.map_err(|fault| fault.reason).err();
        assert_eq!(checked, requested, "both say the same");
        checked.expect("a refusal")
    };
    assert_eq!(refused(&|wish| wish.image = "no-such".to_owned()).await, Reason::NoImage);
    assert_eq!(refused(&|wish| wish.flavor = "no-such".to_owned()).await, Reason::NoFlavor);
    assert_eq!(refused(&|wish| wish.size.memory_mib = 64).await, Reason::TooSmall);
    let memory = refused(&|wish| wish.size.memory_mib = 1025).await;
    let short = Reason::Quota {
        resource: "memory_mib".to_owned(),
        requested: Some(1025),
        used: Some(0),
        limit: Some(1024),
    };
    assert_eq!(memory, short);
    let cores = refused(&|wish| wish.size.cores = 3).await;
    assert!(matches!(cores, Reason::Quota { resource, .. } if resource == "cores"));

    let mut wish = good.clone();
    wish.public_key = "no key".to_owned();
    assert_eq!(site.request(access, &wish).await.unwrap_err().reason, Reason::BadKey);
    let mut wish = good.clone();
    wish.user_data = Some("#cloud-config\n".to_owned());
    assert_eq!(site.request(access, &wish).await.unwrap_err().reason, Reason::BadUserData);
    assert!(site.list(access).await.unwrap().is_empty(), "nothing was made");
}
