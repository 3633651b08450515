//! A small Skyport in memory: a fake of each port, and the router that serves the real pages over them.
//!
//! Used by the page tests and by the gallery example, which is why not every user needs all of it.

pub(crate) mod account;
pub(crate) mod archives;
pub(crate) mod basket;
pub(crate) mod bookings;
pub(crate) mod keys;
pub(crate) mod plan;
pub(crate) mod queries;
pub(crate) mod serve;
pub(crate) mod servers;
pub(crate) mod sessions;
pub(crate) mod software;

use app::asking::{Caller, Owner, Ports};
use app::error::{Error, Result};
use std::sync::{Arc, Mutex};

/// What this small Skyport holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holding {
    /// Some of everything, with hostile texts among it.
    Full,
    /// Nothing yet.
    Nothing,
    /// The database is away.
    Broken,
}

/// Who looks, and at what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct World {
    /// What is there.
    pub(crate) holding: Holding,
    /// Whether a user is signed in.
    pub(crate) signed_in: bool,
}

/// An instant that every fake thing happened around: 2026-11-22 16:09:18 UTC.
pub(crate) const NOW_US: i64 = 1_795_363_758_000_000;

/// 300 characters, as a file or a user may well have.
pub(crate) fn long_name() -> String {
    "extraordinarily_long_name_".chars().cycle().take(300).collect()
}

/// What must never become markup.
pub(crate) const HOSTILE: &str = "</textarea><script>alert('x')</script> & \"quotes\" שלום 🌌";

impl World {
    /// Everything, signed in.
    pub(crate) const FULL: Self = Self { holding: Holding::Full, signed_in: true };
    /// Nothing yet, signed in.
    pub(crate) const EMPTY: Self = Self { holding: Holding::Nothing, signed_in: true };
    /// The database is away.
    pub(crate) const BROKEN: Self = Self { holding: Holding::Broken, signed_in: true };
    /// A visitor to a full Skyport.
    pub(crate) const VISITOR: Self = Self { holding: Holding::Full, signed_in: false };

    /// Who asks.
    pub(crate) fn caller(self) -> Caller {
        if !self.signed_in {
            return Caller { owner: Owner::Visitor("v1".into()), ..Caller::nobody() };
        }
        Caller {
            owner: Owner::User("u1".into()),
            name: "Ada Astronomer".into(),
            groups: vec!["observers".into()],
            sign_in: Some("s1".into()),
            address: None,
        }
    }

    /// Fails as a Skyport without its database does.
    pub(crate) fn reach(self) -> Result<()> {
        match self.holding {
            Holding::Broken => Err(Error::Unavailable { reference: "7F3K-Q2".into() }),
            _ => Ok(()),
        }
    }

    /// Whether there is anything.
    pub(crate) fn full(self) -> bool {
        self.holding == Holding::Full
    }

    /// Fresh ports over this world.
    pub(crate) fn ports(self) -> Ports {
        Ports {
            account: Arc::new(account::FakeAccount(self)),
            archives: Arc::new(archives::FakeArchives(self)),
            basket: Arc::new(basket::FakeBasket { world: self, kept: Mutex::new(basket::Kept::new(self)) }),
            bookings: Arc::new(bookings::FakeBookings(self)),
            keys: Arc::new(keys::FakeKeys(self)),
            plan: Arc::new(plan::FakePlan(self)),
            queries: Arc::new(queries::FakeQueries(self)),
            servers: Arc::new(servers::FakeServers(self)),
            sessions: Arc::new(sessions::FakeSessions(self)),
            software: Arc::new(software::FakeSoftware(self)),
        }
    }
}
