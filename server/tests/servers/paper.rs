//! A site made of paper: it keeps to the contract of `Site`, writes every call down, and can be told to say no, to be cut
//! before or after it did something, or to never come back.

use app::features::servers::model::Size;
use async_trait::async_trait;
use skyport::providers::{
    Access, Fault, Flavor, Found, Given, Handle, Image, Machine, Offer, Phase, Reason, Room, Seen, Share,
    Site, Switch, Wish,
};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};

/// What a call does instead of what it should.
#[derive(Debug, Clone)]
pub enum Twist {
    /// Says no, with nothing done.
    No(Fault),
    /// Does it, and says that nobody knows.
    DoneButNo(Fault),
    /// Never comes back, with nothing done.
    HangBefore,
    /// Does it and never comes back.
    HangAfter,
}

#[derive(Default)]
pub struct Cloud {
    /// By server.
    pub machines: BTreeMap<String, Paper>,
    /// Every machine that was ever asked for, twice where one server got two.
    pub made: Vec<String>,
    pub keys: BTreeSet<String>,
    pub addresses: BTreeMap<String, String>,
    /// The names of all calls.
    pub calls: Vec<String>,
    pub twists: VecDeque<(String, Twist)>,
    pub cores: Option<u64>,
    pub tokens: BTreeSet<String>,
    /// At this call this token is over.
    pub ending: Option<(String, String)>,
}

#[derive(Debug, Clone)]
pub struct Paper {
    pub id: String,
    pub phase: Phase,
    pub public_key: String,
    pub name: String,
    /// How often it is still looked at before it runs, or is gone.
    pub looks: u32,
}

/// The site; clones share the cloud.
#[derive(Clone)]
pub struct PaperSite {
    pub cloud: Arc<Mutex<Cloud>>,
    pub wants_token: bool,
}

impl PaperSite {
    pub fn new() -> Self {
        Self { cloud: Arc::default(), wants_token: false }
    }

    pub fn with_tokens(tokens: &[&str]) -> Self {
        let site = Self { cloud: Arc::default(), wants_token: true };
        site.lock().tokens = tokens.iter().map(|&t| t.to_owned()).collect();
        site
    }

    pub fn lock(&self) -> MutexGuard<'_, Cloud> {
        self.cloud.lock().unwrap()
    }

    /// The next call of this name is twisted.
    pub fn twist(&self, call: &str, twist: Twist) {
        self.lock().twists.push_back((call.to_owned(), twist));
    }

    /// From the next call of this name on, this token is taken no more.
    pub fn twist_token_after(&self, call: &str, token: &str) {
        self.lock().ending = Some((call.to_owned(), token.to_owned()));
    }

    /// Nothing is left there of anything.
    pub fn is_empty(&self) -> bool {
        let cloud = self.lock();
        cloud.machines.is_empty() && cloud.keys.is_empty() && cloud.addresses.is_empty()
    }

    async fn call<T>(
        &self,
        name: &str,
        access: &Access,
        act: impl FnOnce(&mut Cloud) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let twist = {
            let mut cloud = self.lock();
            cloud.calls.push(name.to_owned());
            if cloud.ending.as_ref().is_some_and(|(call, _)| call == name)
                && let Some((_, token)) = cloud.ending.take()
            {
                cloud.tokens.remove(&token);
            }
            if self.wants_token {
                let known = match access {
                    Access::Token(token) => cloud.tokens.contains(token.expose()),
                    Access::Site => false,
                };
                if !known {
                    return Err(Fault::of(Reason::SignInNeeded));
                }
            }
            let at = cloud.twists.iter().position(|(call, _)| call == name);
            at.and_then(|at| cloud.twists.remove(at)).map(|(_, twist)| twist)
        };
        match twist {
            None => act(&mut self.lock()),
            Some(Twist::No(fault)) => Err(fault),
            Some(Twist::DoneButNo(fault)) => act(&mut self.lock()).and(Err(fault)),
            Some(Twist::HangBefore) => std::future::pending().await,
            Some(Twist::HangAfter) => {
                act(&mut self.lock())?;
                std::future::pending().await
            }
        }
    }
}

fn seen(machine: &Paper, address: Option<&String>) -> Machine {
    Machine {
        machine: machine.id.clone(),
        phase: machine.phase.clone(),
        task: None,
        address: address.cloned(),
        port: 22,
        access_user: Some("paper".to_owned()),
    }
}

#[async_trait]
impl Site for PaperSite {
    fn key(&self) -> &'static str {
        "paper"
    }

    fn title(&self) -> &'static str {
        "The paper cloud"
    }

    fn wants_token(&self) -> bool {
        self.wants_token
    }

    fn reaches_machines(&self) -> bool {
        false
    }

    async fn offer(&self, access: &Access) -> Result<Offer, Fault> {
        self.call("offer", access, |cloud| {
            let size = |cores| Size { cores, memory_mib: 512 * cores, disk_gib: 4 };
            let flavor =
                |id: &str, cores| Flavor { id: id.to_owned(), title: id.to_owned(), size: size(cores) };
            let used = cloud.machines.len() as u64;
            Ok(Offer {
                images: vec![Image {
                    id: "sheet".to_owned(),
                    title: "A sheet".to_owned(),
                    system: "Paper".to_owned(),
                    version: "1".to_owned(),
                    access_user: "paper".to_owned(),
                    min_disk_gib: 1,
                    min_memory_mib: 256,
                }],
                sizes: vec![flavor("small", 1), flavor("large", 8)],
                room: Room {
                    cores: Share { used, limit: Some(cloud.cores.unwrap_or(10_000)) },
                    ..Room::default()
                },
                ..Offer::default()
            })
        })
        .await
    }

    async fn place_key(&self, access: &Access, wish: &Wish) -> Result<(), Fault> {
        self.call("place_key", access, |cloud| {
            cloud.keys.insert(wish.server.clone());
            Ok(())
        })
        .await
    }

    async fn check_room(&self, access: &Access, _wish: &Wish) -> Result<(), Fault> {
        self.call("check_room", access, |_| Ok(())).await
    }

    async fn request(&self, access: &Access, wish: &Wish) -> Result<String, Fault> {
        self.call("request", access, |cloud| {
            assert!(cloud.keys.contains(&wish.server), "the key is there first");
            if let Some(machine) = cloud.machines.get(&wish.server) {
                return Ok(machine.id.clone());
            }
            let id = format!("m{}", cloud.made.len());
            cloud.made.push(wish.server.clone());
            let machine = Paper {
                id: id.clone(),
                phase: Phase::Building,
                public_key: wish.public_key.clone(),
                name: wish.name.clone(),
                looks: 1,
            };
            cloud.machines.insert(wish.server.clone(), machine);
            Ok(id)
        })
        .await
    }

    async fn look(&self, access: &Access, handle: &Handle) -> Result<Seen, Fault> {
        self.call("look", access, |cloud| {
            let Some(machine) = cloud.machines.get_mut(&handle.server) else { return Ok(Seen::Gone) };
            if machine.looks > 0 {
                machine.looks -= 1;
            } else if machine.phase == Phase::Building {
                machine.phase = Phase::Running { booted: true };
            } else if machine.phase == Phase::Removing {
                cloud.machines.remove(&handle.server);
                return Ok(Seen::Gone);
            }
            Ok(Seen::There(seen(machine, cloud.addresses.get(&handle.server))))
        })
        .await
    }

    async fn give_address(&self, access: &Access, handle: &Handle, wanted: bool) -> Result<Given, Fault> {
        self.call("give_address", access, |cloud| {
            if !wanted {
                return Ok(Given::Without);
            }
            let next = format!("192.0.2.{}", cloud.addresses.len() + 1);
            let address = cloud.addresses.entry(handle.server.clone()).or_insert(next);
            Ok(Given::Address(address.clone()))
        })
        .await
    }

    async fn take_address(&self, access: &Access, handle: &Handle) -> Result<(), Fault> {
        self.call("take_address", access, |cloud| {
            cloud.addresses.remove(&handle.server);
            Ok(())
        })
        .await
    }

    async fn switch(&self, access: &Access, handle: &Handle, to: Switch) -> Result<(), Fault> {
        self.call("switch", access, |cloud| {
            if let Some(machine) = cloud.machines.get_mut(&handle.server) {
                machine.phase = match to {
                    Switch::Off => Phase::Off { reason: None },
                    Switch::On | Switch::Anew => Phase::Running { booted: true },
                };
            }
            Ok(())
        })
        .await
    }

    async fn rename(&self, access: &Access, handle: &Handle, name: &str) -> Result<(), Fault> {
        self.call("rename", access, |cloud| {
            if let Some(machine) = cloud.machines.get_mut(&handle.server) {
                name.clone_into(&mut machine.name);
            }
            Ok(())
        })
        .await
    }

    async fn remove(&self, access: &Access, handle: &Handle) -> Result<(), Fault> {
        self.call("remove", access, |cloud| {
            if let Some(machine) = cloud.machines.get_mut(&handle.server) {
                machine.phase = Phase::Removing;
                machine.looks = 1;
            }
            Ok(())
        })
        .await
    }

    async fn remove_key(&self, access: &Access, server: &str) -> Result<(), Fault> {
        self.call("remove_key", access, |cloud| {
            cloud.keys.remove(server);
            Ok(())
        })
        .await
    }

    async fn console(&self, access: &Access, handle: &Handle, _bytes: usize) -> Result<String, Fault> {
        self.call("console", access, |cloud| match cloud.machines.get(&handle.server) {
            Some(machine) => Ok(format!("paper console of {}\n", machine.name)),
            None => Err(Fault::of(Reason::WrongState)),
        })
        .await
    }

    async fn list(&self, access: &Access) -> Result<Vec<Found>, Fault> {
        self.call("list", access, |cloud| {
            // What goes is gone by itself.
            cloud.machines.retain(|_, machine| machine.phase != Phase::Removing);
            let found = |(server, machine): (&String, &Paper)| Found {
                server: server.clone(),
                machine: seen(machine, cloud.addresses.get(server)),
            };
            Ok(cloud.machines.iter().map(found).collect())
        })
        .await
    }
}
