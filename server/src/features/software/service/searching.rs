//! A search: words first, then what narrows it; and what each narrowing would leave.

use super::super::entry::Entry;
use super::super::index::{Hit, Index};
use super::super::room::Room;
use super::views::card;
use crate::clock::Micros;
use app::features::software::model::{
    FacetValue, Facets, Found, Kind, LONGEST_WORDS, Only, Origin, PER_PAGE, Question,
};
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

/// Tags that are offered beside those that are chosen.
const MOST_TAGS: usize = 24;
/// Domains that are offered.
const MOST_DOMAINS: usize = 24;

/// What a caller has to do with entries, by their names.
#[derive(Default)]
pub(super) struct Habits {
    pub(super) favourites: HashSet<String>,
    /// When each was last run, UTC microseconds.
    pub(super) uses: HashMap<String, Micros>,
}

/// A question over one or more indexes.
pub(super) struct Search<'q> {
    question: &'q Question,
    habits: &'q Habits,
    room: &'q Room,
    hits: Vec<(Hit, Origin)>,
    total: u64,
}

impl<'q> Search<'q> {
    pub(super) fn new(question: &'q Question, habits: &'q Habits, room: &'q Room) -> Self {
        Self { question, habits, room, hits: Vec::new(), total: 0 }
    }

    /// Also over these, which come from the operator.
    #[must_use]
    pub(super) fn over(self, index: &Index) -> Self {
        self.over_with(index, |_| Origin::Catalogue)
    }

    /// Also over these, each with its own origin.
    #[must_use]
    pub(super) fn over_with(mut self, index: &Index, origin: impl Fn(&Entry) -> Origin) -> Self {
        let words: String = self.question.words.chars().take(LONGEST_WORDS as usize).collect();
        self.total += index.entries().len() as u64;
        self.hits.extend(index.search(&words).into_iter().map(|hit| {
            let origin = origin(&hit.entry);
            (hit, origin)
        }));
        self
    }

    /// Whether an entry passes what narrows the search, one part of it aside.
    fn passes(&self, entry: &Entry, origin: &Origin, aside: Part) -> bool {
        let Question { kind, tags, domain, only, fits, .. } = self.question;
        (aside == Part::Kind || kind.is_none_or(|kind| entry.kind == kind))
            && (aside == Part::Domain || domain.is_empty() || entry.domain == *domain)
            && tags.iter().all(|tag| entry.tags.contains(tag))
            && (aside == Part::Only || self.belongs(entry, origin, *only))
            && (aside == Part::Fits || !fits || self.room.has(entry))
    }

    fn belongs(&self, entry: &Entry, origin: &Origin, only: Only) -> bool {
        match only {
            Only::All => true,
            Only::Favourites => self.habits.favourites.contains(&entry.name),
            Only::Recent => self.habits.uses.contains_key(&entry.name),
            Only::Mine => matches!(origin, Origin::Mine(_)),
        }
    }

    fn facets(&self) -> Facets {
        let mut kinds: HashMap<Kind, u64> = HashMap::new();
        let mut domains: HashMap<&str, u64> = HashMap::new();
        let mut tags: HashMap<&str, u64> = HashMap::new();
        let (mut facets, mut fits) = (Facets::default(), 0);
        for (Hit { entry, .. }, origin) in &self.hits {
            if self.passes(entry, origin, Part::Kind) {
                *kinds.entry(entry.kind).or_default() += 1;
            }
            if !entry.domain.is_empty() && self.passes(entry, origin, Part::Domain) {
                *domains.entry(&entry.domain).or_default() += 1;
            }
            if self.passes(entry, origin, Part::Nothing) {
                for tag in &entry.tags {
                    *tags.entry(tag).or_default() += 1;
                }
            }
            fits += u64::from(self.passes(entry, origin, Part::Fits) && self.room.has(entry));
            if self.passes(entry, origin, Part::Only) {
                facets.favourites += u64::from(self.belongs(entry, origin, Only::Favourites));
                facets.recent += u64::from(self.belongs(entry, origin, Only::Recent));
                facets.mine += u64::from(self.belongs(entry, origin, Only::Mine));
            }
        }
        let chosen = |kind: &Kind| self.question.kind == Some(*kind);
        facets.fits = self.room.is_somewhere().then_some(fits);
        facets.kinds = Kind::ALL
            .into_iter()
            .map(|kind| (kind, kinds.get(&kind).copied().unwrap_or_default()))
            .filter(|(kind, count)| *count > 0 || chosen(kind))
            .collect();
        facets.domains = values(domains, std::slice::from_ref(&self.question.domain), MOST_DOMAINS);
        facets.tags = values(tags, &self.question.tags, MOST_TAGS);
        facets
    }

    /// The page that is asked for.
    pub(super) fn page(self, signed_in: bool) -> Found {
        let facets = self.facets();
        let mut hits: Vec<&(Hit, Origin)> =
            self.hits.iter().filter(|(hit, origin)| self.passes(&hit.entry, origin, Part::Nothing)).collect();
        hits.sort_by_cached_key(|(hit, _)| {
            let used = self.habits.uses.get(&hit.entry.name).filter(|_| self.question.only == Only::Recent);
            (
                Reverse(used.copied()),
                Reverse(hit.score),
                Reverse(hit.entry.featured),
                hit.entry.title.to_lowercase(),
                hit.entry.name.clone(),
            )
        });
        let first = usize::try_from(self.question.offset).unwrap_or(usize::MAX).min(hits.len());
        let cards = hits[first..]
            .iter()
            .take(PER_PAGE as usize)
            .map(|(hit, origin)| {
                card(&hit.entry, origin.clone(), self.habits.favourites.contains(&hit.entry.name))
            })
            .collect();
        Found { cards, found: hits.len() as u64, total: self.total, facets, signed_in }
    }
}

/// What narrows a search.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Nothing,
    Kind,
    Domain,
    Only,
    Fits,
}

/// The most frequent values, and those that are chosen, by name.
fn values(counts: HashMap<&str, u64>, chosen: &[String], most: usize) -> Vec<FacetValue> {
    let mut values: Vec<_> = counts.into_iter().collect();
    values.sort_unstable_by_key(|(key, count)| (Reverse(*count), *key));
    let mut kept: Vec<FacetValue> = values
        .iter()
        .enumerate()
        .filter(|(place, (key, _))| *place < most || chosen.iter().any(|c| c == key))
        .map(|(_, (key, count))| FacetValue { key: (*key).to_owned(), count: *count })
        .collect();
    for key in chosen.iter().filter(|key| !key.is_empty()) {
        if kept.iter().all(|value| value.key != *key) {
            kept.push(FacetValue { key: key.clone(), count: 0 });
        }
    }
    kept.sort_by_key(|value| value.key.to_lowercase());
    kept
}
