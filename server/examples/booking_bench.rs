//! Measures people who want the same at once, on the server's own code and a database that is named by its address
//! (without one: SQLite in a folder of its own). In each round 200 people ask for the same hour of a site with 50 cores,
//! then those who got one accept, all at once. Prints one line of JSON: rounds, who won in each, and how many offers were
//! decided and how many were accepted a second.

use app::features::plan::model::PlanQuestion;
use app::features::software::model::{Kind, Resources};
use skyport::clock::{Clock, Entropy, Micros, SECOND};
use skyport::config::{Config, Secret};
use skyport::db;
use skyport::features::bookings::service::BookingsService;
use skyport::features::bookings::{Accepted, Hold, HoldRefusal, Start, Wish, no_objection};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Instant;

const PEOPLE: usize = 200;
const CORES: usize = 50;
const ROUNDS: usize = 40;
const HOUR: Micros = 3600 * SECOND;

type Failure = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let folder = tempfile::tempdir()?;
    let mut config = Config::default();
    config.server.data_folder = folder.path().to_owned();
    if let Some(url) = std::env::args().nth(1) {
        config.database.url = Secret::new(url);
    }
    config.sites = toml::from_str(&format!(
        "[here]\ntitle = 'Here'\nper_user = 0\nnodes = [{{ name = 'n1', socket = '/run/none.sock', cores = {CORES}, memory_mib = 65536, disk_gib = 100 }}]"
    ))?;
    config.check()?;
    let db = db::open(&config).await?;
    for n in 0..PEOPLE {
        sqlx::query(
            "INSERT INTO users (id, issuer, subject, name, user_groups, created_us) VALUES ($1, 'bench', $1, $1, '[]', 0)",
        )
        .bind(format!("p{n}"))
        .execute(&db)
        .await?;
    }
    let (clock, entropy) = (Clock::system(), Entropy::system());
    let bookings = Arc::new(BookingsService::new(&config, &db, &clock, &entropy, "http://localhost:8080")?);
    let (mut won, mut held_s, mut accepted_s) = (BTreeSet::new(), 0.0, 0.0);
    for round in 0..ROUNDS {
        let start = clock.now() + (round as i64 + 1) * 2 * HOUR;
        let begun = Instant::now();
        let tasks: Vec<_> = (0..PEOPLE)
            .map(|person| {
                let (bookings, wanted) = (bookings.clone(), wanted(person, round, start));
                tokio::spawn(async move {
                    match bookings.hold(&wanted).await {
                        Ok(id) => Ok(Some((wanted.owner, id))),
                        Err(HoldRefusal::No { .. }) => Ok(None),
                        Err(other) => Err(other),
                    }
                })
            })
            .collect();
        let mut winners = Vec::new();
        for task in tasks {
            winners.extend(task.await??);
        }
        held_s += begun.elapsed().as_secs_f64();
        won.insert(winners.len());
        let begun = Instant::now();
        let tasks: Vec<_> = winners
            .into_iter()
            .map(|(owner, id)| {
                let bookings = bookings.clone();
                tokio::spawn(async move {
                    match bookings.accept(&owner, &id, &format!("s{id}"), no_objection).await? {
                        Accepted::Now(accepting) => Ok(accepting.commit().await.map(|_| ())?),
                        Accepted::Before(session) => {
                            Err(Failure::from(format!("{session} was there before")))
                        }
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await??;
        }
        accepted_s += begun.elapsed().as_secs_f64();
    }
    let (least, most) = (won.first().copied().unwrap_or(0), won.last().copied().unwrap_or(0));
    println!(
        "{{\"rounds\":{ROUNDS},\"people\":{PEOPLE},\"slots\":{CORES},\"least_won\":{least},\"most_won\":{most},\"decided_per_s\":{:.0},\"accepted_per_s\":{:.0}}}",
        (PEOPLE * ROUNDS) as f64 / held_s,
        (CORES * ROUNDS) as f64 / accepted_s,
    );
    Ok(())
}

fn wanted(person: usize, round: usize, start: Micros) -> Hold {
    let resources = Resources { cores: 1, memory_mib: 256, disk_gib: 1, gpus: 0 };
    Hold {
        owner: format!("p{person}"),
        groups: Vec::new(),
        request: format!("r{round}"),
        site: "here".to_owned(),
        start: Start::At(start),
        wish: Wish {
            software: "notebook".to_owned(),
            software_title: "JupyterLab".to_owned(),
            version: "1".to_owned(),
            kind: Kind::Notebook,
            architectures: Vec::new(),
            title: "JupyterLab".to_owned(),
            data: true,
            command: Vec::new(),
            environment: Vec::new(),
            question: PlanQuestion { resources, nodes: 1, minutes: 60, ..PlanQuestion::default() },
        },
    }
}
