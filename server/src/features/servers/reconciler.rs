//! Compares what the sites have with what is written down, and puts right what differs. It needs nothing handed in, may
//! run at any time and in several processes, and never touches what Skyport did not make.

use super::sites::{Sites, is_over};
use super::store::{ServerRow, ServerStore};
use super::tokens::Tokens;
use crate::clock::{Clock, SECOND};
use crate::features::keys::service::KeysService;
use crate::following::Watching;
use crate::providers::{Access, Account, Fault, Found, Handle, Machine, Phase, Seen, Site};
use crate::work::WorkStore;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// A server that ended this recently is let be: somebody may be removing its machine right now.
const SETTLING_US: i64 = 60 * SECOND;
/// How a remark begins that a site's next answer takes away.
const CANNOT_SAY: &str = "The site cannot say how it is";

/// Compares and puts right.
pub(super) struct Reconciler {
    pub(super) store: ServerStore,
    pub(super) work: WorkStore,
    pub(super) sites: Arc<Sites>,
    pub(super) tokens: Arc<Tokens>,
    pub(super) keys: Arc<KeysService>,
    pub(super) watching: Watching,
    pub(super) clock: Clock,
    /// Servers that their sites did not have at the last look.
    pub(super) missed: Mutex<HashSet<String>>,
}

impl Reconciler {
    /// Compares at once, then every so many seconds until stopped.
    pub(super) async fn keep_comparing(self, every_s: u64, stopping: CancellationToken) {
        let compare = async {
            loop {
                self.compare_all().await;
                tokio::time::sleep(Duration::from_secs(every_s)).await;
            }
        };
        stopping.run_until_cancelled(compare).await;
    }

    async fn compare_all(&self) {
        let faulty = |error: &sqlx::Error| {
            tracing::warn!(fault.chain = %crate::fault::chain(error), "servers were not compared with their sites; trying again");
        };
        if let Err(error) = self.tokens.drop_expired().await {
            faulty(&error);
        }
        for site in self.sites.all() {
            let asked = if site.wants_token() {
                self.tokens.list_owners(site.key()).await.map(|owners| owners.into_iter().map(Some).collect())
            } else {
                Ok(vec![None])
            };
            let owners = match asked {
                Ok(owners) => owners,
                Err(error) => {
                    faulty(&error);
                    continue;
                }
            };
            for owner in owners {
                if let Err(error) = self.compare(&**site, owner.as_deref()).await {
                    faulty(&error);
                }
            }
        }
    }

    /// One site, as it answers one user; or the portal itself, for all.
    async fn compare(&self, site: &dyn Site, owner: Option<&str>) -> Result<(), sqlx::Error> {
        let access = match owner {
            None => Access::Site,
            Some(owner) => match self.tokens.find(owner, site.key()).await? {
                Some(token) => Access::Token(token),
                None => return Ok(()),
            },
        };
        let account = match site.account(&access).await {
            Ok(account) => account,
            Err(fault) => return self.say_unreachable(site, owner, &access, &fault).await,
        };
        if let Some(owner) = owner {
            self.resume(owner, site, account.as_ref()).await?;
        }
        // Before the site is asked: what is made meanwhile is not missing. What another account has is not either: this
        // one is told nothing of it.
        let rows = self.store.list_at(site.key()).await?;
        let rows = rows.into_iter().filter(|row| owner.is_none_or(|owner| owner == row.owner));
        let rows: Vec<ServerRow> = rows.filter(|row| row.is_seen_by(account.as_ref())).collect();
        let found = match site.list(&access).await {
            Ok(found) => found,
            Err(fault) => return self.say_unreachable(site, owner, &access, &fault).await,
        };
        // Several for one server where a lost request was carried out after all.
        let mut machines: HashMap<String, Vec<Machine>> = HashMap::new();
        for Found { server, machine } in found {
            machines.entry(server).or_default().push(machine);
        }
        for row in rows {
            let found = machines.remove(&row.id).unwrap_or_default();
            if let (None, Some(account), false) = (&row.account, &account, found.is_empty()) {
                self.store.set_account(&row.id, account).await?;
            }
            self.compare_one(site, &access, &row, found).await?;
        }
        for (server, left) in machines {
            for machine in left {
                self.look_after_leftover(site, &access, &server, &machine).await?;
            }
        }
        Ok(())
    }

    /// One server with the machines that carry its id, oldest first. The one that is written down stays; where none is, or
    /// that one is gone, the oldest.
    async fn compare_one(
        &self,
        site: &dyn Site,
        access: &Access,
        row: &ServerRow,
        mut found: Vec<Machine>,
    ) -> Result<(), sqlx::Error> {
        let written = row.machine.as_ref().map(|id| found.iter().position(|machine| machine.machine == *id));
        let kept = match written {
            Some(Some(at)) => found.remove(at),
            None if !found.is_empty() => found.remove(0),
            // Gone, unless the site says otherwise when asked for it alone.
            _ => match site.look(access, &row.handle()).await {
                Ok(Seen::There(machine)) => machine,
                Ok(Seen::Gone) if found.is_empty() => return self.miss(site, access, row).await,
                Ok(Seen::Gone) => found.remove(0),
                Err(fault) => {
                    tracing::warn!(server.id = %row.id, "a server could not be looked at: {fault}");
                    return Ok(());
                }
            },
        };
        self.missed().remove(&row.id);
        self.put_right(row, &kept).await?;
        found.retain(|machine| machine.machine != kept.machine);
        for double in found {
            self.remove_double(site, access, row, &kept, &double).await?;
        }
        Ok(())
    }

    /// A second machine of one server: nobody knows of it, and it takes room.
    async fn remove_double(
        &self,
        site: &dyn Site,
        access: &Access,
        row: &ServerRow,
        kept: &Machine,
        double: &Machine,
    ) -> Result<(), sqlx::Error> {
        // Read again: what was written down since is right.
        let written = self.store.find(&row.id).await?.and_then(|row| row.machine);
        if written.as_ref() != Some(&kept.machine)
            || double.phase == Phase::Removing
            || self.work.is_under_way(&row.id).await?
        {
            return Ok(());
        }
        tracing::warn!(server.id = %row.id, site.machine = %double.machine, "removing a second machine of one server");
        let machine = Handle { server: row.id.clone(), machine: Some(double.machine.clone()) };
        if let Err(fault) = site.remove(access, &machine).await {
            tracing::warn!(server.id = %row.id, "the second machine could not be removed: {fault}");
            return Ok(());
        }
        let what = format!(
            "The site had made a second machine, {}, of a request whose answer was lost. It was removed.",
            double.machine
        );
        self.store.add_event(&row.id, &what, self.clock.now()).await?;
        self.watching.tell(&row.owner, &row.id);
        Ok(())
    }

    /// Lets go on what began to wait just when the token came, and what waits for a token of just this account.
    async fn resume(
        &self,
        owner: &str,
        site: &dyn Site,
        account: Option<&Account>,
    ) -> Result<(), sqlx::Error> {
        for server in self.work.list_waiting(owner, site.key()).await? {
            let row = self.store.find(&server).await?;
            if row.is_none_or(|row| row.is_seen_by(account)) {
                self.work.resume_one(&server, self.clock.now()).await?;
            }
        }
        Ok(())
    }

    async fn say_unreachable(
        &self,
        site: &dyn Site,
        owner: Option<&str>,
        access: &Access,
        fault: &Fault,
    ) -> Result<(), sqlx::Error> {
        if let Some(owner) = owner
            && is_over(&fault.reason)
        {
            return self.tokens.forget(owner, site.key(), access).await;
        }
        tracing::warn!(
            site.key = site.key(),
            "a site could not be compared with what is written down: {fault}"
        );
        Ok(())
    }

    /// A machine that is there, but not as it is written down.
    async fn put_right(&self, row: &ServerRow, machine: &Machine) -> Result<(), sqlx::Error> {
        if row.machine.as_deref() != Some(&machine.machine) {
            self.store.set_machine(&row.id, &machine.machine).await?;
        }
        let change = match (&machine.phase, row.state.as_str()) {
            (Phase::Running { .. }, "stopped") => Some(("ready", None, "It was found running.".to_owned())),
            (Phase::Off { reason }, state) if state != "stopped" => {
                let reason = reason
                    .clone()
                    .unwrap_or_else(|| "it was switched off from within or at the site".to_owned());
                Some((
                    "stopped",
                    Some(format!("It went off: {reason}.")),
                    format!("It was found off: {reason}."),
                ))
            }
            (Phase::Unknown, state) => {
                let remark = machine.task.as_ref().map(|words| format!("{CANNOT_SAY}: {words}."));
                remark
                    .filter(|now| row.remark.as_ref() != Some(now))
                    .map(|now| (state, Some(now.clone()), now))
            }
            (Phase::Running { .. }, state)
                if row.remark.as_ref().is_some_and(|remark| remark.starts_with(CANNOT_SAY)) =>
            {
                Some((state, None, "It answers again.".to_owned()))
            }
            (Phase::Failed { words }, state) if row.remark.as_deref() != Some(words) => {
                Some((state, Some(words.clone()), format!("The site says: {words}")))
            }
            _ => None,
        };
        let Some((state, remark, event)) = change else { return Ok(()) };
        // What was asked for since is right, and this look is old.
        if self.work.is_under_way(&row.id).await? {
            return Ok(());
        }
        let now = self.clock.now();
        self.store.set_state(&row.id, state, remark.as_deref(), now).await?;
        self.store.add_event(&row.id, &event, now).await?;
        self.watching.tell(&row.owner, &row.id);
        Ok(())
    }

    /// A server whose machine the site does not have.
    async fn miss(&self, site: &dyn Site, access: &Access, row: &ServerRow) -> Result<(), sqlx::Error> {
        // Missing once may be the site's mistake.
        if self.missed().insert(row.id.clone()) || self.work.is_under_way(&row.id).await? {
            return Ok(());
        }
        let now = self.clock.now();
        self.store
            .add_event(&row.id, "The site does not have it any more; nobody here removed it.", now)
            .await?;
        self.store.end(&row.id, "vanished", now).await?;
        self.keys.forget_use(&row.id).await?;
        self.watching.tell(&row.owner, &row.id);
        // What was made for it is of no use without it.
        let handle = row.handle();
        for done in [site.take_address(access, &handle).await, site.remove_key(access, &row.id).await] {
            if let Err(fault) = done {
                tracing::warn!(server.id = %row.id, "something that was made for a vanished server is still there: {fault}");
            }
        }
        Ok(())
    }

    /// One that had vanished is there again: a disk that was not mounted, a project that was another for a while.
    async fn bring_back(&self, row: &ServerRow, machine: &Machine) -> Result<(), sqlx::Error> {
        let state = if matches!(machine.phase, Phase::Running { .. }) { "ready" } else { "stopped" };
        let now = self.clock.now();
        if !self.store.bring_back(&row.id, state, now).await? {
            tracing::warn!(server.id = %row.id, "a vanished server is there again, and its name is another's now; it is left alone");
            return Ok(());
        }
        self.store.add_event(&row.id, "The site has it again.", now).await?;
        self.keys.record_use(&row.choices().key, &row.id, &row.name).await?;
        self.watching.tell(&row.owner, &row.id);
        Ok(())
    }

    fn missed(&self) -> MutexGuard<'_, HashSet<String>> {
        self.missed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A machine that carries a server's id, and that server is over here, or is not known at all.
    async fn look_after_leftover(
        &self,
        site: &dyn Site,
        access: &Access,
        server: &str,
        machine: &Machine,
    ) -> Result<(), sqlx::Error> {
        let Some(row) = self.store.find(server).await? else {
            tracing::info!(
                server.id = server,
                site.key = site.key(),
                "a machine carries the id of a server that is not ours; it is left alone"
            );
            return Ok(());
        };
        let Some(over_us) = row.over_us else { return Ok(()) };
        if row.state == "vanished" {
            return self.bring_back(&row, machine).await;
        }
        let is_under_way = self.work.is_under_way(server).await?;
        if is_under_way || self.clock.now() - over_us < SETTLING_US || machine.phase == Phase::Removing {
            return Ok(());
        }
        let handle = Handle { server: row.id.clone(), machine: Some(machine.machine.clone()) };
        tracing::warn!(server.id = server, "removing a machine that a deleted server left behind");
        for done in [
            site.take_address(access, &handle).await,
            site.remove(access, &handle).await,
            site.remove_key(access, server).await,
        ] {
            if let Err(fault) = done {
                tracing::warn!(server.id = server, "it could not be removed whole: {fault}");
            }
        }
        Ok(())
    }
}
