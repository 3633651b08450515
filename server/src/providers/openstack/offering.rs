//! What a project is offered: images, sizes, networks, and what is left.

use crate::providers::{Flavor, Image, Offer, Room, Share};
use app::features::servers::model::Size;
use futures::try_join;
use openstack::{Quota, Session};

pub(super) async fn offer(session: &Session) -> Result<Offer, openstack::Fault> {
    let (images, flavors, networks, limits, quota) = try_join!(
        session.images(),
        session.flavors(),
        session.networks(),
        session.compute_limits(),
        session.network_quota(),
    )?;
    let image = |image: openstack::Image| Image {
        // Who signs in as root where another user is meant is told by the machine whom it wants.
        access_user: image.access_user().unwrap_or("root").to_owned(),
        system: system(image.distro.as_deref().unwrap_or_default()),
        version: image.version.unwrap_or_default(),
        min_disk_gib: image.min_disk_gib,
        min_memory_mib: image.min_memory_mib,
        // Nobody says so; images of clouds have cloud-init.
        takes_user_data: true,
        title: image.name,
        id: image.id,
    };
    let size = |flavor: openstack::Flavor| Flavor {
        size: Size {
            cores: u64::from(flavor.cores),
            memory_mib: flavor.memory_mib,
            disk_gib: flavor.disk_gib + flavor.ephemeral_gib,
        },
        id: flavor.id,
        title: flavor.name,
    };
    let inner: Vec<_> =
        networks.iter().filter(|n| !n.external && n.active).map(|n| (n.id.clone(), n.name.clone())).collect();
    let note = "Its quotas are those of the whole project, which its members share.";
    Ok(Offer {
        note: Some(note.to_owned()),
        images: images.into_iter().map(image).collect(),
        sizes: flavors.into_iter().map(size).collect(),
        networks: if inner.len() > 1 { inner } else { Vec::new() },
        disk_can_vary: false,
        has_addresses: networks.iter().any(|n| n.external && n.active),
        room: Room {
            servers: share(limits.servers),
            cores: share(limits.cores),
            memory_mib: share(limits.memory_mib),
            disk_gib: Share::default(),
            addresses: quota.map(|q| share(q.floating_addresses)).unwrap_or_default(),
        },
    })
}

fn share(quota: Quota) -> Share {
    Share { used: quota.used.unwrap_or(0), limit: quota.limit }
}

/// "debian" as people write it.
fn system(distro: &str) -> String {
    match distro.to_ascii_lowercase().as_str() {
        "almalinux" => "AlmaLinux".to_owned(),
        "centos" => "CentOS".to_owned(),
        "rhel" => "Red Hat Enterprise Linux".to_owned(),
        "rocky" => "Rocky Linux".to_owned(),
        other => {
            let mut chars = other.chars();
            chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
        }
    }
}
