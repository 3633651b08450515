//! A fake of the basket port that really removes, empties and puts back.

use super::{HOSTILE, NOW_US, World, long_name};
use app::asking::Caller;
use app::error::{Error, Result};
use app::features::archives::model::ColumnKind;
use app::features::basket::model::{Added, Addition, BasketGroup, BasketItem, BasketKind, BasketView};
use app::features::basket::port::BasketPort;
use app::features::queries::model::ResultColumn;
use app::selection::Selection;
use async_trait::async_trait;
use std::sync::{Mutex, MutexGuard, PoisonError};

pub(crate) struct FakeBasket {
    pub(crate) world: World,
    pub(crate) kept: Mutex<Kept>,
}

/// What is in it, and what was in it before the last change.
pub(crate) struct Kept {
    items: Vec<BasketItem>,
    removed: Vec<BasketItem>,
    revision: i64,
}

impl Kept {
    pub(crate) fn new(world: World) -> Self {
        let items = if world.full() { items() } else { Vec::new() };
        Self { items, removed: Vec::new(), revision: 1 }
    }

    fn take_out(&mut self, gone: impl Fn(&BasketItem) -> bool) {
        let (removed, items) = std::mem::take(&mut self.items).into_iter().partition(gone);
        (self.removed, self.items) = (removed, items);
        self.revision += 1;
    }

    fn view(&self, archive: &str, offset: u64) -> BasketView {
        let of = |name: &str| self.items.iter().filter(|i| i.archive == name).count() as u64;
        let shown: Vec<_> =
            self.items.iter().filter(|i| archive.is_empty() || i.archive == archive).collect();
        let group = |name: &str, title: &str| BasketGroup {
            archive: name.into(),
            title: title.into(),
            count: of(name),
        };
        BasketView {
            revision: self.revision,
            count: self.items.len() as u64,
            groups: [group("local", "Bright sky"), group("odd", HOSTILE)]
                .into_iter()
                .filter(|g| g.count > 0)
                .collect(),
            undo: self.removed.len() as u64,
            archive: archive.into(),
            offset,
            matching: shown.len() as u64,
            items: shown.into_iter().skip(offset as usize).take(50).cloned().collect(),
        }
    }
}

fn items() -> Vec<BasketItem> {
    let column = |name: &str, kind, unit: &str, description: &str| ResultColumn {
        name: name.into(),
        kind,
        unit: (!unit.is_empty()).then(|| unit.to_owned()),
        ucd: None,
        description: Some(description.into()),
    };
    let row = |i: u64| BasketItem {
        id: format!("b{i}"),
        kind: BasketKind::Row,
        archive: "local".into(),
        table: "sky.stars".into(),
        label: format!("id {}", 26_100 + i),
        query: "q1".into(),
        columns: vec![
            column("id", ColumnKind::Integer, "", "Number in the Hipparcos catalogue"),
            column("ra", ColumnKind::Number, "deg", "Right ascension"),
            column("dec", ColumnKind::Number, "deg", "Declination"),
            column("mag", ColumnKind::Number, "mag", "V magnitude"),
            column("name", ColumnKind::Text, "", "Name"),
        ],
        cells: vec![
            Some((26_100 + i).to_string()),
            Some("83.8583".into()),
            Some("-5.9099".into()),
            Some("2.75".into()),
            None,
        ],
        rows: None,
        note: String::new(),
        added_us: NOW_US - i as i64 * 1_000_000,
    };
    let mut items: Vec<_> = (0..60).map(row).collect();
    items[0].note = "Look again with the long slit".into();
    items[1].note = HOSTILE.into();
    items[2].label = long_name();
    items.insert(
        2,
        BasketItem {
            id: "whole".into(),
            kind: BasketKind::Result,
            archive: "odd".into(),
            table: HOSTILE.into(),
            label: "Stars within 3° of the Orion Nebula".into(),
            rows: Some(118_216),
            columns: Vec::new(),
            cells: Vec::new(),
            ..row(900)
        },
    );
    items
}

impl FakeBasket {
    fn open(&self, caller: &Caller) -> Result<MutexGuard<'_, Kept>> {
        self.world.reach()?;
        caller.user()?;
        Ok(self.kept.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[async_trait]
impl BasketPort for FakeBasket {
    async fn add(&self, caller: &Caller, _add: Addition) -> Result<Added> {
        let kept = self.open(caller)?;
        Ok(Added { added: 3, already: 1, count: kept.items.len() as u64 + 3 })
    }

    async fn remembered(&self, _caller: &Caller, _query: &str) -> Result<Option<Selection>> {
        Ok(None)
    }

    async fn show(&self, caller: &Caller, archive: &str, offset: u64) -> Result<BasketView> {
        Ok(self.open(caller)?.view(archive, offset))
    }

    async fn remove(&self, caller: &Caller, items: Vec<String>) -> Result<BasketView> {
        let mut kept = self.open(caller)?;
        kept.take_out(|item| items.contains(&item.id));
        Ok(kept.view("", 0))
    }

    async fn empty(&self, caller: &Caller, archive: &str) -> Result<BasketView> {
        let mut kept = self.open(caller)?;
        kept.take_out(|item| archive.is_empty() || item.archive == archive);
        Ok(kept.view("", 0))
    }

    async fn undo(&self, caller: &Caller) -> Result<BasketView> {
        let mut kept = self.open(caller)?;
        let removed = std::mem::take(&mut kept.removed);
        kept.items.splice(0..0, removed);
        Ok(kept.view("", 0))
    }

    async fn note(&self, caller: &Caller, item: &str, note: String) -> Result<()> {
        let mut kept = self.open(caller)?;
        if note.chars().count() > 2000 {
            return Err(Error::field("note", "A note has at most 2,000 characters. Shorten it."));
        }
        let item = kept.items.iter_mut().find(|i| i.id == item).ok_or(Error::NotFound)?;
        item.note = note;
        Ok(())
    }
}
