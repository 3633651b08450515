//! What is known of an archive's state, and the asking in the background that keeps it known.

use super::archive::{Archive, Probe};
use super::fault::ArchiveFault;
use super::remote::RemoteArchive;
use crate::clock::{Clock, Micros, SECOND};
use app::features::archives::model::{ArchiveState, ArchiveView};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// When the first archive is asked after the start, and how much later each of the others: a start is not slowed, and
/// the network is not hit all at once.
const FIRST_AFTER: Duration = Duration::from_millis(500);
const THEN_AFTER: Duration = Duration::from_millis(300);
/// How long what an archive told of its tables counts as fresh.
const TABLES_FRESH: Micros = 24 * 3600 * SECOND;

/// An archive and what is known of its state.
pub(super) struct Watched {
    pub(super) archive: Arc<dyn Archive>,
    /// The same, where it is a remote one.
    remote: Option<Arc<RemoteArchive>>,
    state: Mutex<State>,
    clock: Clock,
}

struct State {
    shown: ArchiveState,
    tables: Option<u64>,
    tables_at: Option<Micros>,
}

impl Watched {
    /// An archive that is always there.
    pub(super) fn local(archive: Arc<dyn Archive>, tables: u64, clock: &Clock) -> Self {
        let shown = ArchiveState::Answering { at_us: clock.now() };
        let state = Mutex::new(State { shown, tables: Some(tables), tables_at: None });
        Self { archive, remote: None, state, clock: clock.clone() }
    }

    /// An archive somewhere else, of which nothing is known yet.
    pub(super) fn remote(archive: Arc<RemoteArchive>, clock: &Clock) -> Self {
        let state = Mutex::new(State { shown: ArchiveState::NotTried, tables: None, tables_at: None });
        Self { archive: archive.clone(), remote: Some(archive), state, clock: clock.clone() }
    }

    /// The card with the state known now.
    pub(super) fn view(&self) -> ArchiveView {
        let card = self.archive.card();
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        ArchiveView {
            name: card.name.clone(),
            title: card.title.clone(),
            sentence: card.sentence.clone(),
            address: card.address.clone(),
            state: state.shown.clone(),
            tables: state.tables,
        }
    }

    /// Whether the last try failed.
    pub(super) fn is_away(&self) -> bool {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        matches!(state.shown, ArchiveState::Away { .. })
    }

    /// Asks whether it answers and remembers.
    pub(super) async fn probe(&self) -> Result<Probe, ArchiveFault> {
        let answer = self.archive.probe().await;
        let at_us = self.clock.now();
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.shown = match &answer {
            Ok(probe) => {
                state.tables = probe.tables.or(state.tables);
                ArchiveState::Answering { at_us }
            }
            Err(fault) => {
                let reason = fault.to_string();
                if !matches!(state.shown, ArchiveState::Away { .. }) {
                    let name = self.archive.card().name.as_str();
                    tracing::info!(archive.name = name, archive.cause = %crate::fault::chain(fault), "{reason}");
                }
                ArchiveState::Away { reason, at_us }
            }
        };
        answer
    }

    /// Asks for the tables where they are not known or no longer fresh.
    async fn refresh(&self, remote: &RemoteArchive) {
        let now = self.clock.now();
        {
            let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            if state.tables_at.is_some_and(|at| now - at < TABLES_FRESH) {
                return;
            }
        }
        match remote.refresh().await {
            Ok(set) => {
                let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
                state.tables = Some(set.tables().len() as u64);
                state.tables_at = Some(now);
            }
            Err(fault) => {
                let name = self.archive.card().name.as_str();
                tracing::info!(archive.name = name, "its tables are not known: {fault}");
            }
        }
    }

    /// Asks a remote archive again and again until `stopping`; the `place`-th of them.
    pub(super) async fn keep_asking(
        self: Arc<Self>,
        place: u32,
        every: Duration,
        stopping: CancellationToken,
    ) {
        let Some(remote) = self.remote.clone() else { return };
        let ask = async {
            tokio::time::sleep(FIRST_AFTER + THEN_AFTER * place).await;
            loop {
                if self.probe().await.is_ok() {
                    self.refresh(&remote).await;
                }
                tokio::time::sleep(every).await;
            }
        };
        tokio::select! {
            () = stopping.cancelled() => {}
            () = ask => {}
        }
    }
}
