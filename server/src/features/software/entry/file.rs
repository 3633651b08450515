//! An entry as a TOML file: what is wrong with one names the line and the key.

use super::{Entry, Fault};
use app::features::software::model::{Interface, Kind, Resources, Version};
use serde::Deserialize;
use std::fmt;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Something wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileFault {
    /// The file.
    pub file: String,
    /// The line, from 1; none where the fault is about the whole file.
    pub line: Option<usize>,
    /// The key; empty where there is none.
    pub key: String,
    /// What is wrong.
    pub reason: String,
}

impl fmt::Display for FileFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        }
        match self.key.as_str() {
            "" => write!(f, ": {}", self.reason),
            key => write!(f, ", key {key}: {}", self.reason),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    title: String,
    purpose: String,
    kind: Kind,
    image: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    command: Vec<String>,
    interface: Option<Interface>,
    #[serde(default)]
    resources: Needs,
    #[serde(default = "amd64")]
    architectures: Vec<String>,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default)]
    domain: String,
    #[serde(default)]
    licence: String,
    #[serde(default)]
    citation: String,
    #[serde(default)]
    source: String,
    #[serde(default)]
    maintainer: String,
    #[serde(default)]
    featured: bool,
    #[serde(default)]
    idle_minutes: u32,
    #[serde(default)]
    versions: Vec<Version>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Needs {
    minimum: Resources,
    recommended: Resources,
}

fn amd64() -> Vec<String> {
    vec!["amd64".to_owned()]
}

/// Reads the text of a file; `name` is the entry's, `shown` what the file is called in a fault.
///
/// # Errors
/// Everything that is wrong with it, at least one.
pub fn read_file(name: &str, shown: &str, text: &str) -> Result<Entry, Vec<FileFault>> {
    let fault = |line, key: String, reason: String| FileFault { file: shown.to_owned(), line, key, reason };
    let file: File = toml::from_str(text).map_err(|error| {
        let at = error.span().map(|span| span.start);
        let key = at.and_then(|at| DeTable::parse(text).ok().map(|table| key_at(table.get_ref(), at)));
        vec![fault(at.map(|at| line_of(text, at)), key.unwrap_or_default(), error.message().to_owned())]
    })?;
    let File {
        title,
        purpose,
        kind,
        image,
        description,
        command,
        interface,
        resources,
        architectures,
        tags,
        domain,
        licence,
        citation,
        source,
        maintainer,
        featured,
        idle_minutes,
        versions,
    } = file;
    let Needs { minimum, recommended } = resources;
    let entry = Entry {
        name: name.to_owned(),
        title,
        purpose,
        description,
        kind,
        image,
        versions,
        command,
        interface,
        minimum,
        recommended,
        architectures,
        tags,
        domain,
        licence,
        citation,
        source,
        maintainer,
        featured,
        idle_minutes,
    };
    entry.checked().map_err(|faults| {
        let table = DeTable::parse(text).ok();
        let place = |key: &str| table.as_ref().and_then(|table| place_of(table.get_ref(), key));
        faults
            .into_iter()
            .map(|Fault { key, reason }| fault(place(&key).map(|at| line_of(text, at)), key, reason))
            .collect()
    })
}

fn line_of(text: &str, at: usize) -> usize {
    text.get(..at).unwrap_or(text).matches('\n').count() + 1
}

/// The key whose value, or whose name, stands at a place of the text.
fn key_at(table: &DeTable<'_>, at: usize) -> String {
    for (key, value) in table {
        let name = key.get_ref().to_string();
        if key.span().contains(&at) {
            return name;
        }
        let inner = match value.get_ref() {
            DeValue::Table(inner) => key_at(inner, at),
            DeValue::Array(items) => {
                let found = items.iter().enumerate().find_map(|(i, item)| match item.get_ref() {
                    DeValue::Table(inner) => {
                        Some(key_at(inner, at)).filter(|k| !k.is_empty()).map(|k| format!("[{i}].{k}"))
                    }
                    _ => item.span().contains(&at).then(|| format!("[{i}]")),
                });
                match found {
                    Some(inner) => return format!("{name}{inner}"),
                    None => String::new(),
                }
            }
            _ => String::new(),
        };
        if !inner.is_empty() {
            return format!("{name}.{inner}");
        }
        if value.span().contains(&at) {
            return name;
        }
    }
    String::new()
}

/// Where a key stands, or the nearest one above it.
fn place_of(table: &DeTable<'_>, key: &str) -> Option<usize> {
    let (first, rest) = key.split_once('.').map_or((key, ""), |(first, rest)| (first, rest));
    let (name, number) = match first.split_once('[') {
        Some((name, number)) => (name, number.trim_end_matches(']').parse::<usize>().ok()),
        None => (first, None),
    };
    let (found, value) = table.iter().find(|(key, _)| key.get_ref().as_ref() == name)?;
    let within = match (value.get_ref(), number) {
        (DeValue::Table(inner), None) => place_of(inner, rest),
        (DeValue::Array(items), Some(number)) => items.get(number).and_then(|item| item_place(item, rest)),
        _ => None,
    };
    Some(within.unwrap_or(found.span().start))
}

fn item_place(item: &Spanned<DeValue<'_>>, rest: &str) -> Option<usize> {
    match item.get_ref() {
        DeValue::Table(inner) if !rest.is_empty() => place_of(inner, rest).or(Some(item.span().start)),
        _ => Some(item.span().start),
    }
}

#[cfg(test)]
mod tests;
