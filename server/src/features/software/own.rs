//! A container of a user's own: what was typed, and where nothing was, what the image says of itself.

mod command;

use super::entry::{Entry, Fault, Limits};
use super::remote::{ImageFacts, RegistryFault};
use app::error::{Error, FieldError};
use app::features::software::container::Container;
use app::features::software::model::{Interface, Kind, Resources, Version};
use oci_client::Reference;

/// What one needs that says nothing else.
const MEMORY_MIB: u64 = 1024;

/// An entry of what was typed and what the registry said; `by` is the name of who adds it.
///
/// # Errors
/// What is wrong, at the fields of the form.
pub(super) fn entry_of(
    name: &str,
    typed: &Container,
    image: &Reference,
    facts: &ImageFacts,
    by: &str,
) -> Result<Entry, Error> {
    let mut wrong = Vec::new();
    let kind = kind_of(&typed.kind, facts);
    if kind.is_none() {
        wrong.push(field("kind", "The image does not say what it is. Choose one."));
    }
    let kind = kind.unwrap_or(Kind::Batch);
    let interface = match kind {
        Kind::Batch => Ok(None),
        _ => port_of(&typed.port, facts).map(|port| {
            let path = |typed: &str, label: &str| match (typed.trim(), facts.label(label)) {
                ("", "") => "/".to_owned(),
                ("", label) => label.to_owned(),
                (typed, _) => typed.to_owned(),
            };
            Some(Interface {
                port,
                path: path(&typed.path, "org.skyport.path"),
                ready: path(&typed.ready, "org.skyport.ready"),
                view: None,
            })
        }),
    };
    let interface = interface.unwrap_or_else(|sentence| {
        wrong.push(field("port", sentence));
        Some(Interface { port: 1, path: "/".to_owned(), ready: "/".to_owned(), view: None })
    });
    let command = command::split(&typed.command).unwrap_or_else(|| {
        wrong.push(field("command", "A quote in it is not closed."));
        Vec::new()
    });
    let needs = needs(typed, &mut wrong);
    let said = |typed: &str, label: &str, longest: usize| match typed.trim() {
        "" => one_line(facts.label(label), longest),
        typed => typed.to_owned(),
    };
    let last = image.repository().rsplit('/').next().unwrap_or_default();
    let or = |text: String, other: &str| if text.is_empty() { other.to_owned() } else { text };
    let tag = image.tag().unwrap_or_default();
    let version = if tag.is_empty() { short(&facts.digest) } else { tag.to_owned() };
    let source = facts.label("org.opencontainers.image.source");
    let entry = Entry {
        name: name.to_owned(),
        title: or(said(&typed.title, "org.opencontainers.image.title", Limits::TITLE), last),
        purpose: or(
            said(&typed.purpose, "org.opencontainers.image.description", Limits::PURPOSE),
            &format!("The image {}", image.repository()).chars().take(Limits::PURPOSE).collect::<String>(),
        ),
        description: typed.description.clone(),
        kind,
        image: format!("{}/{}", image.registry(), image.repository()),
        versions: vec![Version {
            version,
            tag: String::new(),
            digest: facts.digest.clone(),
            date: facts.date.clone(),
            size_bytes: facts.size_bytes,
        }],
        command,
        interface,
        minimum: needs,
        recommended: needs,
        architectures: if facts.architectures.is_empty() {
            vec!["amd64".to_owned()]
        } else {
            facts.architectures.clone()
        },
        tags: typed.tags.split(',').map(str::to_owned).collect(),
        domain: String::new(),
        licence: one_line(facts.label("org.opencontainers.image.licenses"), Limits::TEXT),
        citation: String::new(),
        source: if source.starts_with("https://") && source.len() <= 500 {
            source.to_owned()
        } else {
            String::new()
        },
        maintainer: one_line(by, Limits::TEXT),
        featured: false,
        idle_minutes: 0,
    };
    // What it needs is also what it is best given: each fault of it is said once.
    let once = |fault: &&Fault| !fault.key.starts_with("resources.recommended");
    let checked = entry.checked().map_err(|faults| wrong.extend(faults.iter().filter(once).map(at_field)));
    match checked {
        Ok(entry) if wrong.is_empty() => Ok(entry),
        _ => Err(Error::Invalid(wrong)),
    }
}

fn field(name: &str, sentence: impl Into<String>) -> FieldError {
    FieldError { field: name.to_owned(), sentence: sentence.into() }
}

/// A fault of the entry at the field that it came from.
fn at_field(fault: &Fault) -> FieldError {
    let first = fault.key.split(['.', '[']).next().unwrap_or_default();
    let (name, what) = match (first, fault.key.as_str()) {
        (_, "interface.port") => ("port", "The port"),
        (_, "interface.path") => ("path", "The path"),
        (_, "interface.ready") => ("ready", "The path"),
        ("title", _) => ("title", "The title"),
        ("purpose", _) => ("purpose", "This"),
        ("description", _) => ("description", "The description"),
        ("command", _) => ("command", "The command"),
        ("tags", _) => ("tags", "One of the tags, or all of them,"),
        ("resources", key) if key.rsplit('.').next() == Some("cores") => ("cores", "The number of cores"),
        ("resources", _) => ("memory_gib", "The memory"),
        _ => ("image", "The image"),
    };
    field(name, format!("{what} {}.", fault.reason))
}

fn kind_of(typed: &str, facts: &ImageFacts) -> Option<Kind> {
    let key = if typed.is_empty() { facts.label("org.skyport.kind") } else { typed };
    if key == "web" { Some(Kind::WebApp) } else { Kind::of_key(key) }
}

fn port_of(typed: &str, facts: &ImageFacts) -> Result<u16, String> {
    let typed = match typed.trim() {
        "" => facts.label("org.skyport.port"),
        typed => typed,
    };
    match (typed, facts.ports.as_slice()) {
        ("", [one]) => Ok(*one),
        ("", []) => Err("The image names no port. Say which one its interface answers at.".to_owned()),
        ("", several) => {
            let several: Vec<_> = several.iter().map(ToString::to_string).collect();
            Err(format!(
                "The image names several ports: {}. Say which one its interface answers at.",
                several.join(", ")
            ))
        }
        (typed, _) => match typed.parse() {
            Ok(port) if port > 0 => Ok(port),
            _ => Err("A port is a number from 1 to 65535.".to_owned()),
        },
    }
}

fn needs(typed: &Container, wrong: &mut Vec<FieldError>) -> Resources {
    let mut needs = Resources { cores: 1, memory_mib: MEMORY_MIB, ..Resources::default() };
    match typed.cores.trim() {
        "" => {}
        text => match text.parse() {
            Ok(cores) if cores > 0 => needs.cores = cores,
            _ => wrong.push(field("cores", "Cores are a whole number, at least 1.")),
        },
    }
    match typed.memory_gib.trim() {
        "" => {}
        text => match text.parse::<f64>() {
            // From one MiB, so that whatever was taken once is taken again.
            Ok(gib) if (1.0 / 1024.0..=4_000_000.0).contains(&gib) => {
                needs.memory_mib = (gib * 1024.0).round() as u64;
            }
            _ => wrong.push(field("memory_gib", "Memory is a number of GiB, such as 0.5 or 16.")),
        },
    }
    needs
}

/// The first line of what an image says, cut.
fn one_line(text: &str, longest: usize) -> String {
    let line = text.lines().next().unwrap_or_default().trim();
    line.chars().filter(|c| !c.is_control()).take(longest).collect()
}

fn short(digest: &str) -> String {
    digest.trim_start_matches("sha256:").chars().take(12).collect()
}

/// The name of a new entry: its title as far as an address takes it, and what makes it its own.
pub(super) fn new_name(title: &str, id: &str) -> String {
    let plain: String =
        title.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let words: Vec<_> = plain.split('-').filter(|word| !word.is_empty()).collect();
    let joined: String = words.join("-").chars().take(40).collect();
    let joined = joined.trim_end_matches('-');
    let id: String = id.chars().take(8).collect();
    if joined.is_empty() { format!("container-{id}") } else { format!("{joined}-{id}") }
}

/// The form of an entry that is kept.
pub(super) fn form_of(entry: &Entry, shared_with: Option<&str>, registry_user: Option<&str>) -> Container {
    let Entry {
        name,
        title,
        purpose,
        description,
        kind,
        image,
        versions,
        command,
        interface,
        minimum,
        tags,
        ..
    } = entry;
    let gib = minimum.memory_mib as f64 / 1024.0;
    let usual = |path: &String| if path == "/" { String::new() } else { path.clone() };
    Container {
        change: name.clone(),
        // By tag where there was one: saving asks what it is now.
        image: versions.first().map_or_else(
            || image.clone(),
            |version| {
                if short(&version.digest) == version.version {
                    version.reference(image)
                } else {
                    format!("{image}:{}", version.tag())
                }
            },
        ),
        kind: kind.key().to_owned(),
        port: interface.as_ref().map(|at| at.port.to_string()).unwrap_or_default(),
        path: interface.as_ref().map(|at| usual(&at.path)).unwrap_or_default(),
        ready: interface.as_ref().map(|at| usual(&at.ready)).unwrap_or_default(),
        command: app::features::software::sentences::command_line(command),
        title: title.clone(),
        purpose: purpose.clone(),
        description: description.clone(),
        tags: tags.join(", "),
        cores: if minimum.cores == 1 { String::new() } else { minimum.cores.to_string() },
        memory_gib: if minimum.memory_mib == MEMORY_MIB { String::new() } else { gib.to_string() },
        share: shared_with.unwrap_or_default().to_owned(),
        registry_user: registry_user.unwrap_or_default().to_owned(),
        registry_secret: String::new(),
    }
}

/// What a user is told of an image that cannot be had.
pub(super) fn refusal(fault: &RegistryFault, image: &str, registries: &[String], with_secret: bool) -> Error {
    let sentence = match fault {
        RegistryFault::Name => "This is not the name of an image. It looks like quay.io/jupyter/scipy-notebook:2025-12-31.".to_owned(),
        RegistryFault::NotListed(registry) if registries.is_empty() => {
            format!("This Skyport asks no registry, {registry} neither: its operator has named none.")
        }
        RegistryFault::NotListed(registry) => format!(
            "{registry} is none of the registries that this Skyport asks: {}. Ask its operator to add it.",
            registries.join(", ")
        ),
        RegistryFault::NotThere => format!("The registry has no image {image}. Check its name and tag."),
        RegistryFault::NotLetIn if with_secret => {
            return Error::field("registry_secret", "The registry does not take this user and secret for the image. Check both, and the image's name.");
        }
        RegistryFault::NotLetIn => {
            "The registry does not show this image to everybody. Check its name; if it is private, give your user and secret under \"More options\".".to_owned()
        }
        RegistryFault::Busy => "The registry has been asked too often. Try again in a while.".to_owned(),
        RegistryFault::NoImage => "There is something under that name, but no image for Linux containers.".to_owned(),
        RegistryFault::Slow | RegistryFault::Away(_) => {
            "The registry could not be reached, or did not answer in its usual way. Try again; if it stays so, ask the operator of this Skyport.".to_owned()
        }
    };
    Error::field("image", sentence)
}

#[cfg(test)]
mod tests;
