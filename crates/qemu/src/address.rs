//! Which address a machine gets. Given out in turn, so that an address that was just freed is not another machine's at
//! once: people's ssh clients remember the host key of an address.

use crate::fault::Fault;
use crate::folder::Root;
use crate::record::{self, MachineRecord};
use crate::settings::{Addresses, Settings};
use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::net::{Ipv4Addr, TcpListener};

/// A free address. The addresses' lock must be held until the machine's record is in its place.
pub(crate) fn choose(settings: &Settings, root: &Root) -> Result<Ipv4Addr, Fault> {
    let mut taken = BTreeSet::new();
    for id in root.ids()? {
        if let Some(machine) = record::read::<MachineRecord>(&root.machine(&id).record())? {
            taken.insert(machine.address);
        }
    }
    let last_given = root.0.join("last-address.json");
    let last: Option<Ipv4Addr> = record::read(&last_given).unwrap_or_default();
    let Addresses { first, last: end } = settings.addresses;
    let (first_bits, end_bits) = (first.to_bits(), end.to_bits());
    let start = last.map_or(first_bits, |last| last.to_bits() + 1);
    let start = if (first_bits..=end_bits).contains(&start) { start } else { first_bits };
    let in_turn = (start..=end_bits).chain(first_bits..start).map(Ipv4Addr::from_bits);
    for address in in_turn {
        if !taken.contains(&address) && port_on(address, &settings.ssh_ports).is_ok() {
            record::write(&last_given, &address)?;
            return Ok(address);
        }
    }
    Err(Fault::NoFreeAddress { first, last: end })
}

/// The first of the ports that can be had on an address now.
pub(crate) fn port_on(address: Ipv4Addr, ports: &[u16]) -> Result<u16, Fault> {
    let mut words = "no port is configured".to_owned();
    for &port in ports {
        match TcpListener::bind((address, port)) {
            Ok(_) => return Ok(port),
            Err(error) if error.kind() == ErrorKind::PermissionDenied => {
                words = format!("port {port} needs the right to use ports below 1024");
            }
            Err(error) => words = format!("port {port}: {error}"),
        }
    }
    Err(Fault::PortRefused { address, ports: ports.to_vec(), words })
}
