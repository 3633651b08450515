//! A database with people, and processes that book on it.

use crate::support::portal::HandClock;
use app::features::plan::model::PlanQuestion;
use app::features::software::model::{Kind, Resources};
use skyport::clock::{Clock, Entropy, Micros, SECOND};
use skyport::config::{Config, Secret};
use skyport::db::{self, Db};
use skyport::features::bookings::service::BookingsService;
use skyport::features::bookings::{Accepted, Booking, Hold, HoldRefusal, Start, Wish, no_objection};
use std::sync::Arc;

pub const MINUTE: Micros = 60 * SECOND;
pub const HOUR: Micros = 60 * MINUTE;

/// One node of four cores.
pub const FOUR_CORES: &str = r#"
title = "Here"
nodes = [{ name = "n1", socket = "/run/nowhere.sock", cores = 4, memory_mib = 4096, disk_gib = 100 }]
"#;

/// Where the rows are: SQLite in a folder, or a database of a PostgreSQL server.
pub struct Place {
    pub config: Config,
    pub clock: HandClock,
    _folder: tempfile::TempDir,
}

impl Place {
    pub fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::default();
        folder.path().clone_into(&mut config.server.data_folder);
        Self { config, clock: HandClock::standing(), _folder: folder }
    }

    pub fn at(url: &str) -> Self {
        let mut place = Self::sqlite();
        place.config.database.url = Secret::new(url);
        place
    }

    /// The site `here`.
    pub fn with_site(&mut self, text: &str) {
        self.config.sites.insert("here".to_owned(), toml::from_str(text).unwrap());
        self.config.check().unwrap();
    }

    /// A process of its own: its own connections, its own memory.
    pub async fn process(&self) -> Process {
        self.process_ahead(0).await
    }

    /// The same, whose clock is ahead by so many seconds.
    pub async fn process_ahead(&self, seconds: i64) -> Process {
        let db = db::open(&self.config).await.unwrap();
        let hand = self.clock.clone();
        let clock = Clock::of(move || hand.now() + seconds * SECOND);
        let bookings =
            BookingsService::new(&self.config, &db, &clock, &Entropy::system(), "http://localhost:8080");
        Process { db, bookings: Arc::new(bookings.unwrap()), clock: self.clock.clone() }
    }
}

/// A portal as far as bookings go.
#[derive(Clone)]
pub struct Process {
    pub db: Db,
    pub bookings: Arc<BookingsService>,
    pub clock: HandClock,
}

impl Process {
    pub async fn person(&self, name: &str) -> String {
        sqlx::query(
            "INSERT INTO users (id, issuer, subject, name, user_groups, created_us) VALUES ($1, 'i', $1, $1, '[]', 0)",
        )
        .bind(name)
        .execute(&self.db)
        .await
        .unwrap();
        name.to_owned()
    }

    pub async fn hold(&self, hold: &Hold) -> Result<String, HoldRefusal> {
        self.bookings.hold(hold).await
    }

    /// Accepts for a session of this name.
    pub async fn accept(&self, owner: &str, id: &str, session: &str) -> app::error::Result<String> {
        match self.bookings.accept(owner, id, session, no_objection).await? {
            Accepted::Before(session) => Ok(session),
            Accepted::Now(accepting) => Ok(accepting.commit().await.unwrap().session.unwrap()),
        }
    }

    pub async fn booking(&self, id: &str) -> Booking {
        self.bookings.find(id).await.unwrap().expect("the booking")
    }

    /// Free cores of the site at an instant from now on, as this process answers.
    pub async fn free_cores(&self, at: Micros) -> u32 {
        let site = self.bookings.site("here").unwrap();
        let time = planner::Time::from_micros;
        let interval = planner::Interval::new(time(at), time(at + 1)).unwrap();
        self.bookings.look(site, |planner| planner.load_over(None, interval)[0].free.cores).await.unwrap()
    }

    /// The most cores that the rows ever grant at once, offers that are held too.
    pub async fn most_granted(&self) -> i64 {
        let rows = self.grants().await;
        rows.iter().map(|row| cores_at(&rows, row.0)).max().unwrap_or(0)
    }

    /// The cores that the rows grant at an instant.
    pub async fn granted_at(&self, time: Micros) -> i64 {
        cores_at(&self.grants().await, time)
    }

    async fn grants(&self) -> Vec<(Micros, Micros, i64)> {
        let rows: Vec<(Micros, Micros, String)> = sqlx::query_as(
            "SELECT start_us, end_us, parts FROM bookings WHERE state IN ('held', 'booked') AND site = 'here'",
        )
        .fetch_all(&self.db)
        .await
        .unwrap();
        let cores = |parts: &str| {
            let parts: serde_json::Value = serde_json::from_str(parts).unwrap();
            parts.as_array().unwrap().iter().map(|part| part["cores"].as_i64().unwrap()).sum::<i64>()
        };
        rows.iter().map(|row| (row.0, row.1, cores(&row.2))).collect()
    }

    pub fn now(&self) -> Micros {
        self.clock.now()
    }
}

fn cores_at(grants: &[(Micros, Micros, i64)], time: Micros) -> i64 {
    grants.iter().filter(|grant| grant.0 <= time && time < grant.1).map(|grant| grant.2).sum()
}

/// So many cores for so long, as soon as it can.
pub fn wanted(owner: &str, request: &str, cores: u32, minutes: u32) -> Hold {
    let resources = Resources { cores, memory_mib: 64, ..Resources::default() };
    let question =
        PlanQuestion { software: "tiny".to_owned(), resources, nodes: 1, minutes, ..PlanQuestion::default() };
    Hold {
        owner: owner.to_owned(),
        groups: Vec::new(),
        request: request.to_owned(),
        site: "here".to_owned(),
        start: Start::Soonest,
        wish: Wish {
            software: "tiny".to_owned(),
            software_title: "Tiny".to_owned(),
            version: "1".to_owned(),
            kind: Kind::WebApp,
            architectures: Vec::new(),
            title: "Mine, with a comma".to_owned(),
            data: false,
            command: Vec::new(),
            environment: Vec::new(),
            question,
        },
    }
}

/// The same at a time.
pub fn at(hold: Hold, start_us: Micros) -> Hold {
    Hold { start: Start::At(start_us), ..hold }
}
