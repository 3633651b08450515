//! The machines of one folder.

use crate::accelerator::{self, Accelerator};
use crate::console;
use crate::fault::{Fault, OpenError};
use crate::folder::{MONITOR, Root};
use crate::id::Id;
use crate::image::{self, Image};
use crate::lock::Lock;
use crate::look::{self, Seen};
use crate::making;
use crate::record::{self, MachineRecord};
use crate::running::{self, Children};
use crate::settings::Settings;
use crate::spec::{Made, Spec};
use crate::tool;
use std::fs;
use std::net::Ipv4Addr;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, PermissionsExt as _};
use std::sync::Arc;
use std::time::Duration;

/// The machines of one folder. Cheap to clone; any number of them, in any number of processes, may be open on one folder.
#[derive(Clone)]
pub struct Host {
    inner: Arc<Inner>,
}

struct Inner {
    settings: Settings,
    root: Root,
    children: Children,
}

/// How a machine went off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PoweredDown {
    /// Its system shut down.
    Properly,
    /// It did not, and was switched off.
    Hard,
}

/// What machines have together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// Machines.
    pub machines: u64,
    /// Cores.
    pub cores: u64,
    /// MiB.
    pub memory_mib: u64,
    /// GiB that their disks may grow to.
    pub disk_gib: u64,
}

/// A Unix socket's path has so many bytes (unix(7)).
const SOCKET_BYTES: usize = 107;
/// So many machines are looked at at once.
const LOOKS_AT_ONCE: usize = 8;
/// Between two looks at a machine that is going off.
const PAUSE: Duration = Duration::from_millis(100);

impl Host {
    /// Opens a folder of machines, making it where it is not there. Starts and changes nothing.
    pub fn open(mut settings: Settings) -> Result<Self, OpenError> {
        if let Some(tool) = tool::ALL.into_iter().find(|tool| !tool.is_there()) {
            return Err(OpenError::ToolMissing { program: tool.program, package: tool.package });
        }
        let wrong = |what, why: &str| Err(OpenError::Setting { what, why: why.to_owned() });
        let range = settings.addresses;
        if range.first > range.last || !range.first.is_loopback() || !range.last.is_loopback() {
            return wrong("addresses", "must be a range within 127.0.0.0/8, the first one first");
        }
        if range.first == Ipv4Addr::LOCALHOST {
            return wrong("addresses", "must not have 127.0.0.1 in it: that is this machine itself");
        }
        if settings.ssh_ports.is_empty() || settings.ssh_ports.contains(&0) {
            return wrong("ssh_ports", "must be one port or more, none of them 0");
        }
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_.+".contains(&b);
        if settings.tcg_cpu.is_empty() || !settings.tcg_cpu.bytes().all(plain) {
            return wrong("tcg_cpu", "must be the name of a processor model");
        }
        let machines = &settings.machines;
        let locks = machines.join(".locks");
        let folder = |path: &std::path::Path| {
            let path = path.to_owned();
            move |source| OpenError::Folder { path, source }
        };
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&locks).map_err(folder(&locks))?;
        fs::set_permissions(machines, fs::Permissions::from_mode(0o700)).map_err(folder(machines))?;
        settings.machines = fs::canonicalize(machines).map_err(folder(machines))?;
        // Disks remember where their base is.
        if let Ok(images) = fs::canonicalize(&settings.images) {
            settings.images = images;
        } else if let Ok(images) = std::path::absolute(&settings.images) {
            settings.images = images;
        }
        let most = SOCKET_BYTES - MONITOR.len() - 2 - Id::LENGTH;
        if settings.machines.as_os_str().len() > most {
            return Err(OpenError::PathTooLong { path: settings.machines, most });
        }
        let root = Root(settings.machines.clone());
        Ok(Self { inner: Arc::new(Inner { settings, root, children: Children::default() }) })
    }

    /// Work with files and processes, away from the threads that must not wait.
    async fn aside<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Inner) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let inner = Arc::clone(&self.inner);
        tokio::task::spawn_blocking(move || work(&inner)).await.map_err(|_| Fault::CutOff)?
    }

    /// The images that machines can be made from.
    pub async fn images(&self) -> Result<Vec<Image>, Fault> {
        self.aside(|own| Ok(image::all(&own.settings)?.into_iter().map(|base| base.image).collect())).await
    }

    /// How machines are run here. The first call may take some seconds: it tries.
    pub async fn accelerator(&self) -> Result<Accelerator, Fault> {
        self.aside(|own| accelerator::decide(&own.settings, &own.root)).await
    }

    /// Makes a machine under this id, or finds the one that is there. It is not started.
    pub async fn create(&self, id: &str, spec: &Spec) -> Result<Made, Fault> {
        let (id, spec) = (Id::parse(id)?, spec.clone());
        self.aside(move |own| making::make(&own.settings, &own.root, &id, &spec)).await
    }

    /// Starts a machine, unless it runs. Its process is there when this returns; its system is up later.
    pub async fn start(&self, id: &str) -> Result<(), Fault> {
        let id = Id::parse(id)?;
        self.aside(move |own| {
            let accelerator = accelerator::decide(&own.settings, &own.root)?;
            running::start(&own.settings, &own.root, &id, &accelerator, &own.children)
        })
        .await
    }

    /// What is seen of a machine; none where there is none.
    pub async fn look(&self, id: &str) -> Result<Option<Seen>, Fault> {
        let id = Id::parse(id)?;
        self.aside(move |own| look::look(&own.settings, &own.root, &id, &own.children)).await
    }

    /// All machines, in the order of their ids.
    pub async fn list(&self) -> Result<Vec<Seen>, Fault> {
        self.aside(|own| {
            let look = |id| look::look(&own.settings, &own.root, id, &own.children);
            let mut seen = Vec::new();
            // Some at a time, since one that does not answer is waited for.
            for ids in own.root.ids()?.chunks(LOOKS_AT_ONCE) {
                let looks: Vec<_> = std::thread::scope(|scope| {
                    let begun: Vec<_> = ids.iter().map(|id| scope.spawn(move || look(id))).collect();
                    begun.into_iter().map(|look| look.join().unwrap_or(Err(Fault::CutOff))).collect()
                });
                for look in looks {
                    seen.extend(look?);
                }
            }
            Ok(seen)
        })
        .await
    }

    /// What all machines have together, whether they run or not.
    pub async fn usage(&self) -> Result<Usage, Fault> {
        self.aside(|own| {
            let mut usage = Usage::default();
            for id in own.root.ids()? {
                if let Some(machine) = record::read::<MachineRecord>(&own.root.machine(&id).record())? {
                    usage.machines += 1;
                    usage.cores += u64::from(machine.cores);
                    usage.memory_mib += machine.memory_mib;
                    usage.disk_gib += machine.disk_gib;
                }
            }
            Ok(usage)
        })
        .await
    }

    /// How much machines could have of the disk that their folder is on, GiB: what is free and what they have filled.
    pub async fn disk_room_gib(&self) -> Result<u64, Fault> {
        self.aside(|own| {
            let place = &own.root.0;
            let room = rustix::fs::statvfs(place).map_err(|error| Fault::io(place, error.into()))?;
            let mut bytes = room.f_bavail * room.f_frsize;
            for id in own.root.ids()? {
                let disk = fs::metadata(own.root.machine(&id).0.join("disk.qcow2"));
                bytes += disk.map_or(0, |disk| disk.blocks() * 512);
            }
            Ok(bytes >> 30)
        })
        .await
    }

    /// One step of shutting a machine down, to be repeated until it is off: its power button is pressed, again every few
    /// seconds, and when it was first pressed `patience` ago, the machine is switched off hard. How it went off; none while
    /// it is not. When it was pressed is kept with the machine, so that any process may go on with it. A machine that is
    /// off is left so.
    pub async fn shut_down(&self, id: &str, patience: Duration) -> Result<Option<PoweredDown>, Fault> {
        let id = Id::parse(id)?;
        self.aside(move |own| running::shut_down(&own.settings, &own.root, &id, patience, &own.children))
            .await
    }

    /// Shuts a machine down and waits until it is off, as by [`Host::shut_down`].
    pub async fn power_down(&self, id: &str, patience: Duration) -> Result<PoweredDown, Fault> {
        loop {
            if let Some(how) = self.shut_down(id, patience).await? {
                return Ok(how);
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Starts a running machine anew, as by its reset button. It is ready when its console says so again.
    pub async fn reset(&self, id: &str) -> Result<(), Fault> {
        let id = Id::parse(id)?;
        self.aside(move |own| running::reset(&own.settings, &own.root, &id, &own.children)).await
    }

    /// Switches a machine off at once. One that is off is left so.
    pub async fn kill(&self, id: &str) -> Result<(), Fault> {
        let id = Id::parse(id)?;
        self.aside(move |own| {
            let _lock = Lock::take(&own.root.machine_lock(&id))?;
            let folder = own.root.machine(&id);
            there(&own.root, &id)?;
            running::end(&folder, &id, &own.children)
        })
        .await
    }

    /// Removes a machine with its process, its disk and its address. Nothing there is fine.
    pub async fn delete(&self, id: &str) -> Result<(), Fault> {
        let id = Id::parse(id)?;
        self.aside(move |own| running::remove(&own.root, &id, &own.children)).await
    }

    /// The last bytes that a machine's console showed, as text without control characters.
    pub async fn console(&self, id: &str, last_bytes: usize) -> Result<String, Fault> {
        let id = Id::parse(id)?;
        self.aside(move |own| {
            there(&own.root, &id)?;
            Ok(console::tail(&own.root.machine(&id), last_bytes))
        })
        .await
    }
}

/// Says no where there is no such machine.
fn there(root: &Root, id: &Id) -> Result<(), Fault> {
    match record::read::<MachineRecord>(&root.machine(id).record())? {
        Some(_) => Ok(()),
        None => Err(Fault::NotThere { id: id.as_str().to_owned() }),
    }
}
