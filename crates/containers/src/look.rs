//! What is seen of a container.

use crate::ask::LOOK;
use crate::engine::{Engine, Reach};
use crate::fault::Fault;
use crate::wish::OPERATION_LABEL;
use bollard::models::{ContainerInspectResponse, ContainerState, ContainerStateStatusEnum as Status};
use bollard::query_parameters::{InspectContainerOptions, ListContainersOptions, ListNetworksOptions};
use jiff::Timestamp;
use std::collections::{BTreeMap, HashMap};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// Whether the kernel ended a container because its memory was used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutOfMemory {
    /// It did not.
    No,
    /// Something killed it (exit code 137), and the engine does not say what. Whoever knows that they did not, by
    /// [`Engine::stop`] or otherwise, knows that it was the kernel: Podman 4.3 looks for its monitor's note about that
    /// in another folder than the one where it is left.
    Likely,
    /// The engine says so.
    Yes,
}

/// How a container ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// What its first process said; 128 and the signal's number where a signal ended it.
    pub exit_code: i64,
    /// Whether its memory was used up.
    pub out_of_memory: OutOfMemory,
    /// What the engine says went wrong, where it says so.
    pub words: Option<String>,
    /// When it began.
    pub started: Option<Timestamp>,
    /// When it ended.
    pub finished: Option<Timestamp>,
}

/// Where a container is in its life.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Its network is there, and no container yet; or what an engine left that was killed while it removed one.
    Making,
    /// It is there and was never started.
    Created,
    /// It runs.
    Running {
        /// Since then.
        since: Option<Timestamp>,
    },
    /// It ran and does not any more.
    Ended(Ended),
}

/// What is seen of a container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Its name.
    pub name: String,
    /// The engine's id of it; empty while it is being made.
    pub id: String,
    /// Which operation made it; none where something else did.
    pub operation: Option<String>,
    /// Its labels.
    pub labels: BTreeMap<String, String>,
    /// The id of its image.
    pub image: String,
    /// Where it is in its life.
    pub state: State,
    /// Where its interface is reached, while it runs and has one.
    pub interface: Option<SocketAddr>,
}

/// 128 and the number of the signal KILL.
const KILLED: i64 = 137;
/// As many half removed ones are removed for one list.
const HALF_REMOVED: u32 = 50;

impl Engine {
    /// What is seen of a container; none where there is none, and no network for one.
    pub async fn look(&self, name: &str) -> Result<Option<Seen>, Fault> {
        let asked = || self.docker().inspect_container(name, None::<InspectContainerOptions>);
        let found = match self.ask_settled("look at the container", name, asked).await {
            // Nothing of it is left but its name, for which lists and networks are refused: then its removal is ended. What
            // remains is its network, as of one that is being made.
            Err(fault) if fault.is_half_removed() => {
                // By its id: somebody may have made another of this name meanwhile.
                if let Some(id) = fault.half_removed_id() {
                    self.end_removal(id).await?;
                }
                None
            }
            other => other?,
        };
        // Engines also find containers by the first letters of their ids.
        match found
            .filter(|found| found.name.as_deref().map(|name| name.trim_start_matches('/')) == Some(name))
        {
            Some(found) => Ok(Some(seen(name, found, self.reach()))),
            None => Ok(self.find_network(name).await?.map(|network| making(name, network.labels))),
        }
    }

    /// All that have this label, in the order of their names; with a value, only those that have it with this value.
    /// Networks that were left without a container are among them, as [`State::Making`].
    pub async fn all_of(&self, label: &str, value: Option<&str>) -> Result<Vec<Seen>, Fault> {
        let wanted = value.map_or_else(|| label.to_owned(), |value| format!("{label}={value}"));
        let filters = HashMap::from([("label".to_owned(), vec![wanted])]);
        let listed = match self.list_names(&filters).await {
            Err(fault) if !fault.is_of_one() => return Err(fault),
            listed => listed,
        };
        let options = ListNetworksOptions { filters: Some(filters) };
        let networks = self.ask("list networks", "", LOOK, self.docker().list_networks(Some(options))).await;
        let networks = networks.map(|all| all.into_iter().filter_map(|one| one.name).collect::<Vec<_>>());
        // One container spoils either list; each has a network of its name and labels.
        let mut names = match (listed, networks) {
            (Ok(listed), Ok(networks)) => [listed, networks].concat(),
            (Ok(names), Err(fault)) | (Err(fault), Ok(names)) if fault.is_of_one() => names,
            (Err(fault), _) | (_, Err(fault)) => return Err(fault),
        };
        names.sort();
        names.dedup();
        let mut all = Vec::new();
        for name in names {
            match self.look(&name).await {
                Err(fault) if fault.is_of_one() => {}
                // One that went away meanwhile is not there.
                other => all.extend(other?),
            }
        }
        Ok(all)
    }

    /// The names of all containers that pass these filters. Those that are half removed are removed for it.
    async fn list_names(&self, filters: &HashMap<String, Vec<String>>) -> Result<Vec<String>, Fault> {
        let options = ListContainersOptions {
            all: true,
            filters: Some(filters.clone()),
            ..ListContainersOptions::default()
        };
        let mut tries = 0;
        let listed = loop {
            let asked = self.docker().list_containers(Some(options.clone()));
            match self.ask("list containers", "", LOOK, asked).await {
                Err(fault) if tries < HALF_REMOVED => match fault.half_removed_id() {
                    Some(id) => self.end_removal(id).await?,
                    None => return Err(fault),
                },
                other => break other?,
            }
            tries += 1;
        };
        let name = |names: Vec<String>| Some(names.first()?.trim_start_matches('/').to_owned());
        Ok(listed.into_iter().filter_map(|one| name(one.names?)).collect())
    }
}

fn making(name: &str, labels: Option<HashMap<String, String>>) -> Seen {
    let labels: BTreeMap<String, String> = labels.unwrap_or_default().into_iter().collect();
    Seen {
        name: name.to_owned(),
        id: String::new(),
        operation: labels.get(OPERATION_LABEL).cloned(),
        labels,
        image: String::new(),
        state: State::Making,
        interface: None,
    }
}

fn seen(name: &str, found: ContainerInspectResponse, reach: Reach) -> Seen {
    let state = state(found.state.clone().unwrap_or_default());
    let running = matches!(state, State::Running { .. });
    let interface = if running { interface(name, &found, reach) } else { None };
    let labels = found.config.and_then(|config| config.labels);
    Seen {
        id: found.id.unwrap_or_default(),
        image: found.image.unwrap_or_default(),
        state,
        interface,
        ..making(name, labels)
    }
}

fn state(state: ContainerState) -> State {
    match state.status {
        Some(Status::CREATED | Status::EMPTY) | None => State::Created,
        Some(Status::RUNNING | Status::PAUSED | Status::RESTARTING | Status::STOPPING) => {
            State::Running { since: moment(state.started_at) }
        }
        Some(Status::REMOVING) => State::Making,
        Some(Status::EXITED | Status::DEAD) => State::Ended(Ended {
            exit_code: state.exit_code.unwrap_or(0),
            out_of_memory: match (state.oom_killed, state.exit_code) {
                (Some(true), _) => OutOfMemory::Yes,
                (_, Some(KILLED)) => OutOfMemory::Likely,
                _ => OutOfMemory::No,
            },
            words: state.error.filter(|words| !words.is_empty()),
            started: moment(state.started_at),
            finished: moment(state.finished_at),
        }),
    }
}

/// A time as the engines write it; the year 1 is their "never".
fn moment(text: Option<String>) -> Option<Timestamp> {
    text?.parse().ok().filter(|at: &Timestamp| at.as_second() > 0)
}

/// Where the interface is: the one port that the container was made with.
fn interface(name: &str, found: &ContainerInspectResponse, reach: Reach) -> Option<SocketAddr> {
    let settings = found.network_settings.as_ref()?;
    let bound = || {
        let port = settings
            .ports
            .as_ref()?
            .values()
            .flatten()
            .flatten()
            .find_map(|bound| bound.host_port.clone())?;
        Some(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port.parse().ok()?))
    };
    if reach == Reach::Loopback {
        return bound();
    }
    let address: IpAddr = settings.networks.as_ref()?.get(name)?.ip_address.as_ref()?.parse().ok()?;
    let port = found.config.as_ref()?.labels.as_ref()?.get(PORT_LABEL)?.parse().ok()?;
    Some(SocketAddr::new(address, port))
}

/// The label that keeps the interface's port: an image may expose others.
pub(crate) const PORT_LABEL: &str = "containers.port";
