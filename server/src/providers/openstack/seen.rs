//! Nova's view of a server in our words.

use crate::providers::{Machine, Phase};
use openstack::{AddressKind, Server, Status, is_public};
use std::net::IpAddr;

/// The port of ssh; OpenStack leads whole addresses to a machine.
const SSH: u16 = 22;

/// A server as we see it; `nearby` where people reach the site's inner networks too.
pub(super) fn machine(server: &Server, nearby: bool) -> Machine {
    Machine {
        machine: server.id.clone(),
        phase: phase(server),
        task: server.task.clone(),
        address: outside(server).or_else(|| nearby.then(|| inside(server)).flatten()),
        port: SSH,
        // The image knows it, and Nova does not ask the image.
        access_user: None,
    }
}

fn phase(server: &Server) -> Phase {
    if server.task.as_deref().is_some_and(|task| task.contains("deleting")) {
        return Phase::Removing;
    }
    match &server.status {
        Status::Build => Phase::Building,
        // Nova does not look into the guest.
        Status::Active => Phase::Running { booted: server.task.is_none() },
        Status::Reboot => Phase::Running { booted: false },
        Status::Shutoff => Phase::Off { reason: None },
        Status::Error => {
            let words =
                server.fault.as_ref().map(|fault| fault.words.clone()).filter(|words| !words.is_empty());
            Phase::Failed { words: words.unwrap_or_else(|| "The server is in the state ERROR.".to_owned()) }
        }
        Status::Deleted | Status::SoftDeleted => Phase::Removing,
        Status::Unknown => Phase::Unknown,
        Status::Other(word) => match word.as_str() {
            "PAUSED" | "SUSPENDED" | "SHELVED" | "SHELVED_OFFLOADED" => Phase::Off {
                reason: Some(format!(
                    "the site says that it is {}",
                    word.to_ascii_lowercase().replace('_', " ")
                )),
            },
            "MIGRATING" | "VERIFY_RESIZE" | "RESCUE" | "PASSWORD" => Phase::Running { booted: true },
            _ => Phase::Unknown,
        },
    }
}

/// The address that everybody reaches: a floating one, or a public one of its own; IPv4 first.
pub(super) fn outside(server: &Server) -> Option<String> {
    let floating = server.addresses.iter().filter(|a| a.kind == AddressKind::Floating);
    let public = server.addresses.iter().filter(|a| a.kind == AddressKind::Fixed && is_public(a.ip));
    let mut found: Vec<IpAddr> = floating.chain(public).map(|a| a.ip).collect();
    found.sort_by_key(IpAddr::is_ipv6);
    found.first().map(IpAddr::to_string)
}

/// Its address in its own network.
pub(super) fn inside(server: &Server) -> Option<String> {
    let mut found: Vec<IpAddr> =
        server.addresses.iter().filter(|a| a.kind == AddressKind::Fixed).map(|a| a.ip).collect();
    found.sort_by_key(IpAddr::is_ipv6);
    found.first().map(IpAddr::to_string)
}

/// Whether an address can be another machine's: none of this machine itself, of a link, of many or of none.
pub(super) fn is_elsewhere(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => {
            let is_here = ip.is_loopback() || ip.octets()[0] == 0;
            !(is_here || ip.is_link_local() || ip.is_multicast() || ip.is_broadcast())
        }
        IpAddr::V6(ip) => {
            let is_here = ip.is_loopback() || ip.is_unspecified();
            !(is_here || ip.is_unicast_link_local() || ip.is_multicast())
        }
    }
}

/// The end of a console, without the characters that steer a terminal.
pub(super) fn tail(text: &str, bytes: usize) -> String {
    let plain: String = text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
    let mut start = plain.len().saturating_sub(bytes);
    while !plain.is_char_boundary(start) {
        start += 1;
    }
    plain[start..].to_owned()
}
