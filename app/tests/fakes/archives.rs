//! A fake of the archives port: a local archive with two tables, and a few remote ones in every state.

use super::{HOSTILE, NOW_US, World, long_name};
use app::asking::Caller;
use app::error::{Error, Result};
use app::features::archives::model::{
    ArchiveDetail, ArchiveState, ArchiveView, ColumnKind, ColumnView, TableSummary, TableView,
};
use app::features::archives::port::ArchivesPort;
use async_trait::async_trait;

pub(crate) struct FakeArchives(pub(crate) World);

fn archive(
    name: &str,
    title: &str,
    sentence: &str,
    address: Option<&str>,
    state: ArchiveState,
) -> ArchiveView {
    ArchiveView {
        name: name.into(),
        title: title.into(),
        sentence: sentence.into(),
        address: address.map(str::to_owned),
        tables: matches!(state, ArchiveState::Answering { .. }).then_some(if name == "local" {
            4
        } else {
            61
        }),
        state,
    }
}

fn archives() -> Vec<ArchiveView> {
    let away = ArchiveState::Away {
        reason: "Its name was not found. Check the network, then ask again.".into(),
        at_us: NOW_US - 120_000_000,
    };
    vec![
        archive(
            "local",
            "Bright sky",
            "Stars to magnitude 14, deep-sky objects, Messier objects and star names, kept here.",
            None,
            ArchiveState::Answering { at_us: NOW_US - 30_000_000 },
        ),
        archive(
            "simbad",
            "SIMBAD",
            "Names, positions, types and references of twenty million objects outside the solar system.",
            Some("https://simbad.example/tap"),
            ArchiveState::Answering { at_us: NOW_US - 60_000_000 },
        ),
        archive(
            "gaia",
            "Gaia",
            "Positions, distances and motions of 1.8 billion stars.",
            Some("https://gaia.example/tap"),
            away,
        ),
        archive(
            "mast",
            "MAST",
            "Observations of Hubble, Webb, TESS and Kepler.",
            Some("https://mast.example/tap"),
            ArchiveState::NotTried,
        ),
        archive("odd", HOSTILE, &long_name(), Some("https://odd.example/tap"), ArchiveState::NotTried),
    ]
}

fn tables() -> Vec<TableSummary> {
    let table = |name: &str, description: &str, rows, columns| TableSummary {
        name: name.into(),
        description: Some(description.into()),
        rows: Some(rows),
        columns: Some(columns),
    };
    vec![
        table("sky.stars", "Stars to magnitude 14 with positions, brightness and colour", 118_216, 6),
        table("sky.messier", "The 110 objects of Charles Messier's catalogue", 110, 8),
        table("sky.dsos", "Galaxies, nebulae and clusters brighter than magnitude 14", 13_000, 9),
        TableSummary { name: long_name(), description: Some(HOSTILE.into()), rows: None, columns: None },
    ]
}

fn column(
    name: &str,
    kind: ColumnKind,
    datatype: &str,
    unit: &str,
    ucd: &str,
    description: &str,
) -> ColumnView {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    ColumnView {
        name: name.into(),
        kind,
        datatype: datatype.into(),
        unit: some(unit),
        ucd: some(ucd),
        description: some(description),
        principal: name != "bv",
        indexed: name == "id",
    }
}

fn columns() -> Vec<ColumnView> {
    use ColumnKind::{Integer, Number, Text};
    vec![
        column("id", Integer, "int", "", "meta.id;meta.main", "Number in the Hipparcos catalogue"),
        column("ra", Number, "double", "deg", "pos.eq.ra;meta.main", "Right ascension, ICRS, epoch 2000"),
        column("dec", Number, "double", "deg", "pos.eq.dec;meta.main", "Declination, ICRS, epoch 2000"),
        column("mag", Number, "float", "mag", "phot.mag;em.opt.V", "V magnitude"),
        column("bv", Number, "float", "mag", "phot.color;em.opt.B;em.opt.V", "Colour index B−V"),
        column("name", Text, "char(*)", "", "meta.id", HOSTILE),
    ]
}

#[async_trait]
impl ArchivesPort for FakeArchives {
    async fn list(&self, _caller: &Caller) -> Result<Vec<ArchiveView>> {
        self.0.reach()?;
        Ok(if self.0.full() { archives() } else { Vec::new() })
    }

    async fn show(&self, _caller: &Caller, archive: &str, search: &str) -> Result<ArchiveDetail> {
        self.0.reach()?;
        let archive = archives().into_iter().find(|a| a.name == archive).ok_or(Error::NotFound)?;
        if archive.name == "gaia" {
            return Err(Error::Archive("Gaia did not answer within 20 s. Try again later.".into()));
        }
        let search = search.to_lowercase();
        let tables: Vec<_> = tables()
            .into_iter()
            .filter(|_| archive.name == "local")
            .filter(|t| format!("{} {:?}", t.name, t.description).to_lowercase().contains(&search))
            .collect();
        Ok(ArchiveDetail {
            matching: tables.len() as u64,
            credit: (archive.name == "local").then(|| "d3-celestial, BSD-3-Clause".to_owned()),
            archive,
            tables,
        })
    }

    async fn table(&self, _caller: &Caller, archive: &str, table: &str) -> Result<TableView> {
        self.0.reach()?;
        let table =
            tables().into_iter().find(|t| archive == "local" && t.name == table).ok_or(Error::NotFound)?;
        Ok(TableView { table, columns: columns() })
    }

    async fn probe(&self, _caller: &Caller, archive: &str) -> Result<ArchiveView> {
        self.0.reach()?;
        archives().into_iter().find(|a| a.name == archive).ok_or(Error::NotFound)
    }
}
