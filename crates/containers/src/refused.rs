//! From the engine's status and words to a fault. The words are Podman's and Docker's; neither has codes for them.

use crate::fault::Fault;

/// What a refusal means. `subject` is the image or the container that was asked for.
pub(crate) fn fault(asked: &'static str, subject: &str, status: u16, words: &str) -> Fault {
    let low = words.to_lowercase();
    let has = |part: &str| low.contains(part);
    let owned = || words.trim().to_owned();
    let image = || subject.to_owned();
    if has("no space left on device") {
        return Fault::DiskFull { words: owned() };
    }
    if has("storage-opt") || has("pquota") {
        return Fault::DiskLimitUnsupported { words: owned() };
    }
    if has("could not find enough available ids")
        || has("no subuid ranges")
        || has("cannot find mappings for user")
    {
        return Fault::NoIds;
    }
    if has("rlimit") {
        return Fault::LimitRefused { words: owned() };
    }
    if has("could not find free subnet")
        || has("no available ipv4 pool")
        || has("all predefined address pools")
        || has("subnets are exhausted")
    {
        return Fault::NoAddresses { words: owned() };
    }
    if asked == PULL || has("no such image") || has("image not known") || has("manifest unknown") {
        return pull_fault(status, &low, image(), owned());
    }
    if has("address already in use") || has("port is already allocated") {
        return Fault::PortTaken { words: owned() };
    }
    if has("bind source path does not exist") || (has("statfs") && has("no such file")) {
        return Fault::MountMissing { words: owned() };
    }
    if has("executable file")
        || has("command that was not found")
        || has("exec format error")
        || (has("exec:") && has("permission denied"))
    {
        return Fault::CommandMissing { words: owned() };
    }
    // Podman has status 500 for it; the first words are its storage's, the second its own list's.
    if (has("container name") && has("is already in use")) || has("is in use: container already exists") {
        return Fault::NameTaken { name: subject.to_owned() };
    }
    match status {
        404 => Fault::NotThere { name: subject.to_owned() },
        409 => Fault::NameTaken { name: subject.to_owned() },
        _ => Fault::Refused { asked, status, words: owned() },
    }
}

/// What a pull is called in faults.
pub(crate) const PULL: &str = "pull the image";

fn pull_fault(status: u16, low: &str, image: String, words: String) -> Fault {
    let has = |part: &str| low.contains(part);
    if has("unauthorized") || has("authentication required") || has("denied") || matches!(status, 401 | 403) {
        return Fault::ImageRefused { image, words };
    }
    if ["manifest unknown", "name unknown", "no such image", "image not known", "not found"]
        .iter()
        .any(|part| has(part))
    {
        return Fault::ImageMissing { image };
    }
    let unreachable = [
        "connection refused",
        "no such host",
        "i/o timeout",
        "dial tcp",
        "pinging container registry",
        "eof",
    ];
    if unreachable.iter().any(|part| has(part)) {
        return Fault::RegistryUnreachable { image, words };
    }
    if status == 404 {
        return Fault::ImageMissing { image };
    }
    Fault::Refused { asked: PULL, status, words }
}

#[cfg(test)]
mod tests;
