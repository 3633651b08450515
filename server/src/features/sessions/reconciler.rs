//! Compares what the sites have with what is written down, and puts right what differs: what ended by itself, what is gone,
//! whose time is up, who is warned, what is left behind. It needs nothing handed in, may run at any time and in several
//! processes, and never touches what this Skyport did not make.

mod keeping;

use super::craft::SessionCraft;
use super::ending::Ender;
use super::folders::on_disk;
use super::sites::SessionSites;
use super::store::{ListedRow, SessionRow};
use crate::clock::{Micros, SECOND};
use crate::providers::session_site::{Found, Place, Seen, SessionSite};
use app::features::sessions::model::{EndReason, SessionState};
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// A session that ended this recently is let be: somebody may be removing it right now.
const SETTLING_US: Micros = 60 * SECOND;
/// Data that was left behind is looked for so often.
const SWEEP_US: Micros = 600 * SECOND;

/// Compares and puts right.
pub(super) struct Reconciler {
    pub(super) sites: Arc<SessionSites>,
    pub(super) craft: Arc<SessionCraft>,
    pub(super) ender: Ender,
    pub(super) memory: Mutex<Memory>,
}

/// What is remembered from one look to the next; nothing is lost with it but time.
#[derive(Default)]
pub(super) struct Memory {
    /// Sessions that their site did not have at the last look.
    missed: HashSet<String>,
    /// Since when a node has been away, by site and name.
    away: HashMap<(String, String), Micros>,
    /// Sessions whose owners were told that their site is away.
    told: HashSet<String>,
    /// When data that was left behind was last looked for.
    swept_us: Micros,
}

impl Reconciler {
    /// Compares at once, then every so many seconds until stopped.
    pub(super) async fn keep_comparing(self, every_s: u64, stopping: CancellationToken) {
        let compare = async {
            // While nothing ran here nobody could use anything.
            if let Err(error) = self.ender.store.forget_idle_warning(None).await {
                tracing::warn!(fault.chain = %crate::fault::chain(&error), "warnings that were given before could not be forgotten");
            }
            loop {
                self.compare_all().await;
                tokio::time::sleep(Duration::from_secs(every_s)).await;
            }
        };
        stopping.run_until_cancelled(compare).await;
    }

    async fn compare_all(&self) {
        // Side by side: an engine that is silent holds up its own node alone.
        let nodes = self.sites.all().iter().flat_map(|site| {
            site.nodes().into_iter().map(move |node| async move {
                if let Err(error) = self.compare(&**site, &node).await {
                    tracing::warn!(site.key = site.key(), fault.chain = %crate::fault::chain(&error), "sessions were not compared with their site; trying again");
                }
            })
        });
        futures::future::join_all(nodes.collect::<Vec<_>>()).await;
        if let Err(error) = self.bear_removal().await {
            tracing::warn!(fault.chain = %crate::fault::chain(&error), "sessions of sites that are not configured any more were not looked at; trying again");
        }
        if let Err(error) = self.sweep_data().await {
            tracing::warn!(fault.chain = %crate::fault::chain(&error), "data that sessions left behind was not looked for; trying again");
        }
    }

    /// Removes data of sessions that are over: a portal was killed, or its disk was away, before it did that. What belongs to
    /// no session that is known here is left alone.
    async fn sweep_data(&self) -> Result<(), sqlx::Error> {
        let now = self.ender.clock.now();
        if now - self.memory().swept_us < SWEEP_US {
            return Ok(());
        }
        self.memory().swept_us = now;
        let folders = self.craft.folders.clone();
        let left = on_disk(move || folders.list_data()).await.unwrap_or_else(|error| {
            tracing::warn!("the folder of sessions' data could not be listed: {error}");
            HashSet::new()
        });
        for session in left {
            let row = self.ender.store.find(&session).await?;
            let ended_us = row.and_then(|row| row.ended_us);
            if ended_us.is_none_or(|ended| now - ended < SETTLING_US) {
                continue;
            }
            let (folders, id) = (self.craft.folders.clone(), session.clone());
            let removed = on_disk(move || match folders.hold_data(&id)? {
                Some(_held) => folders.remove_data(&id).map(|()| true),
                None => Ok(false),
            });
            match removed.await {
                Ok(true) => {
                    tracing::warn!(session.id = %session, "removed the data of a session that is over");
                }
                Ok(false) => {}
                Err(error) => {
                    tracing::warn!(session.id = %session, "the data of a session that is over could not be removed: {error}");
                }
            }
        }
        Ok(())
    }

    /// Sessions at sites and nodes that are not configured any more. That may be a mistake which is put right, so it is borne
    /// as long as a node that is away is; then they end, and what their site still has of them is out of reach.
    async fn bear_removal(&self) -> Result<(), sqlx::Error> {
        for (site, node) in self.ender.store.list_places().await? {
            if self.sites.find_node(&site, &node).is_some() {
                continue;
            }
            let rows = self.ender.store.list_at(&site, &node).await?;
            for row in &rows {
                self.keep_time(row).await?;
            }
            let title = self.sites.title(&site).to_owned();
            self.bear_absence(&title, (site, node), &rows).await?;
        }
        Ok(())
    }

    async fn compare(&self, site: &dyn SessionSite, node: &str) -> Result<(), sqlx::Error> {
        // Before the site is asked: what is begun meanwhile is not missing.
        let rows = self.ender.store.list_at(site.key(), node).await?;
        for row in &rows {
            self.keep_time(row).await?;
        }
        let key = (site.key().to_owned(), node.to_owned());
        let found = match site.list(node).await {
            Ok(found) => found,
            Err(fault) => {
                tracing::warn!(
                    site.key = site.key(),
                    site.node = node,
                    "a site could not be compared with what is written down: {fault}"
                );
                if self.look_at_each(site, &rows).await? {
                    self.memory().away.remove(&key);
                    return Ok(());
                }
                return self.bear_absence(site.title(), key, &rows).await;
            }
        };
        self.memory().away.remove(&key);
        let mut found: HashMap<String, Seen> =
            found.into_iter().map(|Found { session, seen }| (session, seen)).collect();
        for row in &rows {
            let seen = found.remove(&row.session.id);
            if is_watched(row) {
                self.compare_one(site, &row.session, seen).await?;
                self.keep_use(&row.session).await?;
                self.keep_quota(&row.session).await?;
            }
        }
        for session in found.into_keys() {
            self.look_after_leftover(site, Place { node, session: &session }).await?;
        }
        Ok(())
    }

    /// An engine may answer and not be able to say what it has in all: then each session is asked about. False where it does
    /// not answer, or there is none to ask about.
    async fn look_at_each(&self, site: &dyn SessionSite, rows: &[ListedRow]) -> Result<bool, sqlx::Error> {
        let mut answers = false;
        for row in rows.iter().filter(|row| is_watched(row)) {
            match site.look(row.session.place()).await {
                Ok(seen) => {
                    answers = true;
                    self.compare_one(site, &row.session, Some(seen)).await?;
                }
                Err(_) if answers => {}
                Err(_) => return Ok(false),
            }
        }
        Ok(answers)
    }

    /// A node that is away: its sessions may go on and be reached again, until it has been away for too long.
    async fn bear_absence(
        &self,
        title: &str,
        key: (String, String),
        rows: &[ListedRow],
    ) -> Result<(), sqlx::Error> {
        let now = self.ender.clock.now();
        let since = *self.memory().away.entry(key).or_insert(now);
        let too_long = now - since >= i64::from(self.craft.config.away_s) * SECOND;
        for row in rows {
            let session = &row.session;
            if !is_watched(row) {
                continue;
            }
            if session.address.is_some() {
                self.ender.store.set_address(&session.id, None).await?;
                self.ender.opening.forget(&session.id);
            }
            if too_long {
                self.ender.end(session, EndReason::SiteUnreachable, None).await?;
                self.memory().told.remove(&session.id);
            } else if self.memory().told.insert(session.id.clone()) {
                let what = format!("{title} does not answer. The session may go on; it is looked for.");
                self.ender.note(session, &what).await?;
            }
        }
        Ok(())
    }

    async fn compare_one(
        &self,
        site: &dyn SessionSite,
        row: &SessionRow,
        seen: Option<Seen>,
    ) -> Result<(), sqlx::Error> {
        match seen {
            Some(Seen::Running { address }) => {
                self.memory().missed.remove(&row.id);
                let address = address.map(|address| address.to_string());
                if address != row.address {
                    self.ender.store.set_address(&row.id, address.as_deref()).await?;
                    self.ender.opening.forget(&row.id);
                }
                if self.memory().told.remove(&row.id) {
                    self.ender.store.forget_idle_warning(Some(&row.id)).await?;
                    self.ender.note(row, &format!("{} answers again.", site.title())).await?;
                }
                Ok(())
            }
            Some(Seen::Ended(end)) => match SessionCraft::why_ended(site, row.place(), &end).await {
                Ok(reason) => self.ender.end(row, reason, Some(end.exit_code)).await.map(drop),
                Err(fault) => {
                    tracing::warn!(session.id = %row.id, "why a session ended could not be read: {fault}");
                    Ok(())
                }
            },
            // Of one that ran, what is half removed is left.
            Some(Seen::Making | Seen::Gone) | None => self.miss(site, row).await,
        }
    }

    /// A session that its site does not have.
    async fn miss(&self, site: &dyn SessionSite, row: &SessionRow) -> Result<(), sqlx::Error> {
        // Missing once may be the site's mistake, or be missed in the list.
        if self.memory().missed.insert(row.id.clone()) {
            return Ok(());
        }
        match site.look(row.place()).await {
            Ok(Seen::Gone | Seen::Making) => {}
            // The next look finds it in the list.
            Ok(_) => return Ok(()),
            Err(fault) => {
                tracing::warn!(session.id = %row.id, "a session could not be looked at: {fault}");
                return Ok(());
            }
        }
        self.memory().missed.remove(&row.id);
        self.ender.end(row, EndReason::Vanished, None).await.map(drop)
    }

    /// Something that carries a session's id, which is over here, or not known at all.
    async fn look_after_leftover(&self, site: &dyn SessionSite, at: Place<'_>) -> Result<(), sqlx::Error> {
        let Some(row) = self.ender.store.find(at.session).await? else {
            tracing::debug!(
                session.id = at.session,
                site.key = site.key(),
                "something carries the id of a session that is not ours; it is left alone"
            );
            return Ok(());
        };
        let Some(ended_us) = row.ended_us else { return Ok(()) };
        // At another place than it was booked at, it is none of ours either.
        let is_here = row.site == site.key() && row.node == at.node;
        if !is_here || self.ender.clock.now() - ended_us < SETTLING_US {
            return Ok(());
        }
        tracing::warn!(session.id = at.session, "removing what a session left behind that is over");
        if row.log_bytes == 0 && self.craft.save_log(&row, site).await.is_err() {
            tracing::warn!(session.id = at.session, "the log of what was left behind could not be kept");
        }
        if let Err(fault) = site.remove(at).await {
            tracing::warn!(session.id = at.session, "it could not be removed: {fault}");
        }
        Ok(())
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether it runs, and nobody does anything about it.
fn is_watched(row: &ListedRow) -> bool {
    row.session.state() == SessionState::Running && row.going_on.verb.is_none()
}
