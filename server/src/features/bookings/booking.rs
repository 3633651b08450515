//! A booking as services know it, and what of it is kept as JSON.

use super::store::BookingRow;
use crate::clock::Micros;
use app::features::bookings::model::BookingState;
use app::features::plan::model::{PartView, PlanQuestion};
use app::features::software::model::{Kind, Resources};
use planner::{Architecture, GpuKind, Length, Request};
use serde::{Deserialize, Serialize};

/// GPUs are counted, whatever they are.
const GPU: &str = "gpu";

/// What runs in a booking, as it was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    /// The software's name in addresses.
    pub software: String,
    /// Its title then.
    pub software_title: String,
    /// Its version.
    pub version: String,
    /// What it is.
    pub kind: Kind,
    /// The processors that its image is built for; empty: any.
    pub architectures: Vec<String>,
    /// The owner's name for the session; never empty.
    pub title: String,
    /// Whether the basket's data comes along.
    pub data: bool,
    /// Batch: what is run in place of the software's own command; empty: that one.
    pub command: Vec<String>,
    /// Names and values.
    pub environment: Vec<(String, String)>,
    /// The question in full.
    pub question: PlanQuestion,
}

impl Wish {
    /// What the planner is asked.
    pub fn request(&self, owner: &str, groups: &[String]) -> Request {
        request(&self.question, &self.architectures, owner, groups)
    }
}

/// A question in full as the planner understands it.
pub fn request(question: &PlanQuestion, architectures: &[String], owner: &str, groups: &[String]) -> Request {
    Request {
        user: owner.into(),
        groups: groups.to_vec(),
        resources: planned(&question.resources),
        most_nodes: question.nodes,
        architectures: architectures.iter().map(Architecture::new).collect(),
        length: Length::minutes(question.minutes),
    }
}

/// Resources as the planner counts them.
pub(super) fn planned(resources: &Resources) -> planner::Resources {
    planner::Resources::cores(resources.cores)
        .memory_mib(resources.memory_mib)
        .disk_mib(resources.disk_gib.saturating_mul(1024))
        .gpus(GpuKind::new(GPU), resources.gpus)
}

/// What is taken of a node, as it is kept: a share of a disk need not be whole GiB.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct PartRow {
    pub(super) node: String,
    pub(super) cores: u32,
    pub(super) memory_mib: u64,
    pub(super) disk_mib: u64,
    pub(super) gpus: u32,
}

impl PartRow {
    pub(super) fn new(node: &str, resources: &planner::Resources) -> Self {
        Self {
            node: node.to_owned(),
            cores: resources.cores,
            memory_mib: resources.memory_mib,
            disk_mib: resources.disk_mib,
            gpus: resources.gpus.values().sum(),
        }
    }

    pub(super) fn planned(&self) -> planner::Resources {
        planner::Resources::cores(self.cores)
            .memory_mib(self.memory_mib)
            .disk_mib(self.disk_mib)
            .gpus(GpuKind::new(GPU), self.gpus)
    }
}

impl From<&PartRow> for PartView {
    fn from(part: &PartRow) -> Self {
        let resources = Resources {
            cores: part.cores,
            memory_mib: part.memory_mib,
            disk_gib: part.disk_mib.div_ceil(1024),
            gpus: part.gpus,
        };
        Self { node: part.node.clone(), resources }
    }
}

/// A booking, or an offer that is held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booking {
    /// Its id.
    pub id: String,
    /// The site's key.
    pub site: String,
    /// The user's id.
    pub owner: String,
    /// The name of the node that its first part is on.
    pub node: String,
    /// What is where.
    pub parts: Vec<PartView>,
    /// In all.
    pub resources: Resources,
    /// UTC microseconds.
    pub start_us: Micros,
    /// UTC microseconds.
    pub end_us: Micros,
    /// What it is at.
    pub state: BookingState,
    /// While it is held: until then.
    pub held_until_us: Option<Micros>,
    /// What runs in it.
    pub wish: Wish,
    /// The session in it, once it was accepted.
    pub session: Option<String>,
    /// When it was asked for.
    pub asked_us: Micros,
    /// When it last changed.
    pub changed_us: Micros,
    /// Goes up with each change.
    pub revision: i64,
}

impl Booking {
    /// A row as it stands at `now`; none where a newer Skyport wrote it.
    pub(super) fn read(row: BookingRow, now: Micros) -> Option<Self> {
        let wish: Wish = serde_json::from_str(&row.wish).ok()?;
        let parts: Vec<PartRow> = serde_json::from_str(&row.parts).ok()?;
        Some(Self {
            state: state_at(&row, now),
            node: parts.first()?.node.clone(),
            parts: parts.iter().map(PartView::from).collect(),
            resources: wish.question.resources,
            id: row.id,
            site: row.site,
            owner: row.owner,
            start_us: row.start_us,
            end_us: row.end_us,
            held_until_us: row.held_until_us,
            wish,
            session: row.session,
            asked_us: row.asked_us,
            changed_us: row.changed_us,
            revision: row.revision,
        })
    }
}

/// What a row is at: also before anybody wrote down that its time is over.
fn state_at(row: &BookingRow, now: Micros) -> BookingState {
    match row.state.as_str() {
        "held" if row.held_until_us.is_some_and(|until| until <= now) || row.end_us <= now => {
            BookingState::Expired
        }
        "held" => BookingState::Held,
        "booked" if row.end_us <= now => BookingState::Over,
        "booked" if row.start_us <= now => BookingState::Running,
        "booked" => BookingState::Booked,
        "cancelled" => BookingState::Cancelled,
        "expired" => BookingState::Expired,
        _ => BookingState::Over,
    }
}
