//! What `skyport check` says of servers on this machine. It only looks: where there is no folder of machines yet, one
//! beside its place stands in for it, and is removed.

use super::settings::settings;
use crate::clock::{Clock, Entropy};
use crate::config::Config;
use crate::fault::chain;
use crate::ids::new_id;
use crate::providers::Finding;
use qemu::{Host, Kind, OpenError};
use std::fs;
use std::path::Path;

/// Looks for QEMU, images, how machines are run, and room for their disks. Takes up to ten seconds where KVM is tried.
pub async fn check(config: &Config) -> Vec<Finding> {
    let machines = config.machines_folder();
    let stand_in = (!machines.is_dir())
        .then(|| nearest(&machines).join(format!(".check-{}", new_id(&Entropy::system()))));
    let mut settings = settings(config, Clock::system(), Entropy::system());
    if let Some(folder) = &stand_in {
        settings.machines.clone_from(folder);
    }
    let findings = match Host::open(settings) {
        Ok(host) => look(config, &host, &machines).await,
        Err(error @ OpenError::Setting { .. }) => vec![Finding::Wrong(chain(&error))],
        Err(error) => {
            let off = "To do without servers here: servers.local.enabled = false";
            vec![Finding::Amiss(format!("{}. {off}", chain(&error).trim_end_matches('.')))]
        }
    };
    if let Some(folder) = stand_in {
        // Nothing there is what is wanted.
        let _ = fs::remove_dir_all(folder);
    }
    findings
}

async fn look(config: &Config, host: &Host, machines: &Path) -> Vec<Finding> {
    let mut findings = vec![images(config, host).await];
    findings.push(match host.accelerator().await {
        Ok(how) if how.kind == Kind::Kvm => Finding::Fine(format!("machines run with KVM: {}", how.reason)),
        Ok(how) => Finding::Fine(format!("machines are emulated, many times slower: {}", how.reason)),
        Err(fault) => Finding::Amiss(format!("how machines can be run was not found out: {}", chain(&fault))),
    });
    let promised = config.servers.local.disk_gib;
    let place = machines.display();
    findings.push(match host.disk_room_gib().await {
        Ok(room) if promised > room => Finding::Amiss(format!(
            "servers may have {promised} GiB of disk together, and only {room} GiB are there at {place}. Make room, or lower \
             servers.local.disk_gib"
        )),
        Ok(room) if promised == 0 && room < 2 => {
            Finding::Amiss(format!("there is hardly any room for servers' disks at {place}: {room} GiB. Make some"))
        }
        Ok(room) => {
            let most = if promised == 0 { room / 2 } else { promised };
            Finding::Fine(format!("{room} GiB of disk at {place}; servers may have {most} GiB together"))
        }
        Err(fault) => Finding::Amiss(format!("the room for servers' disks is not known: {}", chain(&fault))),
    });
    findings
}

async fn images(config: &Config, host: &Host) -> Finding {
    let place = config.images_folder();
    let place = place.display();
    match host.images().await {
        Ok(images) if images.is_empty() => Finding::Amiss(format!(
            "there is no image to make a server from at {place}. Build one: `skyport images build debian` (a minute, 370 MB), or \
             `skyport images build tiny` (17 MB, for trying things out)"
        )),
        Ok(images) => {
            let titles: Vec<&str> =
                images.iter().filter(|image| image.is_newest).map(|image| image.title.as_str()).collect();
            Finding::Fine(format!("images at {place}: {}", titles.join(", ")))
        }
        Err(fault) => Finding::Amiss(format!("the images cannot be read: {}", chain(&fault))),
    }
}

/// The nearest folder above a path that exists.
fn nearest(path: &Path) -> &Path {
    let above = path.ancestors().skip(1).map(|p| if p.as_os_str().is_empty() { Path::new(".") } else { p });
    above.into_iter().find(|p| p.is_dir()).unwrap_or(Path::new("/"))
}
