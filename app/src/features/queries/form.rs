//! The guided form and the ADQL that it stands for. Both halves of the query page are made from this one value.

use super::filter::Condition;
use crate::error::{Error, FieldError, Result};
use crate::features::archives::model::{ColumnView, TableView};
use serde::{Deserialize, Serialize};

/// What the guided form holds, as typed; also what the page's address holds.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct GuidedForm {
    /// Target name or coordinates; no cone where empty.
    pub target: String,
    /// The resolved centre, right ascension and declination in ICRS degrees.
    pub center: Option<(f64, f64)>,
    /// Radius as typed: `3 deg`, `10 arcmin`, `30"`; degrees where no unit is given.
    pub radius: String,
    /// Conditions as typed, by column.
    pub conditions: Vec<(String, String)>,
    /// Columns wanted, in order; all where empty.
    pub columns: Vec<String>,
    /// Most rows wanted.
    pub rows: Option<u64>,
}

/// Reads a radius into degrees: `3`, `3 deg`, `3°`, `10 arcmin`, `10'`, `30 arcsec`, `30"`; above 0 and at most 180°.
pub fn parse_radius(text: &str) -> Result<f64, String> {
    let text = text.trim();
    let digits = text.find(|c: char| !(c.is_ascii_digit() || "+-.eE".contains(c))).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let per_degree = match unit.trim() {
        "" | "d" | "deg" | "degree" | "degrees" | "°" => 1.0,
        "arcmin" | "'" | "′" | "m" => 60.0,
        "arcsec" | "\"" | "″" | "s" | "''" => 3600.0,
        _ => return Err(format!("\"{unit}\" is not a unit for a radius. Write deg, arcmin or arcsec.")),
    };
    match number.parse::<f64>().map(|n| n / per_degree) {
        Ok(degrees) if degrees > 0.0 && degrees <= 180.0 => Ok(degrees),
        Ok(_) => Err("The radius must be above 0 and at most 180 degrees.".to_owned()),
        Err(_) => Err(format!("\"{text}\" is not a radius. Write a number and a unit, such as 10 arcmin.")),
    }
}

impl GuidedForm {
    /// The ADQL that the form stands for. All faults at once, each with its field.
    pub fn to_adql(&self, table: &TableView) -> Result<String> {
        let mut faults = Vec::new();
        let mut conditions: Vec<String> = self.cone(table, &mut faults).into_iter().collect();
        for (name, text) in &self.conditions {
            let Some(column) = table.columns.iter().find(|c| c.name == *name) else { continue };
            match Condition::parse(text, column.kind.is_numeric()) {
                Ok(Some(condition)) => conditions.push(condition.to_adql(&column.name)),
                Ok(None) => {}
                Err(sentence) => faults.push(FieldError { field: format!("c.{name}"), sentence }),
            }
        }
        if !faults.is_empty() {
            return Err(Error::Invalid(faults));
        }
        let top = self.rows.map(|n| format!("TOP {n} ")).unwrap_or_default();
        let columns = if self.columns.is_empty() { "*".to_owned() } else { self.columns.join(", ") };
        let mut adql = format!("SELECT {top}{columns}\nFROM {}", table.table.name);
        if !conditions.is_empty() {
            adql.push_str("\nWHERE ");
            adql.push_str(&conditions.join("\n  AND "));
        }
        Ok(adql)
    }

    fn cone(&self, table: &TableView, faults: &mut Vec<FieldError>) -> Option<String> {
        if self.target.trim().is_empty() {
            return None;
        }
        let mut fault = |field: &str, sentence: String| {
            faults.push(FieldError { field: field.to_owned(), sentence });
            None
        };
        let radius = match parse_radius(&self.radius) {
            Ok(radius) => radius,
            Err(sentence) => return fault("radius", sentence),
        };
        let Some((ra, dec)) = table.position() else {
            return fault(
                "target",
                format!("{} has no columns for a position. Leave the target empty.", table.table.name),
            );
        };
        let Some((ra0, dec0)) = self.center else {
            return fault(
                "target",
                "This target is not resolved yet. Write a name such as M 42, or two coordinates.".into(),
            );
        };
        let name = |c: &ColumnView| c.name.clone();
        Some(format!(
            "1 = CONTAINS(POINT('ICRS', {}, {}), CIRCLE('ICRS', {ra0}, {dec0}, {radius}))",
            name(ra),
            name(dec)
        ))
    }
}

#[cfg(test)]
mod tests;
