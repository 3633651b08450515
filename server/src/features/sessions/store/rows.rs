//! The rows of sessions, as they are read.

use crate::clock::Micros;
use crate::providers::session_site::Place;
use crate::work::GoingOn;
use app::features::sessions::model::{EndReason, SessionState};
use app::features::software::model::{Interface, Kind, Resources};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use sqlx::any::{Any, AnyArguments};
use sqlx::query::QueryAs;

/// A session.
#[derive(Debug, Clone, Default, FromRow)]
pub(crate) struct SessionRow {
    pub(crate) id: String,
    pub(crate) owner: String,
    pub(crate) booking: String,
    pub(crate) site: String,
    pub(crate) node: String,
    pub(crate) title: String,
    pub(crate) kind: String,
    /// [`Software`] as JSON.
    pub(crate) software: String,
    /// `Resources` as JSON.
    pub(crate) resources: String,
    pub(crate) state: String,
    pub(crate) since_us: Micros,
    pub(crate) asked_us: Micros,
    pub(crate) ready_us: Option<Micros>,
    pub(crate) ended_us: Option<Micros>,
    /// Where its interface answers, while it runs.
    pub(crate) address: Option<String>,
    /// What pins the image at its site.
    pub(crate) image: Option<String>,
    /// What is in `/data`, as JSON.
    pub(crate) data: Option<String>,
    /// `Progress` as JSON.
    pub(crate) progress: Option<String>,
    /// A reason's key: what ends it, before it is over.
    pub(crate) end_wanted: Option<String>,
    /// A reason's key: why it ended.
    pub(crate) end_reason: Option<String>,
    pub(crate) exit_code: Option<i64>,
    /// A `Failure` as JSON.
    pub(crate) failure: Option<String>,
    pub(crate) log_bytes: i64,
    /// When somebody last used its interface.
    pub(crate) last_used_us: Option<Micros>,
    /// When its owner was last told that nobody uses it.
    pub(crate) idle_warned_us: Option<Micros>,
}

impl SessionRow {
    /// What it is at.
    pub(crate) fn state(&self) -> SessionState {
        SessionState::of_key(&self.state).unwrap_or(SessionState::Ended)
    }

    /// What it is.
    pub(crate) fn kind(&self) -> Kind {
        Kind::of_key(&self.kind).unwrap_or(Kind::WebApp)
    }

    /// What it has.
    pub(crate) fn resources(&self) -> Resources {
        serde_json::from_str(&self.resources).unwrap_or_default()
    }

    /// What it runs.
    pub(crate) fn software(&self) -> Software {
        serde_json::from_str(&self.software).unwrap_or_default()
    }

    /// What ends it.
    pub(crate) fn end_wanted(&self) -> Option<EndReason> {
        self.end_wanted.as_deref().and_then(EndReason::of_key)
    }

    /// Why it ended.
    pub(crate) fn end_reason(&self) -> Option<EndReason> {
        self.end_reason.as_deref().and_then(EndReason::of_key)
    }

    /// Where it is.
    pub(crate) fn place(&self) -> Place<'_> {
        Place { node: &self.node, session: &self.id }
    }
}

/// What a session runs, as the catalogue said when it was accepted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Software {
    /// Its name in addresses.
    pub(crate) name: String,
    /// Its name for people.
    pub(crate) title: String,
    /// Its version.
    pub(crate) version: String,
    /// The image without a tag.
    pub(crate) image: String,
    /// What an engine is asked for.
    pub(crate) reference: String,
    /// Where the catalogue pins it.
    pub(crate) digest: String,
    /// A kind's key.
    pub(crate) kind: String,
    /// Where its interface answers; none for batch.
    pub(crate) interface: Option<Interface>,
    /// In place of the image's own command; empty: that one.
    pub(crate) command: Vec<String>,
    /// Names and values.
    pub(crate) environment: Vec<(String, String)>,
    /// Whether the basket's data comes along.
    pub(crate) data: bool,
    /// It may be ended when nobody has used it for so many minutes; never where 0.
    pub(crate) idle_minutes: u32,
}

/// A session with what goes on.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct ListedRow {
    #[sqlx(flatten)]
    pub(crate) session: SessionRow,
    #[sqlx(flatten)]
    pub(crate) going_on: GoingOn,
}

/// Who looks: their own sessions, and those that are shared with them or with a group of theirs.
pub(crate) struct Viewer<'a> {
    pub(crate) user: &'a str,
    pub(crate) groups: &'a [String],
}

impl Viewer<'_> {
    /// The condition for what they see on their list, whose first parameter has this number.
    pub(super) fn sees(&self, first: usize) -> String {
        format!(
            "((s.owner = ${first} AND s.dismissed = 0) OR (s.state <> 'ended' AND {}))",
            self.shared(first)
        )
    }

    /// The condition for what is shared with them.
    pub(super) fn shared(&self, first: usize) -> String {
        format!("EXISTS (SELECT 1 FROM session_shares h WHERE h.session = s.id AND {})", self.meant(first))
    }

    /// The condition for a share `h` that means them.
    pub(super) fn meant(&self, first: usize) -> String {
        let groups: Vec<String> =
            (0..self.groups.len()).map(|number| format!("${}", first + 1 + number)).collect();
        let group = if groups.is_empty() {
            String::new()
        } else {
            format!(" OR (h.with_group = 1 AND h.with_name IN ({}))", groups.join(", "))
        };
        format!("((h.with_group = 0 AND h.with_name = ${first}){group})")
    }

    /// Binds what the condition names.
    pub(super) fn bind_as<'q, O>(
        &self,
        query: QueryAs<'q, Any, O, AnyArguments>,
    ) -> QueryAs<'q, Any, O, AnyArguments> {
        let query = query.bind(self.user.to_owned());
        self.groups.iter().fold(query, |query, group| query.bind(group.clone()))
    }
}
