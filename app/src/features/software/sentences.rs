//! What the pages of software say.

use super::model::{Origin, Resources, Version};
use crate::text::counted;

/// Where a refused form comes back without JavaScript, whose description is too long for an address.
#[cfg(feature = "ssr")]
pub const DESCRIPTION_LEFT_BEHIND: &str = "Your description is too long to come back to this page. Your browser's back button leads to where it still stands.";

/// Under the heading of the catalogue.
pub const LEAD: &str = "Containers that a session can run, with what each is for and what it needs.";
/// The catalogue has nothing at all.
pub const NOTHING: &str = "The operator of this Skyport lists no software, and nobody has added any. Ask them for a catalogue, or add your own container.";
/// Nothing matches.
pub const NOT_FOUND: &str =
    "Nothing has all of this. Try fewer or other words, or take something off that narrows the search.";
/// No favourites.
pub const NO_FAVOURITES: &str = "The star on a card keeps it here, whichever device you sign in from.";
/// No site runs sessions.
pub const NO_SITES: &str = "No site runs sessions for this Skyport at the moment. Ask its operator.";
/// Nothing was run.
pub const NOTHING_USED: &str = "Whatever you run stands here, last first, whichever device you sign in from.";
/// Nothing of one's own.
pub const NOTHING_MINE: &str =
    "A container of your own stands here once you have added it. Nobody else sees it unless you share it.";
/// A version without a digest.
pub const NOT_PINNED: &str = "pinned when it is first run here";
/// The image's own command is run.
pub const OWN_COMMAND: &str = "the image's own";
/// An entry without a description.
pub const NO_DESCRIPTION: &str = "Nobody has described it further.";

/// Under the heading of the form of a new one.
pub const ADD_LEAD: &str = "Name an image in a registry. What it says of itself is taken from there; nobody else sees it unless you share it.";
/// Under the heading of the form of one that is changed.
pub const CHANGE_LEAD: &str = "The registry is asked again when you save. If an operator shows it to everybody, they have to do so again.";
/// For somebody who is not signed in.
pub const ADD_VISITOR: &str =
    "A container of your own belongs to an account. You come back to this form once you are signed in.";
/// Under the kind.
pub const KIND_HINT: &str = "Everything but batch has an interface that you open in the browser.";
/// Under the port.
pub const PORT_HINT: &str = "Left empty, the one that the image names.";
/// Under the secret of a private registry.
pub const SECRET_HINT: &str =
    "Kept encrypted, and sent to that registry and where it lets people sign in alone.";
/// The same, where one is kept.
pub const SECRET_KEPT: &str = "One is kept. Leave this empty to keep it; empty the user to forget both.";
/// Under the command.
pub const COMMAND_HINT: &str =
    "In place of the image's own, as you would type it in a shell; its entry point stays.";
/// A user's container is deleted.
pub const DELETED: &str = "The container is deleted";

/// Under the image: how it is written, and where it may come from.
pub fn image_hint(registries: &[String]) -> String {
    let names: Vec<_> = registries.iter().map(|name| name.trim_start_matches("http://")).collect();
    match names.as_slice() {
        [] => "This Skyport asks no registry: its operator has named none.".to_owned(),
        names => format!("With its registry and its tag or digest. It may come from {}.", names.join(", ")),
    }
}

/// The question before one is deleted.
pub fn delete_question(title: &str) -> String {
    format!(
        "{title} is removed from the catalogue, for whoever it is shared with too. The image stays in its registry."
    )
}

/// Who sees an entry, where that is not everybody.
pub fn seen_by(origin: &Origin) -> Option<String> {
    match origin {
        Origin::Catalogue => None,
        Origin::Mine(None) => Some("Yours alone".to_owned()),
        Origin::Mine(Some(group)) => Some(format!("Yours, shared with {group}")),
        Origin::Group(group) => Some(format!("Shared with {group}")),
        Origin::Featured => Some("Added by a user".to_owned()),
        Origin::Others => Some("A user's own; you see it as an operator".to_owned()),
    }
}

/// `2 cores, 4 GiB memory, 10 GiB disk, 1 GPU`; none where nothing is asked for.
pub fn resources(needed: &Resources) -> Option<String> {
    let mut parts = Vec::new();
    if needed.cores > 0 {
        parts.push(counted(u64::from(needed.cores), "core"));
    }
    if needed.memory_mib > 0 {
        parts.push(format!("{} memory", memory(needed.memory_mib)));
    }
    if needed.disk_gib > 0 {
        parts.push(format!("{} GiB disk", needed.disk_gib));
    }
    if needed.gpus > 0 {
        parts.push(counted(u64::from(needed.gpus), "GPU"));
    }
    (!parts.is_empty()).then(|| parts.join(", "))
}

fn memory(mib: u64) -> String {
    match mib {
        0..1024 => format!("{mib} MiB"),
        _ if mib.is_multiple_of(1024) => format!("{} GiB", mib / 1024),
        _ => format!("{:.1} GiB", mib as f64 / 1024.0),
    }
}

/// Whether it wants GPUs.
pub fn gpus(minimum: &Resources, recommended: &Resources) -> &'static str {
    match (minimum.gpus, recommended.gpus) {
        (1.., _) => "needed",
        (0, 1..) => "of use, not needed",
        (0, 0) => "not used",
    }
}

/// The newest version and how many more: `4.4, 3 versions`.
pub fn versions(newest: &str, count: u64) -> String {
    if count > 1 { format!("{newest}, {}", counted(count, "version")) } else { newest.to_owned() }
}

/// A digest short enough to be compared by eye.
pub fn short_digest(version: &Version) -> Option<String> {
    let digest = version.digest.strip_prefix("sha256:")?;
    Some(format!("sha256:{}…", digest.get(..12)?))
}

/// A command as one types it: arguments with blanks or quotes in single quotes.
pub fn command_line(command: &[String]) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:@%+,".contains(c);
    let quoted = command.iter().map(|part| {
        if !part.is_empty() && part.chars().all(plain) {
            part.clone()
        } else {
            format!("'{}'", part.replace('\'', "'\\''"))
        }
    });
    quoted.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::{command_line, resources, versions};
    use crate::features::software::model::Resources;

    #[test]
    fn says_what_is_needed() {
        let needed = Resources { cores: 1, memory_mib: 1536, disk_gib: 10, gpus: 2 };
        assert_eq!(resources(&needed).unwrap(), "1 core, 1.5 GiB memory, 10 GiB disk, 2 GPUs");
        assert_eq!(
            resources(&Resources { memory_mib: 4096, ..Resources::default() }).unwrap(),
            "4 GiB memory"
        );
        assert_eq!(resources(&Resources::default()), None);
        assert_eq!(versions("4.4", 1), "4.4");
        assert_eq!(versions("4.4", 3), "4.4, 3 versions");
    }

    #[test]
    fn commands_are_shown_as_a_shell_takes_them() {
        let parts = ["start", "--token=", "a b", "it's", ""].map(str::to_owned);
        assert_eq!(command_line(&parts), "start --token= 'a b' 'it'\\''s' ''");
    }
}
