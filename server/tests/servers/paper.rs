//! A site made of paper: it keeps to the contract of `Site`, writes every call down, and can be told to say no, to be cut
//! before or after it did something, or to never come back.

use app::features::servers::model::Size;
use async_trait::async_trait;
use skyport::providers::{
    Access, Account, Fault, Flavor, Found, Given, Handle, Image, Machine, Offer, Phase, Reason, Room, Seen,
    Share, Site, Switch, Wish,
};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;
use tokio::sync::Notify;

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
    /// A request that is carried out when [`PaperSite::carry_out`] is called, whose answer is lost.
    DoneLater,
}

#[derive(Default)]
pub struct Cloud {
    /// By server.
    pub machines: BTreeMap<String, Paper>,
    /// More machines of servers that have one: the server's id with each.
    pub doubles: Vec<(String, Paper)>,
    /// Ids of machines that are there, and that the list leaves out.
    pub unlisted: BTreeSet<String>,
    /// Requests that are not carried out yet.
    pub late: Vec<Wish>,
    /// Every machine that was ever asked for, twice where one server got two.
    pub made: Vec<String>,
    pub keys: BTreeSet<String>,
    pub addresses: BTreeMap<String, String>,
    /// The names of all calls.
    pub calls: Vec<String>,
    pub twists: VecDeque<(String, Twist)>,
    pub cores: Option<u64>,
    /// How often it does not hear that it is to go off.
    pub deaf: u32,
    pub tokens: BTreeSet<String>,
    /// The projects of tokens; a machine of one is not seen in another.
    pub projects: BTreeMap<String, String>,
    /// At this call this token is over.
    pub ending: Option<(String, String)>,
}

#[derive(Debug, Clone)]
pub struct Paper {
    pub id: String,
    pub phase: Phase,
    pub public_key: String,
    pub name: String,
    /// The project that it is in, where there are several.
    pub project: Option<String>,
    /// How often it is still looked at before it runs, or is gone.
    pub looks: u32,
}

/// The site; clones share the cloud.
#[derive(Clone)]
pub struct PaperSite {
    pub cloud: Arc<Mutex<Cloud>>,
    pub wants_token: bool,
    pub settles_in: Duration,
    /// Where its machines are, where the portal can reach them; and whether it may look there.
    pub at: Option<(SocketAddr, bool)>,
    pub has_image_disks: bool,
    /// The call that does not come back for now; and who is told when it may.
    pub held: Arc<(Mutex<Option<String>>, Notify)>,
}

impl PaperSite {
    pub fn new() -> Self {
        Self {
            cloud: Arc::default(),
            wants_token: false,
            settles_in: Duration::ZERO,
            at: None,
            has_image_disks: false,
            held: Arc::default(),
        }
    }

    /// A site that may carry out a request a minute after its answer was lost.
    pub fn slow_to_settle() -> Self {
        Self { settles_in: Duration::from_mins(1), ..Self::new() }
    }

    pub fn with_tokens(tokens: &[&str]) -> Self {
        let site = Self { wants_token: true, ..Self::new() };
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

    /// Calls of this name do not come back until they are let go.
    pub fn hold(&self, call: &str) {
        *self.held.0.lock().unwrap() = Some(call.to_owned());
    }

    pub fn let_go(&self) {
        *self.held.0.lock().unwrap() = None;
        self.held.1.notify_waiters();
    }

    async fn wait_while_held(&self, call: &str) {
        loop {
            let let_go = self.held.1.notified();
            if self.held.0.lock().unwrap().as_deref() != Some(call) {
                return;
            }
            let_go.await;
        }
    }

    /// From the next call of this name on, this token is taken no more.
    pub fn twist_token_after(&self, call: &str, token: &str) {
        self.lock().ending = Some((call.to_owned(), token.to_owned()));
    }

    /// The project of a token.
    fn project(&self, access: &Access) -> Option<String> {
        let Access::Token(token) = access else { return None };
        self.lock().projects.get(token.expose()).cloned()
    }

    /// How often something was called.
    pub fn calls(&self, name: &str) -> usize {
        self.lock().calls.iter().filter(|call| *call == name).count()
    }

    /// Carries out the requests whose answers were lost.
    pub fn carry_out(&self) {
        let cloud = &mut *self.lock();
        for wish in std::mem::take(&mut cloud.late) {
            let machine = cloud.make(&wish, None);
            match cloud.machines.get(&wish.server) {
                Some(_) => cloud.doubles.push((wish.server, machine)),
                None => drop(cloud.machines.insert(wish.server, machine)),
            }
        }
    }

    /// Nothing is left there of anything.
    pub fn is_empty(&self) -> bool {
        let cloud = self.lock();
        cloud.machines.is_empty()
            && cloud.doubles.is_empty()
            && cloud.keys.is_empty()
            && cloud.addresses.is_empty()
    }

    async fn call<T>(
        &self,
        name: &str,
        access: &Access,
        act: impl FnOnce(&mut Cloud) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        self.wait_while_held(name).await;
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
            Some(Twist::DoneLater) => Err(Fault::of(Reason::OutcomeUnknown)),
        }
    }
}

impl Cloud {
    fn make(&mut self, wish: &Wish, project: Option<String>) -> Paper {
        let id = format!("m{}", self.made.len());
        self.made.push(wish.server.clone());
        Paper {
            id,
            phase: Phase::Building,
            public_key: wish.public_key.clone(),
            name: wish.name.clone(),
            project,
            looks: 1,
        }
    }

    /// The machine that is meant: by its own id where that is known, else by its server's.
    fn place(&mut self, handle: &Handle) -> Option<&mut Paper> {
        let is_meant = |paper: &Paper| handle.machine.as_ref().is_none_or(|id| paper.id == *id);
        let first = self.machines.get_mut(&handle.server).filter(|paper| is_meant(paper));
        let of_server = |(server, paper): &&mut (String, Paper)| *server == handle.server && is_meant(paper);
        first.or_else(|| self.doubles.iter_mut().find(of_server).map(|(_, paper)| paper))
    }

    fn forget(&mut self, machine: &str) {
        self.machines.retain(|_, paper| paper.id != machine);
        self.doubles.retain(|(_, paper)| paper.id != machine);
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
        self.at.is_some()
    }

    fn has_image_disks(&self) -> bool {
        self.has_image_disks
    }

    fn may_look_at(&self, _address: &str) -> bool {
        self.at.is_none_or(|(_, may_look)| may_look)
    }

    fn settles_in(&self) -> Duration {
        self.settles_in
    }

    async fn account(&self, access: &Access) -> Result<Option<Account>, Fault> {
        Ok(self.project(access).map(|project| Account {
            project_name: format!("project {project}"),
            project,
            user: "me".to_owned(),
        }))
    }

    async fn offer(&self, access: &Access) -> Result<Offer, Fault> {
        self.call("offer", access, |cloud| {
            let size = |cores| Size { cores, memory_mib: 512 * cores, disk_gib: 4 };
            let flavor =
                |id: &str, cores| Flavor { id: id.to_owned(), title: id.to_owned(), size: size(cores) };
            let bare = Size { disk_gib: 0, ..size(1) };
            let bare = Flavor { id: "bare".to_owned(), title: "Bare".to_owned(), size: bare };
            let used = cloud.machines.len() as u64;
            Ok(Offer {
                images: vec![
                    Image {
                        id: "sheet".to_owned(),
                        title: "A sheet".to_owned(),
                        system: "Paper".to_owned(),
                        version: "1".to_owned(),
                        access_user: "paper".to_owned(),
                        min_disk_gib: 1,
                        min_memory_mib: 256,
                        takes_user_data: true,
                    },
                    Image {
                        id: "slate".to_owned(),
                        title: "A slate".to_owned(),
                        system: "Stone".to_owned(),
                        version: "1".to_owned(),
                        access_user: "paper".to_owned(),
                        min_disk_gib: 1,
                        min_memory_mib: 256,
                        takes_user_data: false,
                    },
                ],
                sizes: vec![flavor("small", 1), flavor("large", 8), bare],
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
        let is_late = {
            let twists = &self.lock().twists;
            matches!(twists.iter().find(|(call, _)| call == "request"), Some((_, Twist::DoneLater)))
        };
        if is_late {
            self.lock().late.push(wish.clone());
        }
        let project = self.project(access);
        self.call("request", access, |cloud| {
            assert!(cloud.keys.contains(&wish.server), "the key is there first");
            if let Some(machine) = cloud.machines.get(&wish.server) {
                return Ok(machine.id.clone());
            }
            let machine = cloud.make(wish, project);
            let id = machine.id.clone();
            cloud.machines.insert(wish.server.clone(), machine);
            Ok(id)
        })
        .await
    }

    async fn look(&self, access: &Access, handle: &Handle) -> Result<Seen, Fault> {
        let (project, at) = (self.project(access), self.at);
        self.call("look", access, |cloud| {
            let address = cloud.addresses.get(&handle.server).cloned();
            let Some(machine) = cloud.place(handle).filter(|machine| machine.project == project) else {
                return Ok(Seen::Gone);
            };
            if machine.looks > 0 {
                machine.looks -= 1;
            } else if machine.phase == Phase::Building {
                machine.phase = Phase::Running { booted: true };
            } else if machine.phase == Phase::Removing {
                let id = machine.id.clone();
                cloud.forget(&id);
                return Ok(Seen::Gone);
            }
            let mut machine = seen(machine, address.as_ref());
            machine.port = at.map_or(22, |(at, _)| at.port());
            Ok(Seen::There(machine))
        })
        .await
    }

    async fn give_address(&self, access: &Access, handle: &Handle, wanted: bool) -> Result<Given, Fault> {
        let at = self.at;
        self.call("give_address", access, |cloud| {
            if !wanted {
                return Ok(Given::Without);
            }
            let next = match at {
                Some((at, _)) => at.ip().to_string(),
                None => format!("192.0.2.{}", cloud.addresses.len() + 1),
            };
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
            if to == Switch::Off && cloud.deaf > 0 {
                cloud.deaf -= 1;
                return Ok(());
            }
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
            if let Some(machine) = cloud.place(handle) {
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
        let project = self.project(access);
        self.call("list", access, |cloud| {
            // What goes is gone by itself.
            cloud.machines.retain(|_, machine| machine.phase != Phase::Removing);
            cloud.doubles.retain(|(_, machine)| machine.phase != Phase::Removing);
            let doubles = cloud.doubles.iter().map(|(server, machine)| (server, machine));
            let mut all: Vec<(&String, &Paper)> = cloud.machines.iter().chain(doubles).collect();
            all.retain(|(_, machine)| !cloud.unlisted.contains(&machine.id) && machine.project == project);
            // Their ids count up.
            all.sort_by_key(|(_, machine)| machine.id.clone());
            let found = |(server, machine): (&String, &Paper)| Found {
                server: server.clone(),
                machine: seen(machine, cloud.addresses.get(server)),
            };
            Ok(all.into_iter().map(found).collect())
        })
        .await
    }
}
