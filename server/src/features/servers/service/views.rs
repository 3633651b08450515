//! From rows to what the pages show.

use super::super::craft::{past_title, steps_of, title, verb_title};
use super::super::host_keys;
use super::super::store::ServerRow;
use super::acting::legal;
use super::{PAGE, ServersService};
use crate::fault::report;
use crate::work::{Failure, GoingOn, OperationRow, step_views};
use app::error::Result;
use app::features::servers::model::{
    CreateServer, EventView, FailureView, ServerItem, ServerState, ServerView, ServersView, Size, StepView,
};

impl ServersService {
    pub(super) async fn list_view(&self, user: &str, offset: u64) -> Result<ServersView> {
        let fault = |e: sqlx::Error| report("listing servers", &e);
        let from = i64::try_from(offset).unwrap_or(i64::MAX);
        let rows = self.store.list(user, from, PAGE).await.map_err(fault)?;
        let total = if offset == 0 && (rows.len() as i64) < PAGE {
            rows.len() as u64
        } else {
            self.store.count(user).await.map_err(fault)?.unsigned_abs()
        };
        let items = rows.iter().map(|row| self.item(&row.server, &row.going_on)).collect();
        Ok(ServersView { items, offset, total, usage: self.own_usage(user).await? })
    }

    pub(super) async fn state_of(&self, row: &ServerRow) -> Result<ServerState> {
        let going_on = self.work.going_on(&row.id).await.map_err(|e| report("reading a server", &e))?;
        Ok(state(row, &going_on))
    }

    /// One server as the list shows it.
    pub(crate) async fn item_of(&self, row: &ServerRow) -> Result<ServerItem> {
        let going_on = self.work.going_on(&row.id).await.map_err(|e| report("reading a server", &e))?;
        Ok(self.item(row, &going_on))
    }

    fn item(&self, row: &ServerRow, going_on: &GoingOn) -> ServerItem {
        let state = state(row, going_on);
        ServerItem {
            id: row.id.clone(),
            name: row.name.clone(),
            state,
            since_us: row.state_since_us,
            site: self.sites.title(&row.site).to_owned(),
            image: row.image_title.clone(),
            size: size(row),
            disk_as_image: row.disk_gib == 0
                && self.sites.find(&row.site).is_some_and(|site| site.has_image_disks()),
            ssh: row.over_us.is_none().then(|| target(row)).flatten(),
            now: self.now(row, going_on, state),
            actions: legal(state),
        }
    }

    fn now(&self, row: &ServerRow, going_on: &GoingOn, state: ServerState) -> Option<String> {
        if state == ServerState::NeedsSignIn {
            let usual = || format!("Waits for your sign-in at {}.", self.sites.title(&row.site));
            return Some(going_on.waits_why.clone().unwrap_or_else(usual));
        }
        if let (Some(verb), Some(position)) = (&going_on.verb, going_on.position) {
            let steps = steps_of(verb);
            let step = usize::try_from(position).ok().and_then(|at| steps.get(at));
            let what = match (going_on.undoing, step) {
                (Some(1), _) => "Cleaning up".to_owned(),
                (_, Some(step)) => format!("{} ({} of {})", title(step.name), position + 1, steps.len()),
                (_, None) => verb_title(verb).to_owned(),
            };
            return Some(match &going_on.note {
                Some(note) if going_on.undoing != Some(1) => format!("{what}: {note}"),
                _ => format!("{what}."),
            });
        }
        match state {
            ServerState::Failed => failure(row).map(|failure| failure.what),
            ServerState::Vanished => Some("The site does not have it any more.".to_owned()),
            _ => row.remark.clone().or_else(|| failure(row).map(|failure| failure.what)),
        }
    }

    pub(super) async fn server_view(&self, row: ServerRow) -> Result<ServerView> {
        let fault = |e: sqlx::Error| report("reading a server", &e);
        let going_on = self.work.going_on(&row.id).await.map_err(fault)?;
        let item = self.item(&row, &going_on);
        let operation = self.work.find_last(&row.id).await.map_err(fault)?;
        let steps = match &operation {
            Some(operation) => self.steps(operation).await?,
            None => Vec::new(),
        };
        let events = self.store.list_events(&row.id, 50).await.map_err(fault)?;
        let lines: Vec<String> = serde_json::from_str(&row.host_keys).unwrap_or_default();
        let port = row.port.and_then(|port| u16::try_from(port).ok());
        let is_live = row.over_us.is_none();
        let address = row.address.clone().filter(|_| is_live);
        let facts = facts(&row, &item);
        Ok(ServerView {
            created_us: row.created_us,
            ssh_command: item.ssh.as_ref().map(|target| format!("ssh {target}")),
            host_keys: host_keys::views(&lines, address.as_deref(), port),
            port: port.filter(|_| address.is_some()),
            access_user: Some(row.access_user.clone()).filter(|user| is_live && !user.is_empty()),
            address,
            key_name: row.key_name.clone(),
            key_sha256: row.key_sha256.clone(),
            steps_title: operation.as_ref().map_or_else(String::new, |operation| match &operation.ending {
                None => verb_title(&operation.verb).to_owned(),
                Some(ending) => past_title(&operation.verb, ending),
            }),
            steps,
            events: events.into_iter().map(|(at_us, what)| EventView { at_us, what }).collect(),
            facts,
            failure: failure(&row),
            sign_in_at: (item.state == ServerState::NeedsSignIn).then(|| row.site.clone()),
            choices: serde_json::from_str::<CreateServer>(&row.choices).unwrap_or_default(),
            item,
        })
    }

    async fn steps(&self, operation: &OperationRow) -> Result<Vec<StepView>> {
        let begun = self.work.list_steps(&operation.id).await;
        let begun = begun.map_err(|e| report("reading a server's steps", &e))?;
        Ok(step_views(steps_of(&operation.verb), &begun, title))
    }
}

/// What a server is at, with what goes on.
fn state(row: &ServerRow, going_on: &GoingOn) -> ServerState {
    if going_on.waits_for.is_some() {
        return ServerState::NeedsSignIn;
    }
    match row.state.as_str() {
        "creating" => ServerState::Creating,
        "starting" => ServerState::Starting,
        "stopping" => ServerState::Stopping,
        "rebooting" => ServerState::Rebooting,
        "deleting" => ServerState::Deleting,
        "stopped" => ServerState::Stopped,
        "deleted" => ServerState::Deleted,
        "vanished" => ServerState::Vanished,
        "failed" => ServerState::Failed,
        _ => ServerState::Ready,
    }
}

fn size(row: &ServerRow) -> Size {
    Size {
        cores: row.cores.unsigned_abs(),
        memory_mib: row.memory_mib.unsigned_abs(),
        disk_gib: row.disk_gib.unsigned_abs(),
    }
}

/// What comes behind `ssh`.
fn target(row: &ServerRow) -> Option<String> {
    let address = row.address.as_ref()?;
    let user = match row.access_user.as_str() {
        "" => String::new(),
        user => format!("{user}@"),
    };
    Some(match row.port {
        Some(22) | None => format!("{user}{address}"),
        Some(port) => format!("-p {port} {user}{address}"),
    })
}

fn failure(row: &ServerRow) -> Option<FailureView> {
    let failure: Failure = serde_json::from_str(row.failure.as_deref()?).ok()?;
    Some(FailureView {
        what: failure.what,
        words: failure.words,
        request: failure.request,
        cleaned: failure.cleaned,
        next: failure.next,
    })
}

fn facts(row: &ServerRow, item: &ServerItem) -> Vec<(String, String)> {
    let fact = |name: &str, value: String| (name.to_owned(), value);
    let mut facts = vec![
        fact("Site", item.site.clone()),
        fact("Image", row.image_title.clone()),
        fact("Access key", format!("{} ({})", row.key_name, row.key_sha256)),
        fact("Server id", row.id.clone()),
    ];
    if let Some(machine) = row.machine.as_ref().filter(|machine| **machine != row.id) {
        facts.push(fact("Id at the site", machine.clone()));
    }
    facts
}
