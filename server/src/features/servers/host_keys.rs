//! A machine's own keys, read from its console, so that the first connection can be checked.
//!
//! cloud-init (and our own images) print the public halves between two marker lines once they exist.

use access_key::AccessKey;
use app::features::servers::model::HostKey;

const BEGIN: &str = "-----BEGIN SSH HOST KEY KEYS-----";
const END: &str = "-----END SSH HOST KEY KEYS-----";
/// A machine has one key for each algorithm.
const MOST: usize = 8;

/// The public lines of the last block on a console; none where it has no whole one.
pub(super) fn read(console: &str) -> Vec<String> {
    let Some((_, rest)) = console.rsplit_once(BEGIN) else { return Vec::new() };
    let Some((block, _)) = rest.split_once(END) else { return Vec::new() };
    // A console may put a time or `ci-info:` before each line: the key begins at its type.
    let lines = block.lines().filter_map(|line| {
        let start = ["ssh-", "ecdsa-", "sk-"].iter().filter_map(|kind| line.find(kind)).min()?;
        let key = AccessKey::read(line[start..].trim()).ok()?;
        Some(key.line().to_owned())
    });
    lines.take(MOST).collect()
}

/// Public lines as they are shown for an address.
pub(super) fn views(lines: &[String], address: Option<&str>, port: Option<u16>) -> Vec<HostKey> {
    let place = match (address, port) {
        (Some(address), Some(22) | None) => address.to_owned(),
        (Some(address), Some(port)) => format!("[{address}]:{port}"),
        (None, _) => String::new(),
    };
    let view = |line: &String| {
        let key = AccessKey::read(line).ok()?;
        let bare: Vec<&str> = line.split(' ').take(2).collect();
        Some(HostKey {
            algorithm: bare.first().copied().unwrap_or_default().to_owned(),
            sha256: key.sha256(),
            known_hosts: format!("{place} {}", bare.join(" ")),
        })
    };
    lines.iter().filter_map(view).collect()
}
