//! QEMU's faults as a site's.

use crate::fault::chain;
use crate::providers::{Fault, Reason};
use qemu::OpenError;

/// A fault of an operation.
#[expect(clippy::needless_pass_by_value, reason = "what `map_err` hands over")]
pub(super) fn fault(fault: qemu::Fault) -> Fault {
    use qemu::Fault as Q;
    let reason = match &fault {
        Q::NotThere { .. } | Q::NotRunning => Reason::WrongState,
        Q::BadSpec { what: "public_key", .. } => Reason::BadKey,
        Q::BadSpec { what: "memory_mib" | "disk_gib", .. } => Reason::TooSmall,
        Q::BadUserData { .. } => Reason::BadUserData,
        Q::ImageMissing { .. } => Reason::NoImage,
        Q::NoFreeAddress { .. } => Reason::NoAddress,
        Q::MemoryRefused { .. } | Q::DiskFull { .. } => Reason::NoHost,
        Q::StartFailed { .. } => Reason::BuildFailed,
        // It runs and does not answer now, or another is at it: again a little later.
        Q::MonitorSilent { .. } | Q::Busy { .. } | Q::WillNotEnd { .. } | Q::CutOff => Reason::OutcomeUnknown,
        Q::BadId { .. }
        | Q::BadSpec { .. }
        | Q::ToolMissing { .. }
        | Q::ToolFailed { .. }
        | Q::ImageDamaged { .. }
        | Q::PortRefused { .. }
        | Q::MonitorRefused { .. }
        | Q::Damaged { .. }
        | Q::Io { .. } => Reason::Broken,
    };
    Fault::of(reason).with_words(chain(&fault))
}

/// The host cannot be opened.
pub(super) fn not_open(error: &OpenError) -> Fault {
    Fault::of(Reason::Broken).with_words(chain(error))
}
