//! What must hold of an entry, rule by rule, each with the key that it is about and a sentence.

use super::Entry;
use app::features::software::model::{Interface, Kind, Resources, Version};
use std::collections::HashSet;

/// Something wrong under a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The key as a file has it: `title`, `interface.port`, `versions[0].digest`.
    pub key: String,
    /// What is wrong and what would be right.
    pub reason: String,
}

/// How long things may be, in characters, and how many of them there may be.
#[derive(Debug, Clone, Copy)]
pub struct Limits;

impl Limits {
    /// Of a title.
    pub const TITLE: usize = 100;
    /// Of the line that says what it is for.
    pub const PURPOSE: usize = 200;
    /// Of a description.
    pub const DESCRIPTION: usize = 20_000;
    /// Of any other text.
    pub const TEXT: usize = 300;
    /// Of an image's name (the distribution specification's own limit is 255).
    pub const IMAGE: usize = 255;
    /// Tags of an entry.
    pub const TAGS: usize = 20;
    /// Of a tag, and of a domain.
    pub const TAG: usize = 40;
    /// Versions of an entry.
    pub const VERSIONS: usize = 200;
    /// Arguments of a command.
    pub const ARGUMENTS: usize = 100;
    /// Of one argument.
    pub const ARGUMENT: usize = 2000;
}

/// Whoever goes to lunch loses nothing.
const LEAST_IDLE_MINUTES: u32 = 30;

/// Removes what is around texts, and writes a DOI as one.
pub(super) fn tidy(entry: &mut Entry) {
    let Entry { title, purpose, description, image, domain, licence, citation, source, maintainer, .. } =
        entry;
    for text in [title, purpose, description, image, domain, licence, source, maintainer] {
        let trimmed = text.trim();
        if trimmed.len() != text.len() {
            *text = trimmed.to_owned();
        }
    }
    let doi = citation.trim();
    let doi = ["https://doi.org/", "http://dx.doi.org/", "doi:"]
        .into_iter()
        .find_map(|start| doi.strip_prefix(start))
        .unwrap_or(doi);
    *citation = doi.to_owned();
    for tag in &mut entry.tags {
        *tag = tag.trim().to_lowercase();
    }
    let mut seen = HashSet::new();
    entry.tags.retain(|tag| !tag.is_empty() && seen.insert(tag.clone()));
    // What is best is never less than what is needed.
    let (least, best) = (entry.minimum, &mut entry.recommended);
    if *best == Resources::default() {
        *best = least;
    }
}

/// What a check found so far.
struct Found(Vec<Fault>);

impl Found {
    fn say(&mut self, key: impl Into<String>, reason: impl Into<String>) {
        self.0.push(Fault { key: key.into(), reason: reason.into() });
    }

    /// A text on one line.
    fn line(&mut self, key: &str, text: &str, longest: usize, needed: bool) {
        if needed && text.is_empty() {
            self.say(key, "is missing");
        } else if text.chars().count() > longest {
            self.say(key, format!("has more than {longest} characters"));
        } else if text.chars().any(char::is_control) {
            self.say(key, "has a line break or another control character in it");
        }
    }
}

/// All that is wrong.
pub(super) fn faults(entry: &Entry) -> Vec<Fault> {
    let mut found = Found(Vec::new());
    let name = &entry.name;
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if name.is_empty() || name.len() > 80 || !name.chars().all(plain) || name == "new" {
        found.say("", "its name must be 1 to 80 small letters, digits and `-`, and not `new`");
    }
    found.line("title", &entry.title, Limits::TITLE, true);
    found.line("purpose", &entry.purpose, Limits::PURPOSE, true);
    if entry.description.chars().count() > Limits::DESCRIPTION {
        found.say("description", format!("has more than {} characters", Limits::DESCRIPTION));
    }
    if entry.description.contains('\0') {
        found.say("description", "has a character of value 0 in it");
    }
    if let Err(reason) = image_fault(&entry.image) {
        found.say("image", reason);
    }
    command(&entry.command, &mut found);
    interface(entry.kind, entry.interface.as_ref(), &mut found);
    resources(&entry.minimum, &entry.recommended, &mut found);
    if (1..LEAST_IDLE_MINUTES).contains(&entry.idle_minutes) {
        let reason = format!("must be 0 or at least {LEAST_IDLE_MINUTES}: people are warned before");
        found.say("idle_minutes", reason);
    }
    for (i, architecture) in entry.architectures.iter().enumerate() {
        if architecture.is_empty()
            || architecture.len() > 20
            || !architecture.chars().all(|c| c.is_ascii_alphanumeric())
        {
            found.say(format!("architectures[{i}]"), "must be a word such as `amd64` or `arm64`");
        }
    }
    if entry.architectures.is_empty() {
        found.say("architectures", "is empty; leave it out for `amd64`");
    }
    if entry.tags.len() > Limits::TAGS {
        found.say("tags", format!("has more than {} of them", Limits::TAGS));
    }
    for (i, tag) in entry.tags.iter().enumerate() {
        found.line(&format!("tags[{i}]"), tag, Limits::TAG, false);
    }
    found.line("domain", &entry.domain, Limits::TAG, false);
    found.line("licence", &entry.licence, Limits::TEXT, false);
    found.line("maintainer", &entry.maintainer, Limits::TEXT, false);
    if !entry.citation.is_empty() && !is_doi(&entry.citation) {
        found.say("citation", "must be a DOI, such as `10.3847/1538-4357/ac7c74`");
    }
    let web = |text: &str| {
        text.len() <= 500
            && url::Url::parse(text).is_ok_and(|u| u.has_host() && matches!(u.scheme(), "http" | "https"))
    };
    if !entry.source.is_empty() && !web(&entry.source) {
        found.say("source", "must be an address that begins with https://");
    }
    versions(&entry.versions, &mut found);
    found.0
}

/// Why an image's name cannot be used. It has its registry and no tag, so that nobody has to guess.
fn image_fault(image: &str) -> Result<(), String> {
    if image.is_empty() {
        return Err("is missing".to_owned());
    }
    if image.len() > Limits::IMAGE || !image.is_ascii() {
        return Err("is not the name of an image".to_owned());
    }
    let Ok(reference) = format!("{image}:x").parse::<oci_client::Reference>() else {
        return Err(format!(
            "{image:?} is not the name of an image: registry, path, and no tag, such as `quay.io/jupyter/scipy-notebook`"
        ));
    };
    if image.contains('@') || reference.tag() != Some("x") {
        return Err("has a digest in it; that belongs into [[versions]]".to_owned());
    }
    if !image.starts_with(&format!("{}/", reference.registry())) {
        return Err(format!(
            "names no registry: write `{}/{}`",
            reference.registry(),
            reference.repository()
        ));
    }
    Ok(())
}

fn command(command: &[String], found: &mut Found) {
    if command.len() > Limits::ARGUMENTS {
        found.say("command", format!("has more than {} parts", Limits::ARGUMENTS));
    }
    for (i, part) in command.iter().enumerate() {
        if part.len() > Limits::ARGUMENT || part.contains('\0') {
            found.say(
                format!("command[{i}]"),
                format!("has more than {} bytes, or one of value 0", Limits::ARGUMENT),
            );
        }
    }
}

fn interface(kind: Kind, interface: Option<&Interface>, found: &mut Found) {
    match (kind, interface) {
        (Kind::Batch, Some(_)) => found
            .say("interface", "is there, but a batch image has none; leave it out or choose another kind"),
        (Kind::Batch, None) => {}
        (_, None) => found.say("interface", "is missing: everything but batch has a port"),
        (_, Some(at)) => {
            if at.port == 0 {
                found.say("interface.port", "must be 1 to 65535");
            }
            if at.view.as_ref().is_some_and(|view| view.port == 0 || view.port == at.port) {
                found.say("interface.view.port", "must be 1 to 65535, and another one than interface.port");
            }
            let view = at.view.iter().map(|view| ("interface.view.path", &view.path));
            let paths = [("interface.path", &at.path), ("interface.ready", &at.ready)];
            for (key, path) in paths.into_iter().chain(view) {
                let plain = |c: char| c.is_ascii_graphic() && !"\"'<>\\^`{|}#".contains(c);
                if !path.starts_with('/')
                    || path.starts_with("//")
                    || path.len() > 500
                    || !path.chars().all(plain)
                {
                    found.say(key, "must be a path that begins with one `/`");
                }
            }
        }
    }
}

fn resources(minimum: &Resources, recommended: &Resources, found: &mut Found) {
    for (key, resources) in [("minimum", minimum), ("recommended", recommended)] {
        let Resources { cores, memory_mib, disk_gib, gpus } = *resources;
        let most = [
            ("cores", u64::from(cores), 100_000),
            ("memory_mib", memory_mib, 1 << 32),
            ("disk_gib", disk_gib, 1 << 24),
            ("gpus", u64::from(gpus), 10_000),
        ];
        for (measure, _, _) in most.into_iter().filter(|(_, asked, most)| asked > most) {
            let reason = "is more than any machine has: memory is in MiB, disk in GiB";
            found.say(format!("resources.{key}.{measure}"), reason);
        }
    }
    let least_and_best = [
        ("cores", u64::from(minimum.cores), u64::from(recommended.cores)),
        ("memory_mib", minimum.memory_mib, recommended.memory_mib),
        ("disk_gib", minimum.disk_gib, recommended.disk_gib),
        ("gpus", u64::from(minimum.gpus), u64::from(recommended.gpus)),
    ];
    for (key, least, best) in least_and_best {
        if best < least {
            found.say(
                format!("resources.recommended.{key}"),
                format!("is {best}, less than the {least} that are needed at least"),
            );
        }
    }
}

fn is_doi(text: &str) -> bool {
    let Some((registrant, rest)) = text.strip_prefix("10.").and_then(|text| text.split_once('/')) else {
        return false;
    };
    let digits = registrant.split('.').next().unwrap_or_default();
    (4..=9).contains(&digits.len())
        && registrant.chars().all(|c| c.is_ascii_digit() || c == '.')
        && !rest.is_empty()
        && text.len() <= Limits::TEXT
        && rest.chars().all(|c| c.is_ascii_graphic() && !"\"<>\\^`{|}".contains(c))
}

fn versions(versions: &[Version], found: &mut Found) {
    if versions.is_empty() || versions.len() > Limits::VERSIONS {
        return found.say("versions", format!("must be 1 to {} of them", Limits::VERSIONS));
    }
    let mut seen = HashSet::new();
    for (i, version) in versions.iter().enumerate() {
        let at = |key: &str| format!("versions[{i}].{key}");
        found.line(&at("version"), &version.version, Limits::TITLE, true);
        if !seen.insert(&version.version) {
            found.say(at("version"), format!("{:?} is there twice", version.version));
        }
        // Distribution specification 1.1, "Pulling manifests".
        let tag = version.tag();
        let fits = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        if tag.is_empty() || tag.len() > 128 || !tag.chars().all(fits) || tag.starts_with(['.', '-']) {
            found.say(
                at(if version.tag.is_empty() { "version" } else { "tag" }),
                format!("{tag:?} cannot be an image's tag; set `tag` where it is called otherwise"),
            );
        }
        if !version.digest.is_empty() && !is_digest(&version.digest) {
            found.say(at("digest"), "must be `sha256:` and 64 digits of 0-9 and a-f");
        }
        if !version.date.is_empty() && !is_date(&version.date) {
            found.say(at("date"), "must be a date such as `2026-11-22`, in quotes");
        }
    }
}

/// `sha256:` and 64 small hexadecimal digits.
pub(crate) fn is_digest(text: &str) -> bool {
    text.strip_prefix("sha256:").is_some_and(|hex| {
        hex.len() == 64 && hex.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
    })
}

fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let number = |at: usize, digits: usize| -> Option<u32> {
        parts.get(at).filter(|p| p.len() == digits && p.bytes().all(|b| b.is_ascii_digit()))?.parse().ok()
    };
    parts.len() == 3
        && number(0, 4).is_some()
        && number(1, 2).is_some_and(|month| (1..=12).contains(&month))
        && number(2, 2).is_some_and(|day| (1..=31).contains(&day))
}
