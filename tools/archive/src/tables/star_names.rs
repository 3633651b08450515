//! `sky.star_names`: what stars are called.

use std::path::Path;

use crate::error::ArchiveError;
use crate::source::{self, StarName};
use crate::table::{Column, Table, Values};

/// Reads the names, by Hipparcos number.
pub(crate) fn read(data: &Path) -> Result<Table, ArchiveError> {
    let names = source::read_map::<StarName>(data, "starnames.json")?;
    let mut rows = Vec::with_capacity(names.len());
    for (key, name) in names {
        let hip: i32 = key.parse().map_err(|_| ArchiveError::Value {
            record: key.clone(),
            field: "hip",
            value: key.clone(),
            wanted: "number",
        })?;
        rows.push((hip, name));
    }
    rows.sort_by_key(|(hip, _)| *hip);
    let text = |of: &dyn Fn(&StarName) -> &str| {
        Values::Text(rows.iter().map(|(_, name)| source::text(of(name))).collect())
    };
    let columns = vec![
        Column::new(
            "hip",
            "meta.id;meta.main",
            "",
            Values::Integer(rows.iter().map(|(hip, _)| Some(*hip)).collect()),
            "Number of the star in the Hipparcos catalogue: the key of sky.stars.",
        )
        .key(),
        Column::new("name", "meta.id", "", text(&|name| &name.name), "Proper name, like 'Betelgeuse'.").principal(),
        Column::new(
            "bayer",
            "meta.id",
            "",
            text(&|name| &name.bayer),
            "Bayer letter within the constellation, in Greek, with a number where stars share it, like 'α' or 'ψ1'.",
        )
        .principal(),
        Column::new("flamsteed", "meta.id", "", text(&|name| &name.flam), "Flamsteed number within the constellation.").principal(),
        Column::new(
            "constellation",
            "meta.id.part",
            "",
            text(&|name| &name.c),
            "Abbreviation of the constellation (IAU, three letters), like 'Ori'.",
        )
        .principal(),
        Column::new("variable", "meta.id", "", text(&|name| &name.var), "Variable-star designation within the constellation, like 'RR' or 'V0640'."),
        Column::new("gliese", "meta.id", "", text(&|name| &name.gl), "Designation in the Gliese-Jahreiss catalogue of nearby stars (GJ, NN or Wo)."),
        Column::new("hd", "meta.id", "", text(&|name| &name.hd), "Designation in the Henry Draper catalogue, like 'HD 224930'."),
        Column::new(
            "designation",
            "meta.id",
            "",
            text(&|name| &name.desig),
            "The designation most used: the first of Bayer, Flamsteed, variable, Gliese and HD that the star has.",
        ),
    ];
    Ok(Table {
        name: "star_names",
        title: "Star names",
        description: "Proper names and traditional designations of 4,870 stars; join with sky.stars on hip."
            .to_owned(),
        source: "Kostjuk 2002 (VizieR IV/27A), Smith 1996 (IV/22), GCVS (B/gcvs) and Gliese & Jahreiss 1991 (V/70A), \
                 by way of d3-celestial 0.7.35",
        columns,
        group_starts: Vec::new(),
        references: vec![("hip", "sky.stars", "hip")],
    })
}
