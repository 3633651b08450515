//! The rows of servers, as they are read.

use crate::clock::Micros;
use crate::providers::{Account, Handle, Room, Share};
use crate::work::GoingOn;
use app::features::servers::model::CreateServer;
use sqlx::FromRow;

/// A server.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct ServerRow {
    pub(crate) id: String,
    pub(crate) owner: String,
    pub(crate) name: String,
    pub(crate) state: String,
    pub(crate) state_since_us: Micros,
    pub(crate) site: String,
    /// `CreateServer` as JSON.
    pub(crate) choices: String,
    pub(crate) image_title: String,
    pub(crate) access_user: String,
    pub(crate) cores: i64,
    pub(crate) memory_mib: i64,
    pub(crate) disk_gib: i64,
    pub(crate) key_name: String,
    pub(crate) key_sha256: String,
    pub(crate) public_key: String,
    /// The site's id of it.
    pub(crate) machine: Option<String>,
    pub(crate) address: Option<String>,
    pub(crate) port: Option<i64>,
    /// Public lines as a JSON list.
    pub(crate) host_keys: String,
    /// What one should know although it works, or why it is off.
    pub(crate) remark: Option<String>,
    /// A `Failure` as JSON.
    pub(crate) failure: Option<String>,
    pub(crate) created_us: Micros,
    pub(crate) over_us: Option<Micros>,
    /// Whether a machine may still come of a request: 0 while one is on its way, else since when its answer is lost.
    pub(crate) unsettled_us: Option<Micros>,
    /// An [`Account`] as JSON: whose the machine is at the site.
    pub(crate) account: Option<String>,
}

impl ServerRow {
    /// As whom the site was asked for the machine, where that is known.
    pub(crate) fn made_as(&self) -> Option<Account> {
        self.account.as_deref().and_then(|text| serde_json::from_str(text).ok())
    }

    /// Whether who is known to the site as this sees the machine there.
    pub(crate) fn is_seen_by(&self, account: Option<&Account>) -> bool {
        match (self.made_as(), account) {
            (Some(made), Some(now)) => made.project == now.project && made.user == now.user,
            _ => true,
        }
    }

    /// What its machine is found by.
    pub(crate) fn handle(&self) -> Handle {
        Handle { server: self.id.clone(), machine: self.machine.clone() }
    }

    /// What was chosen.
    pub(crate) fn choices(&self) -> CreateServer {
        serde_json::from_str(&self.choices).unwrap_or_default()
    }

    pub(super) fn choices_without_user_data(&self) -> String {
        let choices = CreateServer { user_data: String::new(), ..self.choices() };
        serde_json::to_string(&choices).unwrap_or_else(|_| "{}".to_owned())
    }
}

/// A server with what goes on.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct ListedRow {
    #[sqlx(flatten)]
    pub(crate) server: ServerRow,
    #[sqlx(flatten)]
    pub(crate) going_on: GoingOn,
}

/// What is used together.
#[derive(Debug, Clone, Copy, Default, FromRow)]
pub(crate) struct Totals {
    pub(crate) servers: i64,
    pub(crate) cores: i64,
    pub(crate) memory_mib: i64,
    pub(crate) disk_gib: i64,
}

impl Totals {
    /// Where one account serves all users, what is written down counts before the site knows of it.
    pub(crate) fn count_in(&self, room: &mut Room) {
        let most = |share: &mut Share, used: i64| share.used = share.used.max(used.unsigned_abs());
        most(&mut room.servers, self.servers);
        most(&mut room.cores, self.cores);
        most(&mut room.memory_mib, self.memory_mib);
        most(&mut room.disk_gib, self.disk_gib);
    }
}
