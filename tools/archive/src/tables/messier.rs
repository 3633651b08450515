//! `sky.messier`: Charles Messier's list.

use std::path::Path;

use crate::error::ArchiveError;
use crate::kinds;
use crate::source::{self, Catalogue, Messier};
use crate::table::{Column, Table, Values};

struct Row {
    number: i32,
    ngc: Option<String>,
    name: Option<String>,
    kind: String,
    ra: f64,
    dec: f64,
    mag: f32,
    axes: (Option<f32>, Option<f32>),
    morphology: Option<String>,
}

/// Reads the 110 objects.
pub(crate) fn read(data: &Path) -> Result<Table, ArchiveError> {
    let catalogue: Catalogue<Messier> = source::read(data, "messier.json")?;
    let mut rows = Vec::with_capacity(catalogue.features.len());
    for feature in catalogue.features {
        let (id, properties) = (feature.id, feature.properties);
        let number = id.trim_start_matches('M').trim().parse().map_err(|_| ArchiveError::Value {
            record: id.clone(),
            field: "id",
            value: id.clone(),
            wanted: "number after an M",
        })?;
        let Some((ra, dec)) = feature.geometry.equatorial() else { continue };
        rows.push(Row {
            number,
            ngc: source::text(&properties.desig),
            name: source::text(&properties.alt),
            kind: properties.kind,
            ra,
            dec,
            mag: properties.mag,
            axes: source::axes(&id, &properties.dim)?,
            morphology: source::text(&properties.cl),
        });
    }
    rows.sort_by_key(|row| row.number);
    Ok(Table {
        name: "messier",
        title: "Messier objects",
        description: "The 110 star clusters, nebulae and galaxies of Messier's list, the showpieces of the northern sky."
            .to_owned(),
        source: "Messier objects with data, H. Frommert (SEDS), by way of d3-celestial 0.7.35",
        columns: columns(&rows),
        group_starts: Vec::new(),
        references: vec![("designation", "sky.dsos", "id")],
    })
}

fn columns(rows: &[Row]) -> Vec<Column> {
    let text = |of: &dyn Fn(&Row) -> Option<String>| Values::Text(rows.iter().map(of).collect());
    let real = |of: &dyn Fn(&Row) -> Option<f32>| Values::Real(rows.iter().map(of).collect());
    let double = |of: &dyn Fn(&Row) -> f64| Values::Double(rows.iter().map(|row| Some(of(row))).collect());
    vec![
        Column::new(
            "id",
            "meta.id;meta.main",
            "",
            text(&|row| Some(format!("M {}", row.number))),
            "Designation, like 'M 31'.",
        )
        .key(),
        Column::new(
            "number",
            "meta.number",
            "",
            Values::Integer(rows.iter().map(|row| Some(row.number)).collect()),
            "Number in Messier's list, 1 to 110.",
        ),
        Column::new(
            "name",
            "meta.id",
            "",
            text(&|row| row.name.clone()),
            "Proper name in English, where it has one.",
        )
        .principal(),
        Column::new(
            "designation",
            "meta.id",
            "",
            text(&|row| row.ngc.clone()),
            "Designation in the NGC or another catalogue, like 'NGC 224'.",
        )
        .principal(),
        Column::new(
            "type",
            "src.class",
            "",
            text(&|row| Some(row.kind.clone())),
            "Kind of object as a code: s spiral, e elliptical, i irregular galaxy, oc open cluster, gc globular cluster, \
             sfr star-forming region, rn reflection nebula, pn planetary nebula, snr supernova remnant, \
             pos anything else (M 24, M 40, M 73).",
        ),
        Column::new(
            "type_name",
            "src.class",
            "",
            text(&|row| kinds::words(&row.kind)),
            "Kind of object in words.",
        )
        .principal(),
        Column::new(
            "ra",
            "pos.eq.ra;meta.main",
            "deg",
            double(&|row| row.ra),
            "Right ascension, equinox J2000.",
        )
        .principal(),
        Column::new(
            "dec",
            "pos.eq.dec;meta.main",
            "deg",
            double(&|row| row.dec),
            "Declination, equinox J2000.",
        )
        .principal(),
        Column::new(
            "mag",
            "phot.mag;em.opt.V",
            "mag",
            real(&|row| Some(row.mag)),
            "Apparent visual magnitude of the whole object.",
        )
        .principal(),
        Column::new(
            "major_axis",
            "phys.angSize.smajAxis",
            "arcmin",
            real(&|row| row.axes.0),
            "Apparent length (full, not half) along the longer axis.",
        ),
        Column::new(
            "minor_axis",
            "phys.angSize.sminAxis",
            "arcmin",
            real(&|row| row.axes.1),
            "Apparent length (full, not half) along the shorter axis; the same as major_axis where the source gives one diameter.",
        ),
        Column::new(
            "morphology",
            "src.morph",
            "",
            text(&|row| row.morphology.clone()),
            "Class of form: Shapley-Sawyer class of globular clusters, Trumpler class of open clusters, \
             de Vaucouleurs class of galaxies.",
        ),
    ]
}
