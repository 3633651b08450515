//! The catalogues as d3-celestial has them: GeoJSON, with numbers that are sometimes texts.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::error::ArchiveError;

/// A catalogue of places in the sky.
#[derive(Debug, Deserialize)]
pub(crate) struct Catalogue<P, I = String> {
    /// Its records.
    pub(crate) features: Vec<Feature<P, I>>,
}

/// One place in the sky.
#[derive(Debug, Deserialize)]
pub(crate) struct Feature<P, I = String> {
    /// The identifier within the catalogue.
    pub(crate) id: I,
    /// What is known of it.
    pub(crate) properties: P,
    /// Where it is.
    pub(crate) geometry: Point,
}

/// A position: right ascension as a longitude from -180 to 180, and declination, J2000, both in degrees.
#[derive(Debug, Deserialize)]
pub(crate) struct Point {
    coordinates: (f64, f64),
}

impl Point {
    /// Right ascension from 0 up to 360 and declination, if the source holds a place on the sphere at all.
    pub(crate) fn equatorial(&self) -> Option<(f64, f64)> {
        let (longitude, dec) = self.coordinates;
        if !(-180.0..=360.0).contains(&longitude) || !(-90.0..=90.0).contains(&dec) {
            return None;
        }
        // Rounded to the source's own precision: the sum would add digits that nobody measured.
        let ra = if longitude < 0.0 { (longitude + 360.0) * 1e9 } else { longitude * 1e9 };
        Some(((ra.round() / 1e9) % 360.0, dec))
    }
}

/// The properties of a star.
#[derive(Debug, Deserialize)]
pub(crate) struct Star {
    pub(crate) mag: f32,
    pub(crate) bv: String,
}

/// The properties of a deep-sky object.
#[derive(Debug, Deserialize)]
pub(crate) struct DeepSky {
    pub(crate) desig: String,
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) morph: String,
    pub(crate) mag: String,
    pub(crate) dim: String,
    pub(crate) bv: serde_json::Value,
}

/// The properties of a Messier object.
#[derive(Debug, Deserialize)]
pub(crate) struct Messier {
    pub(crate) desig: String,
    pub(crate) alt: String,
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) mag: f32,
    pub(crate) dim: String,
    pub(crate) cl: String,
}

/// The names of a star, by Hipparcos number; translations are left out.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct StarName {
    pub(crate) name: String,
    pub(crate) desig: String,
    pub(crate) bayer: String,
    pub(crate) flam: String,
    pub(crate) var: String,
    pub(crate) gl: String,
    pub(crate) hd: String,
    pub(crate) c: String,
}

/// The proper name of a deep-sky object, by designation; translations are left out.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct DeepSkyName {
    pub(crate) name: String,
}

/// Reads one catalogue of the package.
pub(crate) fn read<T: DeserializeOwned>(data: &Path, file: &str) -> Result<T, ArchiveError> {
    let path = data.join(file);
    let text = fs::read_to_string(&path).map_err(|source| ArchiveError::File {
        action: "read",
        path: path.clone(),
        source,
    })?;
    serde_json::from_str(&text).map_err(|source| ArchiveError::Json { path, source })
}

/// The same, for a catalogue that is an object by key.
pub(crate) fn read_map<T: DeserializeOwned>(
    data: &Path,
    file: &str,
) -> Result<BTreeMap<String, T>, ArchiveError> {
    read(data, file)
}

/// A text without the thin spaces of the source, or nothing where it is empty.
pub(crate) fn text(raw: &str) -> Option<String> {
    let clean = raw.replace('\u{2009}', " ").trim().to_owned();
    (!clean.is_empty()).then_some(clean)
}

/// A number that the source writes as text, nothing where it is empty.
pub(crate) fn number(record: &str, field: &'static str, raw: &str) -> Result<Option<f32>, ArchiveError> {
    let raw = raw.trim();
    if raw.is_empty() {
        return Ok(None);
    }
    let wrong = || ArchiveError::Value { record: record.into(), field, value: raw.into(), wanted: "number" };
    let value: f32 = raw.parse().map_err(|_| wrong())?;
    if value.is_finite() { Ok(Some(value)) } else { Err(wrong()) }
}

/// An extent like "110x60" or "110" as its longer and its shorter axis; a round object has only one number, for both.
pub(crate) fn axes(record: &str, raw: &str) -> Result<(Option<f32>, Option<f32>), ArchiveError> {
    let (first, second) = raw.split_once('x').unwrap_or((raw, raw));
    let (first, second) = (number(record, "dim", first)?, number(record, "dim", second)?);
    Ok(match (first, second) {
        (Some(first), Some(second)) => (Some(first.max(second)), Some(first.min(second))),
        other => other,
    })
}

#[cfg(test)]
mod tests;
