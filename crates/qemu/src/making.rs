//! Making a machine's folder: disk, seed, record. It gets its name when it is whole.

use crate::address;
use crate::fault::Fault;
use crate::folder::{Folder, Root};
use crate::host_key::HostKey;
use crate::id::Id;
use crate::image::{self, Base};
use crate::lock::Lock;
use crate::record::{self, MachineRecord};
use crate::seed::{self, Seed};
use crate::settings::Settings;
use crate::spec::{Made, Spec};
use crate::tool::QEMU_IMG;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::DirBuilderExt as _;

/// Makes it, or finds it.
pub(crate) fn make(settings: &Settings, root: &Root, id: &Id, spec: &Spec) -> Result<Made, Fault> {
    let _lock = Lock::take(&root.machine_lock(id))?;
    let folder = root.machine(id);
    if let Some(machine) = record::read::<MachineRecord>(&folder.record())? {
        return Ok(made(machine));
    }
    let public_key = spec.check()?;
    let base = image::find(settings, &spec.image)?;
    check_fit(&base, spec)?;
    base.check(root)?;
    // What a maker or a remover left that was stopped.
    root.making(id).clear()?;
    root.removing(id).clear()?;
    folder.clear()?;

    let making = root.making(id);
    fs::DirBuilder::new().mode(0o700).create(&making.0).map_err(|error| Fault::io(&making.0, error))?;
    let host_key = HostKey::of(&settings.sources.bytes(), &spec.hostname)?;
    let seed = Seed {
        id: id.as_str(),
        hostname: &spec.hostname,
        public_key: &public_key,
        host_key: &host_key,
        user_data: spec.user_data.as_deref(),
        has_proxy: settings.outlet.is_some(),
    };
    seed.write(&making)?;
    make_disk(&base, spec, &making)?;

    // From the choice of the address to the folder's name in one go: nobody else chooses meanwhile.
    let _addresses = Lock::take(&root.addresses_lock())?;
    let [a, b, c] = settings.sources.bytes();
    let machine = MachineRecord {
        hostname: spec.hostname.clone(),
        image: base.image.name.clone(),
        cores: spec.cores,
        memory_mib: spec.memory_mib,
        disk_gib: if base.disk.is_some() { spec.disk_gib } else { 0 },
        labels: spec.labels.clone(),
        address: address::choose(settings, root)?,
        mac: format!("52:54:00:{a:02x}:{b:02x}:{c:02x}"),
        host_key: host_key.public,
        has_user_data: spec.user_data.is_some(),
        access_user: base.image.access_user.clone(),
        made_us: settings.sources.now(),
    };
    record::write(&making.record(), &machine)?;
    fs::rename(&making.0, &folder.0).map_err(|error| Fault::io(&folder.0, error))?;
    Ok(made(machine))
}

fn made(machine: MachineRecord) -> Made {
    Made { address: machine.address, host_key: machine.host_key, image: machine.image }
}

fn check_fit(base: &Base, spec: &Spec) -> Result<(), Fault> {
    let image = &base.image;
    let short = |what, why| Err(Fault::BadSpec { what, why });
    if spec.memory_mib < image.min_memory_mib {
        return short("memory_mib", format!("{} needs {} MiB or more", image.title, image.min_memory_mib));
    }
    if base.disk.is_some() && spec.disk_gib < image.min_disk_gib.max(1) {
        return short("disk_gib", format!("{} needs {} GiB or more", image.title, image.min_disk_gib.max(1)));
    }
    match &spec.user_data {
        Some(_) if !image.takes_user_data => {
            Err(Fault::BadUserData { why: format!("{} has no cloud-init that would read it", image.title) })
        }
        Some(text) => seed::check_user_data(text),
        None => Ok(()),
    }
}

/// A layer over the base image, which itself is never written.
fn make_disk(base: &Base, spec: &Spec, making: &Folder) -> Result<(), Fault> {
    let Some(disk) = &base.disk else { return Ok(()) };
    let size = format!("{}G", spec.disk_gib);
    let plain = ["create", "-q", "-f", "qcow2", "-F", "qcow2", "-b"].map(OsStr::new);
    let arguments =
        plain.into_iter().chain([disk.path.as_os_str(), OsStr::new("disk.qcow2"), OsStr::new(&size)]);
    QEMU_IMG.run(&making.0, arguments, 60).map(drop)
}
