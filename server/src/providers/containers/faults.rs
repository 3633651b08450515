//! The engine's faults in our words.

use crate::providers::session_site::{Fault, Reason};
use ::containers::Fault as Engine;

/// Why the engine said no. What it refuses without saying why is told to the operator.
pub(super) fn fault(fault: &Engine) -> Fault {
    let reason = match fault {
        Engine::SocketMissing { .. }
        | Engine::Gone { .. }
        | Engine::Silent { .. }
        | Engine::PortTaken { .. }
        // An engine that was killed in the middle of a start says this of what it finds half made; and of a container that
        // went away meanwhile.
        | Engine::NotThere { .. } => Reason::Unreachable,
        Engine::ImageMissing { .. } => Reason::NoImage,
        Engine::ImageRefused { .. } => Reason::ImageRefused,
        Engine::RegistryUnreachable { .. } => Reason::NoRegistry,
        Engine::CommandMissing { .. } => Reason::NoCommand,
        Engine::DiskFull { .. } => Reason::DiskFull,
        Engine::NameTaken { .. } => Reason::Taken,
        // What a killed engine left half removed; it goes when that is removed.
        Engine::Refused { .. } if fault.is_passing() => Reason::Unreachable,
        Engine::NotAllowed { .. }
        | Engine::TooOld { .. }
        | Engine::BadWish { .. }
        | Engine::MountMissing { .. }
        | Engine::LimitRefused { .. }
        | Engine::DiskLimitUnsupported { .. }
        | Engine::NoIds
        | Engine::NoAddresses { .. }
        | Engine::Refused { .. }
        | Engine::Strange { .. } => Reason::Broken,
    };
    Fault::new(reason, fault.to_string())
}
