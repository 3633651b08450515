//! Names that the local archive knows. Proper names and star designations are kept in memory from the first look on
//! (some six thousand); the ninety thousand deep-sky designations and the Hipparcos numbers are asked for one by one.

use super::constellations::{constellation, greek};
use crate::features::archives::archive::Archive;
use crate::features::archives::fault::ArchiveFault;
use datafusion::arrow::array::{Array, AsArray, RecordBatch};
use datafusion::arrow::compute::concat_batches;
use datafusion::arrow::datatypes::{Float64Type, Int32Type};
use futures::TryStreamExt as _;
use std::collections::HashMap;
use std::sync::Arc;
use tokio::sync::OnceCell;
use tokio_util::sync::CancellationToken;

/// More than any question here answers with.
const ROWS: u64 = 20_000;
/// Names offered in place of an unknown one.
const OFFERED: usize = 3;

/// A place with its name.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Place {
    /// What it is called: `M 42`.
    pub(super) name: String,
    /// Degrees.
    pub(super) ra_deg: f64,
    /// Degrees.
    pub(super) dec_deg: f64,
}

/// The names.
pub(super) struct Names {
    local: Arc<dyn Archive>,
    index: OnceCell<Index>,
}

#[derive(Default)]
struct Index {
    places: Vec<Place>,
    /// Into `places`, by [`fold`]ed name.
    by_name: HashMap<Box<str>, u32>,
    /// Proper names as they are written, for offers.
    proper: Vec<Box<str>>,
    /// Designations without the number that tells close stars apart: `α Cen` for `α1 Cen`. They count last.
    loose: Vec<(u32, String)>,
}

impl Names {
    pub(super) fn new(local: Arc<dyn Archive>) -> Self {
        Self { local, index: OnceCell::new() }
    }

    /// The place of this name.
    pub(super) async fn find(&self, text: &str) -> Result<Option<Place>, ArchiveFault> {
        let index = self.index().await?;
        let key = fold(text);
        let bare = ["galaxy", "nebula", "cluster"].iter().find_map(|kind| key.strip_suffix(kind));
        let known = index.by_name.get(key.as_str()).or_else(|| index.by_name.get(bare?));
        if let Some(place) = known.and_then(|place| index.places.get(*place as usize)) {
            return Ok(Some(place.clone()));
        }
        match designation(text) {
            Some((catalogue, number)) if catalogue == "HIP" => self.find_hip(&number).await,
            Some((catalogue, number)) => self.find_designation(&catalogue, &number).await,
            None => Ok(None),
        }
    }

    /// Proper names that come near, best first.
    pub(super) async fn nearest(&self, text: &str) -> Result<Vec<String>, ArchiveFault> {
        let wanted: Vec<char> = fold(text).chars().collect();
        let most = wanted.len() / 3;
        let mut near: Vec<(usize, &str)> = Vec::new();
        for name in &self.index().await?.proper {
            let other: Vec<char> = fold(name).chars().collect();
            if wanted.len().abs_diff(other.len()) <= most {
                let distance = edits(&wanted, &other);
                if distance <= most {
                    near.push((distance, name));
                }
            }
        }
        near.sort_unstable();
        near.dedup();
        Ok(near.into_iter().take(OFFERED).map(|(_, name)| name.to_owned()).collect())
    }

    async fn find_hip(&self, number: &str) -> Result<Option<Place>, ArchiveFault> {
        let Ok(number) = number.parse::<u32>() else { return Ok(None) };
        let rows = self.ask(&format!("SELECT ra, dec FROM sky.stars WHERE hip = {number}")).await?;
        Ok(place_at(&rows, 0, 0).map(|(ra_deg, dec_deg)| Place {
            name: format!("HIP {number}"),
            ra_deg,
            dec_deg,
        }))
    }

    async fn find_designation(&self, catalogue: &str, number: &str) -> Result<Option<Place>, ArchiveFault> {
        let wanted = format!("{catalogue} {number}").replace('\'', "''");
        let adql = format!(
            "SELECT TOP 1 ra, dec, COALESCE(designation, id) AS name FROM sky.dsos WHERE UPPER(id) = '{wanted}' OR UPPER(designation) = '{wanted}'"
        );
        let rows = self.ask(&adql).await?;
        let Some((ra_deg, dec_deg)) = place_at(&rows, 0, 0) else { return Ok(None) };
        Ok(text_at(&rows, 2, 0).map(|name| Place { name: name.to_owned(), ra_deg, dec_deg }))
    }

    async fn index(&self) -> Result<&Index, ArchiveFault> {
        self.index.get_or_try_init(|| self.read()).await
    }

    async fn read(&self) -> Result<Index, ArchiveFault> {
        let mut index = Index::default();
        let messier =
            self.ask("SELECT ra, dec, id, name, designation FROM sky.messier ORDER BY number").await?;
        for row in 0..messier.num_rows() {
            let (Some(place), Some(id)) = (place_at(&messier, 0, row), text_at(&messier, 2, row)) else {
                continue;
            };
            let number = id.trim_start_matches(['M', ' ']);
            let at = index.place(id, place);
            index.name(at, id);
            index.name(at, &format!("Messier {number}"));
            index.proper(at, text_at(&messier, 3, row));
            if let Some(other) = text_at(&messier, 4, row) {
                index.name(at, other);
            }
        }
        let stars = "SELECT s.ra, s.dec, n.name, n.bayer, n.flamsteed, n.constellation, n.variable, n.gliese, n.hd, n.hip \
                     FROM sky.star_names AS n JOIN sky.stars AS s ON s.hip = n.hip ORDER BY s.mag";
        let stars = self.ask(stars).await?;
        for row in 0..stars.num_rows() {
            index.star(&stars, row);
        }
        let named =
            "SELECT ra, dec, id, name, designation FROM sky.dsos WHERE name IS NOT NULL OR designation <> id";
        let named = self.ask(named).await?;
        for row in 0..named.num_rows() {
            let (Some(place), Some(id)) = (place_at(&named, 0, row), text_at(&named, 2, row)) else {
                continue;
            };
            let used = text_at(&named, 4, row).unwrap_or(id);
            let at = index.place(used, place);
            index.proper(at, text_at(&named, 3, row));
            index.name(at, used);
        }
        for (place, name) in std::mem::take(&mut index.loose) {
            index.name(place, &name);
        }
        Ok(index)
    }

    async fn ask(&self, adql: &str) -> Result<RecordBatch, ArchiveFault> {
        let answer = self.local.run(adql, ROWS, CancellationToken::new()).await?;
        let schema = answer.schema.clone();
        let batches: Vec<RecordBatch> = answer.batches.try_collect().await?;
        concat_batches(&schema, &batches).map_err(|error| ArchiveFault::Internal {
            archive: self.local.card().title.clone(),
            source: error.into(),
        })
    }
}

impl Index {
    fn place(&mut self, name: &str, (ra_deg, dec_deg): (f64, f64)) -> u32 {
        self.places.push(Place { name: name.to_owned(), ra_deg, dec_deg });
        (self.places.len() - 1) as u32
    }

    /// The first of a name has it: Messier's objects, then the brighter stars.
    fn name(&mut self, place: u32, name: &str) {
        let key = fold(name);
        if !key.is_empty() {
            self.by_name.entry(key.into()).or_insert(place);
        }
    }

    fn proper(&mut self, place: u32, name: Option<&str>) {
        if let Some(name) = name {
            self.name(place, name);
            self.proper.push(name.into());
        }
    }

    fn star(&mut self, rows: &RecordBatch, row: usize) {
        let Some(position) = place_at(rows, 0, row) else { return };
        let text = |column| text_at(rows, column, row);
        let constellation = text(5).unwrap_or_default();
        let within = |part: Option<&str>| part.map(|part| format!("{part} {constellation}"));
        let (bayer, flamsteed, variable) = (within(text(3)), within(text(4)), within(text(6)));
        let hip = rows.column(9).as_primitive_opt::<Int32Type>().map_or(0, |hips| hips.value(row));
        let shown = text(2).map(str::to_owned).or_else(|| bayer.clone());
        let at = self.place(&shown.unwrap_or_else(|| format!("HIP {hip}")), position);
        let letter = text(3).map(|bayer| bayer.trim_end_matches(|c: char| c.is_ascii_digit()));
        self.loose.extend(within(letter).map(|name| (at, name)));
        self.proper(at, text(2));
        let bare = variable
            .as_deref()
            .and_then(|v| Some(format!("V{}", v.strip_prefix('V')?.trim_start_matches('0'))));
        let designations =
            [bayer.as_deref(), flamsteed.as_deref(), variable.as_deref(), bare.as_deref(), text(7), text(8)];
        for name in designations.into_iter().flatten() {
            self.name(at, name);
        }
    }
}

fn place_at(rows: &RecordBatch, first: usize, row: usize) -> Option<(f64, f64)> {
    let value = |column: usize| {
        let column = rows.columns().get(column)?.as_primitive_opt::<Float64Type>()?;
        (row < column.len() && column.is_valid(row)).then(|| column.value(row))
    };
    Some((value(first)?, value(first + 1)?))
}

fn text_at(rows: &RecordBatch, column: usize, row: usize) -> Option<&str> {
    let column = rows.columns().get(column)?.as_string_opt::<i32>()?;
    (row < column.len() && column.is_valid(row)).then(|| column.value(row))
}

/// What all spellings of a name have in common: small letters and digits, Greek letters by their English names,
/// constellations by their abbreviations.
pub(super) fn fold(name: &str) -> String {
    let lower = name.to_lowercase();
    let words: Vec<&str> = lower.split_whitespace().collect();
    let mut key = String::new();
    for (place, word) in words.iter().enumerate() {
        let of_two = words.len() == 2;
        match (of_two && place == 0).then(|| greek(word)).flatten() {
            Some(letter) => key.push_str(&letter),
            None if of_two && place == 1 => key.push_str(constellation(word).unwrap_or(word)),
            None => key.push_str(word),
        }
    }
    key.retain(char::is_alphanumeric);
    key
}

/// A catalogue in capitals and what follows: `ngc224` is (`NGC`, `224`), `Abell 1656` (`ACO`, `1656`).
fn designation(text: &str) -> Option<(String, String)> {
    let text = text.trim().to_uppercase();
    let end = text.find(|c: char| !c.is_alphabetic())?;
    let (catalogue, number) = text.split_at(end);
    let number = number.trim_start_matches([' ', '-']).trim();
    if catalogue.is_empty() || !number.starts_with(|c: char| c.is_ascii_digit() || c == '+') {
        return None;
    }
    let catalogue = match catalogue {
        "ABELL" => "ACO",
        "BARNARD" => "B",
        "CALDWELL" => "C",
        other => other,
    };
    let plain = number.bytes().all(|b| b.is_ascii_digit());
    let number = if plain { number.trim_start_matches('0') } else { number };
    Some((catalogue.to_owned(), number.to_owned()))
}

/// Insertions, deletions and replacements from one to the other.
fn edits(a: &[char], b: &[char]) -> usize {
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut corner = i;
        let mut left = i + 1;
        for (y, cell) in b.iter().zip(last.iter_mut().skip(1)) {
            let best = (*cell + 1).min(left + 1).min(corner + usize::from(x != y));
            corner = *cell;
            *cell = best;
            left = best;
        }
        if let Some(first) = last.first_mut() {
            *first = i + 1;
        }
    }
    last.last().copied().unwrap_or_default()
}
