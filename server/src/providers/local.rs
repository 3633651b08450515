//! The site on this machine: each server is a QEMU process. The machine's id is the server's own id, so nothing has to be
//! remembered to find it again. The access key comes with the machine's seed, and its address with its making.

pub mod check;
mod faults;
pub mod outlet;
mod settings;

use self::faults::{fault, not_open};
use self::settings::{Limits, settings};
use super::{
    Access, Fault, Flavor, Found, Given, Handle, Image, Machine, Offer, Phase, Reason, Room, Seen, Share,
    Site, StartError, Switch, Wish,
};
use crate::clock::{Clock, Entropy};
use crate::config::Config;
use crate::config::servers::{LocalConfig, OutletConfig};
use crate::fault::chain;
use app::features::servers::model::Size;
use async_trait::async_trait;
use qemu::{Accelerator, Host, Kind, OpenError, PROXY, Power, Settings, Spec};
use std::time::Duration;
use tokio::sync::{Mutex, OnceCell};

/// What is said of a process that stands still; what is begun or ended just now answers in a moment.
const NOT_ANSWERING: &str = "its process on this machine does not answer";
/// How long a form waits for the trial of KVM; the trial goes on.
const VERDICT_WITHIN: Duration = Duration::from_millis(300);

/// The site on this machine.
pub struct LocalSite {
    config: LocalConfig,
    settings: Settings,
    limits: Limits,
    /// Opened when QEMU is there: it may be installed while the portal runs.
    host: OnceCell<Host>,
    /// From counting to making: two at once could both find room for the last.
    counting: Mutex<()>,
}

impl LocalSite {
    /// The site of the configuration. QEMU need not be there yet: until it is, each call says what is missing. `way_out` is
    /// the [command](outlet::command) of its machines' way out, where they are given one.
    ///
    /// # Errors
    /// A sentence for the operator: the configuration contradicts itself.
    pub fn new(
        config: &Config,
        clock: Clock,
        entropy: Entropy,
        way_out: Option<Vec<String>>,
    ) -> Result<Self, StartError> {
        let local = config.servers.local.clone();
        let mut settings = settings(config, clock, entropy);
        settings.outlet = way_out;
        let limits = Limits::of(&local);
        let site =
            Self { config: local, settings, limits, host: OnceCell::new(), counting: Mutex::default() };
        match site.open() {
            Ok(host) => {
                let _ = site.host.set(host);
            }
            Err(error @ OpenError::Setting { .. }) => return Err(Box::new(error)),
            // What can be put right while the portal runs does not stop it.
            Err(error) => tracing::warn!("no servers on this machine yet: {}", chain(&error)),
        }
        Ok(site)
    }

    fn open(&self) -> Result<Host, OpenError> {
        Host::open(self.settings.clone())
    }

    async fn host(&self) -> Result<&Host, Fault> {
        self.host.get_or_try_init(|| async { self.open() }).await.map_err(|error| not_open(&error))
    }

    /// Whether machines can be made here: QEMU, an image, how they are run. For `skyport check`; also finds out how
    /// machines are run, which takes seconds the first time.
    ///
    /// # Errors
    /// What is missing.
    pub async fn check(&self) -> Result<String, Fault> {
        let images = self.images().await?;
        if images.is_empty() {
            return Err(no_image());
        }
        let host = self.host().await?;
        let accelerator = host.accelerator().await.map_err(fault)?;
        Ok(format!("{} images; {}", images.len(), describe(&accelerator, &self.config.outlet)))
    }

    /// All images, older ones of a family too.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub async fn images(&self) -> Result<Vec<qemu::Image>, Fault> {
        self.host().await?.images().await.map_err(fault)
    }

    /// Finds out how machines can be run, and says it in the log.
    pub(crate) async fn try_out(&self) {
        match self.check().await {
            Ok(said) => tracing::info!("servers on this machine: {said}"),
            Err(fault) => {
                tracing::warn!("no servers on this machine yet: {}", fault.words.unwrap_or_default());
            }
        }
    }

    async fn room(&self, host: &Host) -> Result<Room, Fault> {
        let used = host.usage().await.map_err(fault)?;
        let disk_gib = match self.limits.disk_gib {
            Some(limit) => limit,
            None => host.disk_room_gib().await.map_err(fault)? / 2,
        };
        let share = |used, limit| Share { used, limit: Some(limit) };
        Ok(Room {
            servers: Share { used: used.machines, limit: None },
            cores: share(used.cores, self.limits.cores),
            memory_mib: share(used.memory_mib, self.limits.memory_mib),
            disk_gib: share(used.disk_gib, disk_gib),
            addresses: Share::default(),
        })
    }

    /// Image and size fit each other and what is left. A machine that is there already has its room.
    async fn fit(&self, host: &Host, wish: &Wish) -> Result<Size, Fault> {
        let images = host.images().await.map_err(fault)?;
        let image = images.iter().find(|image| image.name == wish.image).ok_or(Fault::of(Reason::NoImage))?;
        if !self.config.sizes.iter().any(|size| size.id == wish.flavor) {
            return Err(Fault::of(Reason::NoFlavor));
        }
        let has_disk = image.min_disk_gib > 0;
        let size = Size { disk_gib: if has_disk { wish.size.disk_gib } else { 0 }, ..wish.size };
        if size.memory_mib < image.min_memory_mib || size.disk_gib < image.min_disk_gib {
            return Err(Fault::of(Reason::TooSmall));
        }
        if host.look(&wish.server).await.map_err(fault)?.is_some() {
            return Ok(size);
        }
        let room = self.room(host).await?;
        let measures = [
            ("cores", size.cores, room.cores),
            ("memory_mib", size.memory_mib, room.memory_mib),
            ("disk_gib", size.disk_gib, room.disk_gib),
        ];
        for (resource, requested, Share { used, limit }) in measures {
            if limit.is_some_and(|limit| used + requested > limit) {
                return Err(Fault::of(Reason::Quota {
                    resource: resource.to_owned(),
                    requested: Some(requested),
                    used: Some(used),
                    limit,
                }));
            }
        }
        Ok(size)
    }
}

#[async_trait]
impl Site for LocalSite {
    fn key(&self) -> &'static str {
        "local"
    }

    fn title(&self) -> &str {
        &self.config.title
    }

    fn wants_token(&self) -> bool {
        false
    }

    fn reaches_machines(&self) -> bool {
        true
    }

    async fn offer(&self, _access: &Access) -> Result<Offer, Fault> {
        let host = self.host().await?;
        let mut images = host.images().await.map_err(fault)?;
        images.retain(|image| image.is_newest);
        if images.is_empty() {
            return Err(no_image());
        }
        // A real system before the one that is only for trying out.
        images.sort_by_key(|image| (image.min_disk_gib == 0, image.name.clone()));
        let note = match tokio::time::timeout(VERDICT_WITHIN, host.accelerator()).await {
            Ok(verdict) => describe(&verdict.map_err(fault)?, &self.config.outlet),
            Err(_) => "How machines can be run here is being found out.".to_owned(),
        };
        let sizes = self.config.sizes.iter().map(|size| Flavor {
            id: size.id.clone(),
            title: size.title.clone(),
            size: Size { cores: size.cores, memory_mib: size.memory_mib, disk_gib: size.disk_gib },
        });
        Ok(Offer {
            note: Some(note),
            images: images.into_iter().map(offered).collect(),
            sizes: sizes.collect(),
            networks: Vec::new(),
            disk_can_vary: true,
            has_addresses: false,
            room: self.room(host).await?,
        })
    }

    async fn place_key(&self, _access: &Access, _wish: &Wish) -> Result<(), Fault> {
        Ok(())
    }

    async fn check_room(&self, _access: &Access, wish: &Wish) -> Result<(), Fault> {
        let host = self.host().await?;
        self.fit(host, wish).await.map(drop)
    }

    async fn request(&self, _access: &Access, wish: &Wish) -> Result<String, Fault> {
        let host = self.host().await?;
        {
            let _counting = self.counting.lock().await;
            let size = self.fit(host, wish).await?;
            let spec = Spec {
                hostname: wish.name.clone(),
                image: wish.image.clone(),
                cores: u32::try_from(size.cores).unwrap_or(u32::MAX),
                memory_mib: size.memory_mib,
                disk_gib: size.disk_gib,
                public_key: wish.public_key.clone(),
                user_data: wish.user_data.clone(),
                labels: wish.labels.clone(),
            };
            host.create(&wish.server, &spec).await.map_err(fault)?;
        }
        host.start(&wish.server).await.map_err(fault)?;
        Ok(wish.server.clone())
    }

    async fn look(&self, _access: &Access, machine: &Handle) -> Result<Seen, Fault> {
        let seen = self.host().await?.look(&machine.server).await.map_err(fault)?;
        Ok(seen.map_or(Seen::Gone, |seen| Seen::There(machine_of(&seen))))
    }

    async fn give_address(&self, _access: &Access, machine: &Handle, _wanted: bool) -> Result<Given, Fault> {
        let seen = self.host().await?.look(&machine.server).await.map_err(fault)?;
        Ok(seen.map_or(Given::NotYet, |seen| Given::Address(seen.address.to_string())))
    }

    async fn take_address(&self, _access: &Access, _machine: &Handle) -> Result<(), Fault> {
        Ok(())
    }

    async fn switch(&self, _access: &Access, machine: &Handle, to: Switch) -> Result<(), Fault> {
        let host = self.host().await?;
        match to {
            Switch::On => host.start(&machine.server).await.map_err(fault),
            Switch::Anew => host.reset(&machine.server).await.map_err(fault),
            Switch::Off => {
                let patience = Duration::from_secs(self.config.shut_down_s);
                host.shut_down(&machine.server, patience).await.map(drop).map_err(fault)
            }
        }
    }

    async fn rename(&self, _access: &Access, _machine: &Handle, _name: &str) -> Result<(), Fault> {
        Ok(())
    }

    async fn remove(&self, _access: &Access, machine: &Handle) -> Result<(), Fault> {
        self.host().await?.delete(&machine.server).await.map_err(fault)
    }

    async fn remove_key(&self, _access: &Access, _server: &str) -> Result<(), Fault> {
        Ok(())
    }

    async fn console(&self, _access: &Access, machine: &Handle, bytes: usize) -> Result<String, Fault> {
        self.host().await?.console(&machine.server, bytes).await.map_err(fault)
    }

    async fn list(&self, _access: &Access) -> Result<Vec<Found>, Fault> {
        let all = self.host().await?.list().await.map_err(fault)?;
        Ok(all.iter().map(|seen| Found { server: seen.id.clone(), machine: machine_of(seen) }).collect())
    }
}

fn offered(image: qemu::Image) -> Image {
    Image {
        id: image.name,
        title: image.title,
        system: image.system,
        version: image.version,
        access_user: image.access_user,
        min_disk_gib: image.min_disk_gib,
        min_memory_mib: image.min_memory_mib,
        takes_user_data: image.takes_user_data,
    }
}

fn describe(accelerator: &Accelerator, outlet: &OutletConfig) -> String {
    let how = match accelerator.kind {
        Kind::Kvm => "with KVM",
        Kind::Tcg => "emulated: slower than the machine itself by far",
    };
    let out = if outlet.is_open() {
        let ports: Vec<String> = outlet.ports.iter().map(u16::to_string).collect();
        format!("get out by the proxy http://{PROXY}, to ports {}", ports.join(", "))
    } else {
        "have no way out".to_owned()
    };
    format!(
        "Virtual machines on the machine that runs this portal, {how}. They are reached from there alone and {out}."
    )
}

fn no_image() -> Fault {
    Fault::of(Reason::Broken)
        .with_words("There is no image to make a server from yet. Build one: skyport images build debian")
}

fn machine_of(seen: &qemu::Seen) -> Machine {
    let phase = match &seen.power {
        Power::Running => Phase::Running { booted: seen.ready.is_some() },
        Power::Silent => Phase::Unknown,
        Power::Paused { status } => Phase::Failed { words: format!("the machine stands still: {status}") },
        Power::Off { reason } => Phase::Off { reason: said(reason) },
    };
    Machine {
        machine: seen.id.clone(),
        task: (phase == Phase::Unknown).then(|| NOT_ANSWERING.to_owned()),
        phase,
        address: Some(seen.address.to_string()),
        port: seen.port.unwrap_or(22),
        access_user: Some(seen.access_user.clone()),
    }
}

/// Why it is off, where it was not told to.
fn said(reason: &qemu::OffReason) -> Option<String> {
    use qemu::OffReason::{AskedTo, NeverStarted, SwitchedOff};
    match reason {
        NeverStarted | AskedTo | SwitchedOff => None,
        other => Some(other.to_string()),
    }
}
