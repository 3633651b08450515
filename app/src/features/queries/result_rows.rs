//! The rows of a result as the page holds them: which pieces are here, what is in sight, what is selected.

use super::api::show_window;
use super::dom;
use super::model::{QueryView, ResultColumn, WindowRow, WindowView};
use super::pause::{Latest, Pause};
use super::result_address::{PAGE_ROWS, ResultAddress};
use super::scrolling::{Drawn, Scrolling, missing};
use crate::error::{Error, Result};
use crate::selection::Selection;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};
use std::collections::BTreeMap;

/// Pieces kept; those far from what is in sight go first.
const MOST_PIECES: usize = 200;
/// Rows of which one range of a sorted or filtered result may be selected.
const MOST_IN_RANGE: u64 = 20_000;

/// The state of the table.
#[derive(Clone, Copy)]
pub struct Rows {
    /// The query.
    pub query: StoredValue<QueryView>,
    /// The page's address.
    pub address: Memo<ResultAddress>,
    /// The address without what cannot be asked.
    pub sound: Memo<ResultAddress>,
    /// The columns shown.
    pub columns: Memo<Vec<ResultColumn>>,
    /// Rows that pass the filters.
    pub matching: RwSignal<u64>,
    /// What went wrong with the last request.
    pub trouble: RwSignal<Option<Error>>,
    /// Whether another order of rows is on its way.
    pub loading: RwSignal<bool>,
    /// What is selected, by row number.
    pub selection: RwSignal<Selection>,
    /// Whether every row that passes the filters is meant, whatever its number.
    pub all_matching: RwSignal<bool>,
    /// Whether a selection came back from the sign-in: how many rows.
    pub restored: Option<u64>,
    /// The row that the keyboard is at, by place.
    pub active: RwSignal<u64>,
    /// Whether the page is hydrated and the table scrolls.
    pub live: RwSignal<bool>,
    /// How far it is scrolled, in pixels.
    pub scrolled: RwSignal<f64>,
    /// Height of one row and of the part in sight, in pixels.
    pub measures: RwSignal<(f64, f64)>,
    /// Which rows exist now.
    pub drawn: Memo<Drawn>,
    /// Set to scroll there.
    pub scroll_to: RwSignal<Option<f64>>,
    pieces: RwSignal<BTreeMap<u64, Vec<WindowRow>>>,
    anchor: StoredValue<Option<u64>>,
    order: Latest,
    pause: Pause,
    go: Callback<ResultAddress>,
}

impl Rows {
    /// The rows that the server rendered, or none yet.
    pub fn new(query: QueryView, window: Option<Result<WindowView>>, remembered: Option<Selection>) -> Self {
        let search = use_location().search;
        let address = Memo::new(move |_| search.with(|search| ResultAddress::read(search)));
        let (id, rows) = (query.id.clone(), query.rows);
        // What was ticked before the page answered: it takes the ticks away as it takes over.
        let early = dom::ticked_rows(&id);
        let query = StoredValue::new(query);
        let sound = Memo::new(move |_| query.with_value(|q| address.with(|a| a.sound(&q.columns))));
        let columns = Memo::new(move |_| query.with_value(|q| address.with(|a| a.shown(&q.columns))));
        let first = address.with_untracked(|a| a.offset);
        let loading = RwSignal::new(window.is_none());
        let (view, trouble) = match window {
            Some(Ok(view)) => (Some(view), None),
            Some(Err(error)) => (None, Some(error)),
            None => (None, None),
        };
        let matching = RwSignal::new(view.as_ref().map_or(rows, |v| v.matching));
        let pieces = view.map(|v| (v.offset / PAGE_ROWS, v.window)).into_iter().collect::<BTreeMap<_, _>>();
        let shown = pieces.values().next().map_or(0, |rows| rows.len() as u64);
        let (live, scrolled) = (RwSignal::new(false), RwSignal::new(0.0));
        let measures = RwSignal::new((28.0, 560.0));
        let drawn = Memo::new(move |_| {
            if live.get() {
                let (row_px, view_px) = measures.get();
                Scrolling { rows: matching.get(), row_px, view_px }.drawn(scrolled.get())
            } else {
                Drawn { rows: first..first + shown, above_px: 0.0, below_px: 0.0 }
            }
        });
        let navigate = use_navigate();
        let go = Callback::new(move |to: ResultAddress| {
            let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
            navigate(&to.address(&id), options);
        });
        let restored = remembered.as_ref().map(Selection::len).filter(|rows| *rows > 0);
        let rows = Self {
            query,
            address,
            sound,
            columns,
            matching,
            trouble: RwSignal::new(trouble),
            loading,
            selection: RwSignal::new(remembered.unwrap_or_default()),
            all_matching: RwSignal::new(false),
            restored,
            active: RwSignal::new(first),
            live,
            scrolled,
            measures,
            drawn,
            scroll_to: RwSignal::new(None),
            pieces: RwSignal::new(pieces),
            anchor: StoredValue::new(None),
            order: Latest::new(),
            pause: Pause::new(),
            go,
        };
        Effect::new(move |_| {
            let ticked = rows.query.with_value(|q| dom::ticked_rows(&q.id));
            rows.selection.update(|s| early.iter().chain(&ticked).for_each(|n| s.insert(*n, *n)));
            rows.live.set(true);
        });
        rows
    }

    /// Keeps the rows in step with the address and the scroll bar, in the browser.
    pub fn follow(self) {
        let order = Memo::new(move |_| {
            self.query.with_value(|q| {
                self.sound.with(|a| ResultAddress { offset: 0, ..a.clone() }.window(0, 0, &q.columns))
            })
        });
        Effect::watch(move || order.get(), move |_, _, _| self.start_over(), self.loading.get_untracked());
        Effect::watch(move || self.drawn.with(|d| d.rows.clone()), move |_, _, _| self.fetch(), false);
    }

    /// Shows another part or order of the result.
    pub fn go_to(self, change: impl FnOnce(&mut ResultAddress)) {
        let mut address = self.address.get_untracked();
        change(&mut address);
        address.offset = 0;
        self.go.run(address);
    }

    /// The row at a place, if it is here.
    pub fn at(self, place: u64) -> Option<WindowRow> {
        self.pieces
            .with(|pieces| pieces.get(&(place / PAGE_ROWS))?.get((place % PAGE_ROWS) as usize).cloned())
    }

    fn number_at(self, place: u64) -> Option<u64> {
        self.pieces.with_untracked(|pieces| {
            pieces.get(&(place / PAGE_ROWS))?.get((place % PAGE_ROWS) as usize).map(|row| row.number)
        })
    }

    fn ask(self, offset: u64, count: u64) -> impl Future<Output = Result<WindowView>> {
        let (id, question) = self.query.with_value(|q| {
            (q.id.clone(), self.sound.with_untracked(|a| a.window(offset, count, &q.columns)))
        });
        show_window(id, question)
    }

    /// Another order or another choice: what is here no longer fits, but stays in sight until the new rows come.
    fn start_over(self) {
        let request = self.order.next();
        self.loading.set(true);
        self.all_matching.set(false);
        self.anchor.set_value(None);
        spawn_local(async move {
            let answer = self.ask(0, 2 * PAGE_ROWS).await;
            if !self.order.is(request) {
                return;
            }
            self.loading.set(false);
            match answer {
                Ok(view) => {
                    self.trouble.set(None);
                    self.pieces.update(BTreeMap::clear);
                    self.matching.set(view.matching);
                    self.active.set(0);
                    self.scroll_to.set(Some(0.0));
                    self.keep(view);
                }
                Err(error) => self.trouble.set(Some(error)),
            }
        });
    }

    /// Asks for the rows in sight that are not here, once scrolling pauses.
    fn fetch(self) {
        let request = self.order.now();
        self.pause.then(60, move || {
            let rows = self.drawn.with_untracked(|d| d.rows.clone());
            let wanted =
                self.pieces.with_untracked(|pieces| missing(&rows, PAGE_ROWS, |p| pieces.contains_key(&p)));
            let Some(wanted) = wanted.filter(|_| !self.loading.get_untracked()) else { return };
            spawn_local(async move {
                let answer = self.ask(wanted.start, wanted.end - wanted.start).await;
                if !self.order.is(request) {
                    return;
                }
                match answer {
                    Ok(view) => {
                        self.trouble.set(None);
                        self.keep(view);
                    }
                    Err(error) => self.trouble.set(Some(error)),
                }
            });
        });
    }

    fn keep(self, view: WindowView) {
        let near = self.drawn.with_untracked(|d| d.rows.start / PAGE_ROWS);
        self.pieces.update(|pieces| {
            for (i, rows) in view.window.chunks(PAGE_ROWS as usize).enumerate() {
                pieces.insert(view.offset / PAGE_ROWS + i as u64, rows.to_vec());
            }
            if pieces.len() > MOST_PIECES {
                pieces.retain(|piece, _| piece.abs_diff(near) < MOST_PIECES as u64 / 4);
            }
        });
    }

    /// Selects or deselects the row at a place; with `range`, all from the last one that was touched to here.
    pub fn touch(self, place: u64, range: bool) {
        let exact = !self.all_matching.get_untracked();
        self.all_matching.set(false);
        self.active.set(place);
        if let Some(anchor) = self.anchor.get_value().filter(|_| range && exact) {
            return self.select_places(anchor.min(place), anchor.max(place));
        }
        if let Some(number) = self.number_at(place) {
            self.selection.update(|s| s.toggle(number));
        }
        self.anchor.set_value(Some(place));
    }

    /// Selects the rows at all places from `first` to `last`; those that are not here are asked for.
    fn select_places(self, first: u64, last: u64) {
        let as_they_came = self.sound.with_untracked(|a| a.sort.is_none() && a.filters.is_empty());
        if as_they_came {
            self.selection.update(|s| s.insert(first, last));
            return;
        }
        let here: Option<Vec<u64>> =
            (first..=last.min(first + MOST_IN_RANGE)).map(|place| self.number_at(place)).collect();
        if let Some(numbers) = here {
            self.selection.update(|s| numbers.into_iter().for_each(|n| s.insert(n, n)));
            return;
        }
        let request = self.order.now();
        spawn_local(async move {
            let last = last.min(first + MOST_IN_RANGE - 1);
            for start in (first..=last).step_by(500) {
                let answer = self.ask(start, (last - start + 1).min(500)).await;
                match answer {
                    Ok(view) if self.order.is(request) => {
                        self.selection
                            .update(|s| view.window.iter().for_each(|row| s.insert(row.number, row.number)));
                    }
                    Ok(_) => return,
                    Err(error) => return self.trouble.set(Some(error)),
                }
            }
        });
    }

    /// Selects every row that passes the filters.
    pub fn select_all(self) {
        let matching = self.matching.get_untracked();
        let filtered = self.sound.with_untracked(|a| !a.filters.is_empty());
        if !filtered {
            self.selection.set(Selection::all(matching));
        } else if matching <= MOST_IN_RANGE {
            if matching > 0 {
                self.selection.set(Selection::default());
                self.select_places(0, matching - 1);
            }
        } else {
            self.all_matching.set(true);
        }
    }

    /// Selects nothing.
    pub fn clear(self) {
        self.all_matching.set(false);
        self.selection.set(Selection::default());
        self.anchor.set_value(None);
    }

    /// How many rows are selected.
    pub fn selected(self) -> u64 {
        if self.all_matching.get() { self.matching.get() } else { self.selection.with(Selection::len) }
    }

    /// Moves the keyboard's row, and the selection with it where `range` is held.
    pub fn move_to(self, place: u64, range: bool) {
        let Some(last) = self.matching.get_untracked().checked_sub(1) else { return };
        let (from, place) = (self.active.get_untracked(), place.min(last));
        self.active.set(place);
        if range {
            if self.anchor.get_value().is_none() {
                self.anchor.set_value(Some(from));
            }
            let anchor = self.anchor.get_value().unwrap_or(from);
            self.all_matching.set(false);
            self.select_places(anchor.min(place), anchor.max(place));
        }
        let (row_px, view_px) = self.measures.get_untracked();
        let scrolling = Scrolling { rows: last + 1, row_px, view_px };
        if let Some(to) = scrolling.reveal(self.scrolled.get_untracked(), place) {
            self.scroll_to.set(Some(to));
        }
    }
}
