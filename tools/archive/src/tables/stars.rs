//! `sky.stars`: the Hipparcos stars.

use std::path::Path;

use crate::error::ArchiveError;
use crate::source::{self, Catalogue, Star};
use crate::table::{Column, Table, Values};
use crate::tables::sort_by_band;

struct Row {
    hip: i32,
    ra: f64,
    dec: f64,
    mag: f32,
    bv: Option<f32>,
}

/// Reads the stars to magnitude 14.
pub(crate) fn read(data: &Path) -> Result<Table, ArchiveError> {
    let catalogue: Catalogue<Star, i32> = source::read(data, "stars.14.json")?;
    let mut rows = Vec::with_capacity(catalogue.features.len());
    for feature in catalogue.features {
        let record = format!("HIP {}", feature.id);
        let Some((ra, dec)) = feature.geometry.equatorial() else { continue };
        let bv = source::number(&record, "bv", &feature.properties.bv)?;
        rows.push(Row { hip: feature.id, ra, dec, mag: feature.properties.mag, bv });
    }
    let group_starts = sort_by_band(&mut rows, |row| (row.ra, row.dec));
    let columns = vec![
        Column::new(
            "hip",
            "meta.id;meta.main",
            "",
            Values::Integer(rows.iter().map(|row| Some(row.hip)).collect()),
            "Number of the star in the Hipparcos catalogue.",
        )
        .key(),
        Column::new(
            "ra",
            "pos.eq.ra;meta.main",
            "deg",
            Values::Double(rows.iter().map(|row| Some(row.ra)).collect()),
            "Right ascension, equinox J2000.",
        )
        .principal(),
        Column::new(
            "dec",
            "pos.eq.dec;meta.main",
            "deg",
            Values::Double(rows.iter().map(|row| Some(row.dec)).collect()),
            "Declination, equinox J2000.",
        )
        .principal(),
        Column::new(
            "mag",
            "phot.mag;em.opt.V",
            "mag",
            Values::Real(rows.iter().map(|row| Some(row.mag)).collect()),
            "Apparent visual magnitude (V): the smaller, the brighter.",
        )
        .principal(),
        Column::new(
            "bv",
            "phot.color;em.opt.B;em.opt.V",
            "mag",
            Values::Real(rows.iter().map(|row| row.bv).collect()),
            "Colour index B-V: near 0 for white stars, negative for blue, above 1 for orange and red ones; \
             empty where unknown.",
        )
        .principal(),
    ];
    Ok(Table {
        name: "stars",
        title: "Stars to magnitude 14",
        description: "Positions, brightness and colour of the stars of the Hipparcos catalogue, as extended by \
                      XHIP: complete to about magnitude 7, thinner down to magnitude 14. Names of the better known ones \
                      are in sky.star_names."
            .to_owned(),
        source: "XHIP: An Extended Hipparcos Compilation, Anderson & Francis 2012 (VizieR V/137D), \
                 by way of d3-celestial 0.7.35",
        columns,
        group_starts,
        references: Vec::new(),
    })
}
