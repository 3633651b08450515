//! The way in: a session is opened on an origin of its own, `<id>.<domain>`, so that what runs inside can never script
//! the portal.
//!
//! The portal gives its owner, and whom it is shared with, a ticket: a minute, one use. On the session's origin it is
//! traded for an access: a cookie of that origin alone, good as long as the sign-in behind it. Each request is asked
//! about; a word holds two seconds in this process, and not at all once [`Opening::forget`] was called here. What goes on
//! under an access - a WebSocket, a download - ends with it: where nobody asks, a watcher does, every two seconds.
//!
//! What surprises: whoever holds an access open uses their sign-in and the session, since a terminal says nothing for
//! hours; a closed tab uses neither.

mod hosts;
mod live;
pub mod routes;
mod sharing;
mod store;
mod ticket_page;

pub use hosts::House;
pub(crate) use sharing::Shared;
use sharing::is_shared_with;

use crate::auth::Auth;
use crate::clock::{Clock, Entropy, Micros, SECOND};
use crate::config::Config;
use crate::db::Db;
use crate::fault::{chain, report};
use crate::ids::{hash_secret, new_id, new_secret};
use app::asking::Caller;
use app::error::{Error, Result};
use app::features::sessions::model::SessionState;
use app::features::software::model::Interface;
use app::frame::address;
use futures::{StreamExt as _, stream};
use hosts::Hosts;
use http::Request;
use live::{HOLDS, Key, Live, Word};
use passage::{Limits, Passage};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use store::{Bearer, DoorRow, OpeningStore};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// A ticket is good for this long.
const TICKET: Micros = 60 * SECOND;
/// What is over is removed this often.
const PURGE_EVERY: Duration = Duration::from_mins(10);
/// Accesses asked about at once by the watcher.
const AT_ONCE: usize = 8;
/// An interface may take this long until it begins to answer: some compute first.
const FIRST_BYTE: Duration = Duration::from_mins(10);
/// And be silent this long in the middle of an answer.
const SILENCE: Duration = Duration::from_hours(1);
/// Longest path of an interface that is gone to, in bytes.
const LONGEST_PATH: usize = 1000;

/// The way in. Cheap to clone.
#[derive(Clone)]
pub struct Opening(Arc<Inner>);

struct Inner {
    store: OpeningStore,
    clock: Clock,
    entropy: Entropy,
    hosts: Option<Hosts>,
    portal: String,
    access: Micros,
    live: Live,
    look: Notify,
    passage: Passage,
}

/// Why there is no ticket.
#[derive(Debug)]
pub(crate) enum NoTicket {
    /// It has no interface that answers now; the sentence says why.
    NotNow(&'static str),
    /// There are no names to open sessions under.
    NoDomain,
    /// For another reason.
    Error(Error),
}

/// A ticket.
#[derive(Debug)]
pub(crate) struct Ticket {
    /// The session's own origin.
    pub(crate) origin: String,
    /// What it is traded for.
    pub(crate) secret: String,
}

/// What a ticket was traded for.
#[derive(Debug)]
pub(crate) struct Traded {
    /// The secret of a new access; none where the browser has a good one.
    pub(crate) secret: Option<String>,
    /// The path of the interface.
    pub(crate) path: String,
    /// For how long, in seconds.
    pub(crate) seconds: i64,
}

/// Whether somebody may in.
#[derive(Debug)]
pub(crate) enum Entry {
    /// To the interface, here.
    Open(SocketAddr, live::Ends),
    /// It does not answer at the moment.
    NotNow,
    /// It is over.
    Over,
    /// No.
    No,
}

impl Opening {
    /// For a portal at this address.
    pub fn new(config: &Config, db: &Db, clock: &Clock, entropy: &Entropy, origin: &str) -> Self {
        let limits = Limits { first_byte: Some(FIRST_BYTE), idle_body: Some(SILENCE), ..Limits::default() };
        Self(Arc::new(Inner {
            store: OpeningStore::new(db.clone()),
            clock: clock.clone(),
            entropy: entropy.clone(),
            hosts: Hosts::new(config, origin),
            portal: origin.to_owned(),
            access: config.sign_in.absolute_s * SECOND,
            live: Live::default(),
            look: Notify::new(),
            passage: Passage::new(limits),
        }))
    }

    /// Watches over what goes on, until Skyport stops.
    pub fn watch(&self, auth: &Auth, stopping: &CancellationToken, tasks: &TaskTracker) {
        let (opening, auth, stopping) = (self.clone(), auth.clone(), stopping.clone());
        tasks.spawn(async move {
            let mut purge = tokio::time::interval(PURGE_EVERY);
            let mut look = tokio::time::interval(HOLDS / 2);
            look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
            loop {
                tokio::select! {
                    () = stopping.cancelled() => return opening.0.live.stop(),
                    _ = purge.tick() => {
                        if let Err(error) = opening.0.store.purge(opening.0.clock.now()).await {
                            tracing::warn!(fault.chain = %chain(&error), "old ways into sessions were not removed");
                        }
                        continue;
                    }
                    _ = look.tick() => {}
                    () = opening.0.look.notified() => {}
                }
                opening.look(&auth).await;
            }
        });
    }

    /// To be called when a session ends, its address changes, or a share is taken back, after that was committed: from
    /// now on this process asks anew, and what goes on under an access that is over ends at once.
    pub fn forget(&self, session: &str) {
        for address in self.0.live.forget(session) {
            self.0.passage.forget(&address.into());
        }
        self.0.look.notify_one();
    }

    /// The origin of a session; none where there are no names for them.
    pub fn origin_of(&self, session: &str) -> Option<String> {
        self.0.hosts.as_ref().map(|hosts| hosts.origin(session))
    }

    /// Whose a request is.
    pub(crate) fn house<B>(&self, request: &Request<B>) -> House {
        self.0.hosts.as_ref().map_or(House::Portal, |hosts| hosts.house(request))
    }

    /// Whether an `Origin` is the portal's.
    pub(crate) fn is_portal(&self, origin: &str) -> bool {
        self.0.hosts.as_ref().is_some_and(|hosts| hosts.is_portal(origin))
    }

    /// What carries.
    pub(crate) fn passage(&self) -> &Passage {
        &self.0.passage
    }

    /// Gives a ticket to who may open a session.
    pub(crate) async fn mint(&self, caller: &Caller, session: &str) -> std::result::Result<Ticket, NoTicket> {
        let inner = &self.0;
        let fault = |e: sqlx::Error| NoTicket::Error(report("opening a session", &e));
        let user = caller.user().map_err(NoTicket::Error)?;
        let sign_in = caller.sign_in.as_deref().ok_or(NoTicket::Error(Error::SignInNeeded))?;
        if session.contains('\0') {
            return Err(NoTicket::Error(Error::NotFound));
        }
        let door = inner.store.find_door(session).await.map_err(fault)?;
        let door = door.ok_or(NoTicket::Error(Error::NotFound))?;
        let role = self.role_of(&door, session, caller).await.map_err(fault)?;
        let role = role.ok_or(NoTicket::Error(Error::NotFound))?;
        let Some(hosts) = &inner.hosts else { return Err(NoTicket::NoDomain) };
        let Some(interface) = interface_of(&door) else {
            return Err(NoTicket::NotNow(
                "It has no interface to open. Its log and its output are on its page.",
            ));
        };
        if role == Shared::View && interface.view.is_none() {
            return Err(NoTicket::NotNow(
                "It is shared with you to look at, and its software cannot be watched without being used. Its log is on \
                 its page; ask its owner to let you use it.",
            ));
        }
        match word_of(&door, role) {
            Word::Open(_) => {}
            Word::NotNow => {
                return Err(NoTicket::NotNow(
                    "Its interface does not answer now. Its page says when it does.",
                ));
            }
            Word::Over => return Err(NoTicket::NotNow("It is over. Its page says why, and keeps its log.")),
        }
        let secret = new_secret(&inner.entropy);
        let ticket = Bearer { hash: &hash_secret(&secret), session, user, sign_in };
        inner.store.insert_ticket(&ticket, inner.clock.now() + TICKET).await.map_err(fault)?;
        Ok(Ticket { origin: hosts.origin(session), secret })
    }

    /// Trades a ticket for an access; none where it is no good. `held` are the secrets of accesses that the browser has.
    pub(crate) async fn trade(
        &self,
        auth: &Auth,
        session: &str,
        ticket: &str,
        held: &[String],
    ) -> Result<Option<Traded>> {
        let inner = &self.0;
        let fault = |e: sqlx::Error| report("opening a session", &e);
        let now = inner.clock.now();
        let taken = inner.store.take_ticket(&hash_secret(ticket), session, now).await.map_err(fault)?;
        let Some(bearer) = taken else { return Ok(None) };
        let Some(caller) = auth.find_caller_of(&bearer.sign_in).await? else { return Ok(None) };
        let Some(door) = inner.store.find_door(session).await.map_err(fault)? else { return Ok(None) };
        if caller.user()? != bearer.user_id {
            return Ok(None);
        }
        let Some(role) = self.role_of(&door, session, &caller).await.map_err(fault)? else { return Ok(None) };
        let (path, seconds) = (path_of(&door, role), inner.access / SECOND);
        // What is open in another tab goes on under the access that it has.
        for held in held {
            let before = inner.store.find_access(&hash_secret(held), session, now).await.map_err(fault)?;
            if before
                .is_some_and(|before| before.sign_in == bearer.sign_in && before.user_id == bearer.user_id)
            {
                return Ok(Some(Traded { secret: None, path, seconds }));
            }
        }
        let secret = new_secret(&inner.entropy);
        let access =
            Bearer { hash: &hash_secret(&secret), session, user: &bearer.user_id, sign_in: &bearer.sign_in };
        let how = if role == Shared::View { ", to look at" } else { "" };
        let event = (&*new_id(&inner.entropy), &*format!("Opened by {}{how}.", caller.name));
        inner.store.insert_access(&access, event, now, now + inner.access).await.map_err(fault)?;
        tracing::info!(session.id = session, user.id = %bearer.user_id, "a session was opened");
        Ok(Some(Traded { secret: Some(secret), path, seconds }))
    }

    /// Whether the bearer of one of these secrets may into a session, now.
    pub(crate) async fn enter(&self, auth: &Auth, session: &str, secrets: &[String]) -> Result<Entry> {
        let mut entry = Entry::No;
        for secret in secrets.iter().filter(|secret| !secret.is_empty()) {
            let key: Key = (session.to_owned(), hash_secret(secret));
            match self.ask(auth, &key).await? {
                Some((Word::Open(address), ends)) => return Ok(Entry::Open(address, ends)),
                Some((Word::NotNow, _)) => entry = Entry::NotNow,
                Some((Word::Over, _)) => entry = Entry::Over,
                None => {}
            }
        }
        Ok(entry)
    }

    async fn ask(&self, auth: &Auth, key: &Key) -> Result<Option<(Word, live::Ends)>> {
        let live = &self.0.live;
        loop {
            if let Some(known) = live.word(key) {
                return Ok(Some(known));
            }
            let mark = live.mark();
            let Some(word) = self.find_word(auth, key).await? else {
                live.end(key);
                return Ok(None);
            };
            if let Some(ends) = live.keep(key, word, mark, true) {
                return Ok(Some((word, ends)));
            }
        }
    }

    /// What the rows say of an access; none where it is none, any more.
    async fn find_word(&self, auth: &Auth, (session, hash): &Key) -> Result<Option<Word>> {
        let inner = &self.0;
        let fault = |e: sqlx::Error| report("checking who may into a session", &e);
        let now = inner.clock.now();
        let Some(bearer) = inner.store.find_access(hash, session, now).await.map_err(fault)? else {
            return Ok(None);
        };
        let Some(caller) = auth.find_caller_of(&bearer.sign_in).await? else { return Ok(None) };
        let Some(door) = inner.store.find_door(session).await.map_err(fault)? else { return Ok(None) };
        if caller.user()? != bearer.user_id {
            return Ok(None);
        }
        let Some(role) = self.role_of(&door, session, &caller).await.map_err(fault)? else { return Ok(None) };
        if role == Shared::View && interface_of(&door).is_none_or(|interface| interface.view.is_none()) {
            return Ok(None);
        }
        let word = word_of(&door, role);
        if matches!(word, Word::Open(_))
            && let Err(error) = inner.store.mark_used(session, now).await
        {
            tracing::warn!(fault.chain = %chain(&error), "the use of a session was not written down");
        }
        Ok(Some(word))
    }

    /// What the caller may do with a session's interface; none where it is neither theirs nor shared with them.
    async fn role_of(&self, door: &DoorRow, session: &str, caller: &Caller) -> sqlx::Result<Option<Shared>> {
        if caller.user().is_ok_and(|user| user == door.owner) {
            return Ok(Some(Shared::Control));
        }
        let shares = self.0.store.shares(session).await?;
        let theirs = shares.iter().filter(|(group, with, _)| is_shared_with(caller, *group != 0, with));
        Ok(theirs.map(|(_, _, control)| Shared::of(*control)).max())
    }

    /// Asks about every access under which something goes on. Where the database is away, it goes on.
    async fn look(&self, auth: &Auth) {
        let due = stream::iter(self.0.live.due());
        due.for_each_concurrent(AT_ONCE, |key| async move {
            let mark = self.0.live.mark();
            match self.find_word(auth, &key).await {
                Ok(Some(word)) => {
                    self.0.live.keep(&key, word, mark, false);
                }
                Ok(None) => self.0.live.end(&key),
                Err(error) => tracing::warn!("what goes on in a session could not be checked: {error}"),
            }
        })
        .await;
    }

    /// The portal's page of a session.
    pub(crate) fn page_of(&self, session: &str) -> String {
        format!("{}/sessions/{session}", self.0.portal)
    }

    /// The portal's list of sessions.
    pub(crate) fn list(&self) -> String {
        format!("{}/sessions", self.0.portal)
    }
}

/// Where a session leads to by its row, for somebody who may do this.
fn word_of(door: &DoorRow, role: Shared) -> Word {
    let address = door.address.as_deref().and_then(|text| text.parse().ok());
    let address = match role {
        Shared::Control => address,
        Shared::View => address.and_then(|address| view_at(interface_of(door).as_ref()?, address)),
    };
    match (SessionState::of_key(&door.state), address) {
        (Some(SessionState::Running), Some(address)) => Word::Open(address),
        (Some(SessionState::Ending | SessionState::Ended), _) => Word::Over,
        _ => Word::NotNow,
    }
}

/// A session's interface, where it has one.
fn interface_of(door: &DoorRow) -> Option<Interface> {
    let software: serde_json::Value = serde_json::from_str(&door.software).ok()?;
    serde_json::from_value(software.get("interface")?.clone()).ok()
}

/// Where an interface that answers at this address can be watched: at another port of the same place. None where its port
/// is not its own there, since a site has put another one before it.
pub(crate) fn view_at(interface: &Interface, address: SocketAddr) -> Option<SocketAddr> {
    let view = interface.view.as_ref().filter(|_| address.port() == interface.port)?;
    Some(SocketAddr::new(address.ip(), view.port))
}

/// The path that opens a session's interface for somebody who may do this.
fn path_of(door: &DoorRow, role: Shared) -> String {
    let path = interface_of(door).and_then(|interface| match role {
        Shared::Control => Some(interface.path),
        Shared::View => interface.view.map(|view| view.path),
    });
    let fine = |path: &String| path.len() <= LONGEST_PATH && path.bytes().all(|b| b.is_ascii_graphic());
    path.filter(fine).map_or_else(|| "/".to_owned(), |path| address::inside(&path).to_owned())
}
