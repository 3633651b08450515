//! What the query page works on: the draft, the archive's tables, the target, the fault in the text.
//!
//! The server loads all of it once for the first look; after that the browser asks only for what a change needs.

use super::api::{check_adql, resolve_target, show_limits};
use super::draft::Draft;
use super::model::{LimitsView, Target};
use super::pause::{Latest, Pause};
use crate::error::{AdqlFault, Error, Result};
use crate::features::archives::api::{list_archives, show_archive, show_table};
use crate::features::archives::model::{ArchiveDetail, ArchiveView, TableView};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::{Deserialize, Serialize};

/// What the page needs at first.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FirstLook {
    archive: String,
    archives: Vec<ArchiveView>,
    detail: Result<ArchiveDetail>,
    table: Result<TableView>,
    limits: LimitsView,
    target: TargetState,
    fault: Option<AdqlFault>,
}

/// What is known of the target as typed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum TargetState {
    /// No target was typed.
    None,
    /// It is being looked up.
    Asking,
    /// It is there.
    Known(Target),
    /// It could not be found, or nobody could be asked.
    Unknown(Error),
}

/// Loads the first look.
pub async fn look(draft: Draft) -> Result<FirstLook> {
    let (archives, limits, target) =
        futures::join!(list_archives(), show_limits(), find_target(draft.target.clone()));
    let archives = archives?;
    let archive = if draft.archive.is_empty() { first_archive(&archives) } else { draft.archive.clone() };
    let (detail, table) = load_tables(archive.clone(), draft.table).await;
    let fault = match draft.adql {
        // Where it cannot be checked now, asking will tell.
        Some(adql) => check_adql(archive.clone(), adql).await.unwrap_or(None),
        None => None,
    };
    Ok(FirstLook { archive, archives, detail, table, limits: limits?, target, fault })
}

fn first_archive(archives: &[ArchiveView]) -> String {
    let local = archives.iter().find(|a| a.address.is_none());
    local.or(archives.first()).map(|a| a.name.clone()).unwrap_or_default()
}

async fn find_target(text: String) -> TargetState {
    if text.trim().is_empty() {
        return TargetState::None;
    }
    resolve_target(text).await.map_or_else(TargetState::Unknown, TargetState::Known)
}

/// An archive's tables, and the one wanted; its first one where none is wanted or it has no such table.
async fn load_tables(archive: String, table: String) -> (Result<ArchiveDetail>, Result<TableView>) {
    let detail = show_archive(archive.clone(), String::new());
    let (detail, found) = if table.is_empty() {
        (detail.await, Err(Error::NotFound))
    } else {
        futures::join!(detail, show_table(archive.clone(), table))
    };
    let table = match (&found, detail.as_ref().map(|d| d.tables.first())) {
        (Err(Error::NotFound), Ok(Some(first))) => show_table(archive, first.name.clone()).await,
        (Err(Error::NotFound), Err(error)) => Err(error.clone()),
        _ => found,
    };
    (detail, table)
}

/// The live state of the page.
#[derive(Debug, Clone, Copy)]
pub struct Desk {
    /// The form as typed, and the text by hand.
    pub draft: RwSignal<Draft>,
    /// All archives.
    pub archives: StoredValue<Vec<ArchiveView>>,
    /// The archive's tables.
    pub detail: RwSignal<Result<ArchiveDetail>>,
    /// The table of the form.
    pub table: RwSignal<Result<TableView>>,
    /// The caller's limits.
    pub limits: StoredValue<LimitsView>,
    /// The target.
    pub target: RwSignal<TargetState>,
    /// The first fault in the text.
    pub fault: RwSignal<Option<AdqlFault>>,
    /// The ADQL of the form, or its faults.
    pub form: Memo<Result<String>>,
    /// The ADQL as it stands: by hand, or the form's last good one.
    pub text: Memo<String>,
}

impl Desk {
    /// The state of a first look.
    pub fn new(mut draft: Draft, first: FirstLook) -> Self {
        draft.archive = first.archive;
        if let Ok(table) = &first.table {
            draft.table.clone_from(&table.table.name);
        }
        let (draft, table) = (RwSignal::new(draft), RwSignal::new(first.table));
        let (target, limits) = (RwSignal::new(first.target), StoredValue::new(first.limits));
        let form = Memo::new(move |_| {
            let center = target.with(|target| match target {
                TargetState::Known(target) => Some((target.ra_deg, target.dec_deg)),
                _ => None,
            });
            table.with(|table| {
                let table = table.as_ref().map_err(Clone::clone)?;
                limits.with_value(|limits| draft.with(|draft| draft.form_adql(table, center, limits)))
            })
        });
        let text = Memo::new(move |last: Option<&String>| match draft.with(|d| d.adql.clone()) {
            Some(by_hand) => by_hand,
            None => form.get().unwrap_or_else(|_| last.cloned().unwrap_or_default()),
        });
        Self {
            draft,
            archives: StoredValue::new(first.archives),
            detail: RwSignal::new(first.detail),
            table,
            limits,
            target,
            fault: RwSignal::new(first.fault),
            form,
            text,
        }
    }

    /// Whether the text was written by hand.
    pub fn by_hand(self) -> bool {
        self.draft.with(|d| d.adql.is_some())
    }

    /// What is wrong with a field of the form, in a sentence.
    pub fn fault_of(self, field: &str) -> Option<String> {
        self.form.with(|form| form.as_ref().err()?.of_field(field).map(str::to_owned))
    }

    /// Takes a text as typed in the editor. One that says what the form says belongs to the form.
    pub fn write(self, text: String) {
        let of_form = self.form.with_untracked(|form| form.as_ref().is_ok_and(|form| *form == text));
        let adql = (!of_form).then_some(text);
        if self.draft.with_untracked(|d| d.adql != adql) {
            self.draft.update(|d| d.adql = adql);
        }
    }

    /// Takes the form as the browser would send it, after a change of any of its fields.
    pub fn read_form(self, pairs: &str) {
        let (old, mut new) = (self.draft.get_untracked(), Draft::read(pairs));
        new.adql.clone_from(&old.adql);
        if new.archive != old.archive {
            let adql = old.adql.clone();
            new = Draft { adql, ..old.with_archive(&new.archive) };
        } else if new.table != old.table {
            new = Draft { adql: old.adql.clone(), ..old.with_table(&new.table) };
        } else if old.adql.is_some() {
            // A form that is switched off sends nothing of itself.
            new = Draft { archive: new.archive, table: new.table, ..old.clone() };
        }
        let untouched = Draft { columns: None, rows: None, radius: None, ..new.clone() };
        if let Ok(table) = &*self.table.read_untracked()
            && new.columns.is_some()
            && new.columns(table) == untouched.columns(table)
        {
            new.columns = None;
        }
        if new.radius() == untouched.radius() {
            new.radius = None;
        }
        if self.limits.with_value(|limits| new.rows(limits) == untouched.rows(limits)) {
            new.rows = None;
        }
        if new != old {
            self.draft.set(new);
        }
    }

    /// Keeps everything in step with the draft, in the browser: tables, target, checks, the address.
    pub fn follow(self) {
        self.follow_tables();
        self.follow_target();
        let (check, address) = (Pause::new(), Pause::new());
        let latest = Latest::new();
        let changed = Memo::new(move |_| (self.draft.with(|d| d.archive.clone()), self.text.get()));
        Effect::watch(
            move || changed.get(),
            move |(archive, text), _, _| {
                let (archive, text, request) = (archive.clone(), text.clone(), latest.next());
                check.then(400, move || {
                    spawn_local(async move {
                        let fault = check_adql(archive, text).await.unwrap_or(None);
                        if latest.is(request) {
                            self.fault.set(fault);
                        }
                    });
                });
            },
            false,
        );
        Effect::watch(
            move || self.draft.with(Draft::address),
            move |to, _, _| {
                let to = to.clone();
                address.then(250, move || super::dom::show_address(&to));
            },
            false,
        );
    }

    fn follow_tables(self) {
        let latest = Latest::new();
        let wanted = Memo::new(move |_| self.draft.with(|d| (d.archive.clone(), d.table.clone())));
        Effect::watch(
            move || wanted.get(),
            move |(archive, table), _, _| {
                let there = self.table.with_untracked(|t| t.as_ref().is_ok_and(|t| t.table.name == *table))
                    && self.detail.with_untracked(|d| d.as_ref().is_ok_and(|d| d.archive.name == *archive));
                if there {
                    return;
                }
                let (archive, table, request) = (archive.clone(), table.clone(), latest.next());
                spawn_local(async move {
                    let (detail, table) = load_tables(archive, table).await;
                    if latest.is(request) {
                        self.detail.set(detail);
                        if let Ok(table) = &table {
                            self.draft.update(|d| d.table.clone_from(&table.table.name));
                        }
                        self.table.set(table);
                    }
                });
            },
            false,
        );
    }

    fn follow_target(self) {
        let (pause, latest) = (Pause::new(), Latest::new());
        let wanted = Memo::new(move |_| self.draft.with(|d| d.target.trim().to_owned()));
        Effect::watch(
            move || wanted.get(),
            move |text, _, _| {
                let (text, request) = (text.clone(), latest.next());
                self.target.set(if text.is_empty() { TargetState::None } else { TargetState::Asking });
                pause.then(350, move || {
                    spawn_local(async move {
                        let found = find_target(text).await;
                        if latest.is(request) {
                            self.target.set(found);
                        }
                    });
                });
            },
            false,
        );
    }
}
