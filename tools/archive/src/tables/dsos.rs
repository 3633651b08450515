//! `sky.dsos`: deep-sky objects, everything beyond the solar system that is not a single star.

use std::path::Path;

use crate::error::ArchiveError;
use crate::kinds;
use crate::source::{self, Catalogue, DeepSky, DeepSkyName};
use crate::table::{Column, Table, Values};
use crate::tables::sort_by_band;

/// What the source writes where it knows no magnitude.
const NO_MAGNITUDE: f32 = 999.0;

struct Row {
    id: String,
    designation: Option<String>,
    name: Option<String>,
    kind: String,
    morphology: Option<String>,
    ra: f64,
    dec: f64,
    mag: Option<f32>,
    opacity: Option<i32>,
    axes: (Option<f32>, Option<f32>),
    bv: Option<f32>,
}

/// Reads the deep-sky objects to magnitude 20.
pub(crate) fn read(data: &Path) -> Result<Table, ArchiveError> {
    let catalogue: Catalogue<DeepSky> = source::read(data, "dsos.20.json")?;
    let names = source::read_map::<DeepSkyName>(data, "dsonames.json")?;
    let name_of = |key: &str| names.get(key).and_then(|entry| source::text(&entry.name));
    let mut rows = Vec::with_capacity(catalogue.features.len());
    let mut misplaced = Vec::new();
    for feature in catalogue.features {
        let (id, properties) = (feature.id, feature.properties);
        let Some((ra, dec)) = feature.geometry.equatorial() else {
            misplaced.push(id);
            continue;
        };
        let brightness = source::number(&id, "mag", &properties.mag)?.filter(|&mag| mag < NO_MAGNITUDE);
        // A dark nebula has no brightness: there the source's field holds the class of opacity.
        let (mag, opacity) = if properties.kind == "dn" {
            (None, brightness.map(|class| class as i32))
        } else {
            (brightness, None)
        };
        let bv = match &properties.bv {
            serde_json::Value::String(raw) => source::number(&id, "bv", raw)?,
            other => other.as_f64().map(|value| value as f32),
        };
        rows.push(Row {
            name: name_of(&id).or_else(|| name_of(&properties.desig)),
            designation: source::text(&properties.desig),
            kind: properties.kind,
            morphology: source::text(&properties.morph),
            ra,
            dec,
            mag,
            opacity,
            axes: source::axes(&id, &properties.dim)?,
            bv,
            id,
        });
    }
    let group_starts = sort_by_band(&mut rows, |row| (row.ra, row.dec));
    misplaced.sort();
    Ok(Table {
        name: "dsos",
        title: "Deep-sky objects",
        description: format!(
            "Galaxies, clusters of galaxies, star clusters and nebulae to about magnitude 20, from the NGC, IC, PGC, \
             Abell (ACO), Barnard, Lynds and other catalogues. Left out, since the source gives them no place on the \
             sky: {}.",
            misplaced.join(", ")
        ),
        source: "Saguaro Astronomy Club database 8.1 and others, by way of d3-celestial 0.7.35",
        columns: columns(&rows),
        group_starts,
        references: Vec::new(),
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
            text(&|row| Some(row.id.clone())),
            "Designation in the object's main catalogue, like 'NGC 224', 'PGC 17223' or 'LDN 1622'.",
        )
        .key(),
        Column::new(
            "designation",
            "meta.id",
            "",
            text(&|row| row.designation.clone()),
            "The designation most used, like 'M 31'; the same as id for most objects.",
        )
        .principal(),
        Column::new("name", "meta.id", "", text(&|row| row.name.clone()), "Proper name in English, where it has one.").principal(),
        Column::new(
            "type",
            "src.class",
            "",
            text(&|row| Some(row.kind.clone())),
            "Kind of object as a code: gg galaxy cluster, g galaxy, s spiral, s0 lenticular, sd dwarf spheroidal, \
             i irregular, e elliptical galaxy, oc open cluster, gc globular cluster, dn dark, bn bright, \
             rn reflection, en emission, pn planetary nebula, sfr star-forming region, snr supernova remnant.",
        ),
        Column::new("type_name", "src.class", "", text(&|row| kinds::words(&row.kind)), "Kind of object in words.").principal(),
        Column::new("ra", "pos.eq.ra;meta.main", "deg", double(&|row| row.ra), "Right ascension, equinox J2000.").principal(),
        Column::new("dec", "pos.eq.dec;meta.main", "deg", double(&|row| row.dec), "Declination, equinox J2000.").principal(),
        Column::new(
            "mag",
            "phot.mag;em.opt",
            "mag",
            real(&|row| row.mag),
            "Apparent magnitude of the whole object: visual, or photographic (blue) for many faint galaxies; the source does not say which. Empty where unknown.",
        )
        .principal(),
        Column::new(
            "opacity",
            "src.class",
            "",
            Values::Integer(rows.iter().map(|row| row.opacity).collect()),
            "Dark nebulae only: class of opacity, from 1 (barely darker than its surroundings) to 6 (darkest).",
        ),
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
            "Class of form: Hubble or de Vaucouleurs class of galaxies, Trumpler class of open clusters, \
             Bautz-Morgan class of galaxy clusters and the like.",
        ),
        Column::new("bv", "phot.color;em.opt.B;em.opt.V", "mag", real(&|row| row.bv), "Colour index B-V; empty where unknown."),
    ]
}
