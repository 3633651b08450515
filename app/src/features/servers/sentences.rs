//! What the pages of servers say: states, amounts, what is lost, what to do now.

use super::model::{Measure, ServerAction, ServerItem, ServerState, Size, StepState};
use crate::text::{count, counted};
use crate::ui::{Shape, Tone};

/// The state in a word.
pub fn word(state: ServerState) -> &'static str {
    match state {
        ServerState::Creating => "Creating",
        ServerState::NeedsSignIn => "Needs sign-in",
        ServerState::Ready => "Ready",
        ServerState::Starting => "Starting",
        ServerState::Stopping => "Stopping",
        ServerState::Stopped => "Stopped",
        ServerState::Rebooting => "Rebooting",
        ServerState::Deleting => "Deleting",
        ServerState::Deleted => "Deleted",
        ServerState::Failed => "Failed",
        ServerState::Vanished => "Vanished",
    }
}

/// How a state is meant.
pub fn tone(state: ServerState) -> Tone {
    match state {
        ServerState::Ready => Tone::Running,
        ServerState::NeedsSignIn | ServerState::Vanished => Tone::Attention,
        ServerState::Failed => Tone::Failed,
        ServerState::Stopped | ServerState::Deleted => Tone::Quiet,
        ServerState::Creating
        | ServerState::Starting
        | ServerState::Stopping
        | ServerState::Rebooting
        | ServerState::Deleting => Tone::Waiting,
    }
}

/// An action in a word, which is also how forms send it.
pub fn action(action: ServerAction) -> &'static str {
    match action {
        ServerAction::Start => "Start",
        ServerAction::Stop => "Stop",
        ServerAction::Reboot => "Reboot",
        ServerAction::Rename => "Rename",
        ServerAction::Delete => "Delete",
        ServerAction::Dismiss => "Dismiss",
    }
}

/// What a state means, where nothing else says so.
pub fn meaning(state: ServerState) -> Option<&'static str> {
    Some(match state {
        ServerState::NeedsSignIn => {
            "The sign-in at its site ran out. Nothing is lost: it goes on once you gave a new one."
        }
        ServerState::Stopped => "It is off. Its disk is kept, and counts against your limits.",
        ServerState::Deleted => {
            "Its disk, its address and everything else that was made for it are gone. It stays listed until you dismiss it."
        }
        ServerState::Failed => "It could not be made. It stays listed until you dismiss it.",
        ServerState::Vanished => {
            "Its site does not have it any more, and nobody removed it here. It stays listed until you dismiss it."
        }
        _ => return None,
    })
}

/// How a step stands, for people who do not see the picture.
pub fn step_word(state: StepState) -> &'static str {
    match state {
        StepState::Waiting => "not yet",
        StepState::Running => "now",
        StepState::Done => "done",
        StepState::Failed => "failed",
        StepState::Undone => "undone",
    }
}

/// The picture and the class of a step.
pub fn step_look(state: StepState) -> (Shape, &'static str) {
    match state {
        StepState::Waiting => (Shape::Clock, "later"),
        StepState::Running => (Shape::Running, "now"),
        StepState::Done => (Shape::Check, "done"),
        StepState::Failed => (Shape::Failed, "failed"),
        StepState::Undone => (Shape::Undo, "undone"),
    }
}

/// MiB as people read it: `512 MiB`, `2 GiB`, `1.5 GiB`.
pub fn memory(mib: u64) -> String {
    match (mib / 1024, mib % 1024) {
        (0, mib) => format!("{mib} MiB"),
        (gib, 0) => format!("{} GiB", count(gib)),
        _ => format!("{:.1} GiB", mib as f64 / 1024.0),
    }
}

/// GiB of disk in words; where a size names none, the machine has none, or one as large as its image.
pub fn disk(gib: u64, as_image: bool) -> String {
    match (gib, as_image) {
        (0, true) => "disk as large as the image".to_owned(),
        (0, false) => "no disk of its own".to_owned(),
        (gib, _) => format!("{} GiB disk", count(gib)),
    }
}

/// `1 core · 512 MiB memory · 3 GiB disk`.
pub fn size(item: &ServerItem) -> String {
    let Size { cores, memory_mib, disk_gib } = item.size;
    let disk = disk(disk_gib, item.disk_as_image);
    format!("{} · {} memory · {disk}", counted(cores, "core"), memory(memory_mib))
}

/// A measure's name.
pub fn measure(measure: Measure) -> &'static str {
    match measure {
        Measure::Servers => "Servers",
        Measure::Cores => "Cores",
        Measure::MemoryMib => "Memory",
        Measure::DiskGib => "Disk",
        Measure::Addresses => "Public addresses",
    }
}

/// So much of a measure.
pub fn amount(of: Measure, number: u64) -> String {
    match of {
        Measure::Servers | Measure::Cores | Measure::Addresses => count(number),
        Measure::MemoryMib => memory(number),
        Measure::DiskGib => format!("{} GiB", count(number)),
    }
}

/// How much of a measure is in use, with what a new server adds: `2 + 1 of 4`.
pub fn level(of: Measure, used: u64, adds: u64, limit: Option<u64>) -> String {
    let all = used.saturating_add(adds);
    let sum = match adds {
        0 => amount(of, used),
        _ => format!("{} + {}", amount(of, used), amount(of, adds)),
    };
    match limit {
        None => format!("{sum}, no limit"),
        Some(limit) if all > limit && adds > 0 => {
            format!("{sum} of {}: {} too much", amount(of, limit), amount(of, all - limit))
        }
        Some(limit) => format!("{sum} of {}", amount(of, limit)),
    }
}

/// What a deletion takes away, without undo.
pub fn deletion(item: &ServerItem, address: Option<&str>) -> String {
    let disk = match item.size.disk_gib {
        0 if item.disk_as_image => "its disk with everything on it".to_owned(),
        0 => "everything on it".to_owned(),
        gib => format!("its disk of {} GiB with everything on it", count(gib)),
    };
    let address = address.map(|address| format!(", its address {address}")).unwrap_or_default();
    format!(
        "{} is removed for good: {disk}{address} and whatever else was made for it. This cannot be undone.",
        item.name
    )
}

/// Before a server without a disk of its own is switched off.
pub const STOPPING_LOSES: &str =
    "This server has no disk of its own: what is on it is in memory, and is lost when it stops.";

/// Beside the field in which a deletion is confirmed.
pub fn type_its_name(name: &str) -> String {
    format!("Type {name} first, so that no other server is meant.")
}

/// How a server's name is written.
pub const NAME_HINT: &str = "Small letters, digits and hyphens; begins with a letter and does not end with a hyphen. Yours to know it by.";

/// Beside a new name.
pub const RENAME_HINT: &str = "The name inside the server stays as it was made.";

/// The same where several are made at once.
pub fn several_names(count: u64) -> String {
    format!("Behind it stand -1 to -{count}, one number for each of the {count} servers.")
}

/// What an image wants and a size does not have.
pub fn too_small(image: &str, memory_short: Option<u64>, disk_short: Option<u64>) -> Option<String> {
    let wants = match (memory_short, disk_short) {
        (None, None) => return None,
        (Some(mib), None) => format!("{} of memory", memory(mib)),
        (None, Some(gib)) => format!("{gib} GiB of disk"),
        (Some(mib), Some(gib)) => format!("{} of memory and {gib} GiB of disk", memory(mib)),
    };
    Some(format!("{image} needs {wants} at least. Choose a larger size or another image."))
}

/// Under an image with nothing in it that reads user data.
pub const NO_USER_DATA: &str = "Takes no user data.";
/// Under an image without a disk.
pub const LIVES_IN_MEMORY: &str = "Lives in memory and takes no disk: what is on it is gone when it stops.";

/// No access key yet.
pub const NO_KEY: &str = "You have no access key yet. It is how a server knows you: add your public key, or have one made, then come back here.";
/// Why the button waits: no key.
pub const KEY_FIRST: &str = "Add an access key first: nobody could get into the server without one.";
/// Why the button waits: no sign-in at the site.
pub const TOKEN_FIRST: &str = "Give an access token for this site first.";
/// Why the button waits: nothing fits.
pub const NOTHING_FITS: &str =
    "No size fits into what is left. Delete a server that you no longer need, or ask the operator for more.";
/// Why the button waits: nothing offered.
pub const NOTHING_OFFERED: &str = "This site offers nothing to choose from at the moment.";
/// User data does not travel in an address.
pub const USER_DATA_AGAIN: &str =
    "User data is never put into an address, so it has to be put in again; the browser's Back still has it.";

#[cfg(test)]
mod tests {
    use super::{level, memory, too_small};
    use crate::features::servers::model::Measure;

    #[test]
    fn amounts_read_as_people_write_them() {
        assert_eq!([512, 1024, 1536, 262_144].map(memory), ["512 MiB", "1 GiB", "1.5 GiB", "256 GiB"]);
    }

    #[test]
    fn levels_say_the_sum_and_what_is_too_much() {
        assert_eq!(level(Measure::Servers, 2, 0, Some(5)), "2 of 5");
        assert_eq!(level(Measure::Cores, 2, 1, Some(4)), "2 + 1 of 4");
        assert_eq!(
            level(Measure::MemoryMib, 1024, 1024, Some(1536)),
            "1 GiB + 1 GiB of 1.5 GiB: 512 MiB too much"
        );
        assert_eq!(level(Measure::DiskGib, 6, 3, None), "6 GiB + 3 GiB, no limit");
        // What is over the limit already was not done here, and is not held against this form.
        assert_eq!(level(Measure::Servers, 6, 0, Some(5)), "6 of 5");
    }

    #[test]
    fn an_image_says_what_it_needs() {
        assert_eq!(too_small("Debian 13", None, None), None);
        let both = too_small("Debian 13", Some(1024), Some(3)).unwrap_or_default();
        assert!(both.starts_with("Debian 13 needs 1 GiB of memory and 3 GiB of disk at least."), "{both}");
    }
}
