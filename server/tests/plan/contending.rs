//! People who want the same at once.

use crate::world::{HOUR, Place, Process, at, wanted};
use app::error::Error;
use app::features::bookings::model::BookingState;
use skyport::features::bookings::{Accepted, HoldRefusal};

const FIFTY: &str = r#"
title = "Here"
nodes = [
    { name = "n1", socket = "/run/nowhere.sock", cores = 30, memory_mib = 65536, disk_gib = 100 },
    { name = "n2", socket = "/run/nowhere.sock", cores = 20, memory_mib = 65536, disk_gib = 100 },
]
"#;
const PEOPLE: usize = 200;

/// Everybody asks for the same time through one of these processes and accepts what they get: who has which session.
async fn everybody(processes: &[Process]) -> Vec<(String, String)> {
    let mut people = Vec::new();
    for n in 0..PEOPLE {
        people.push(processes[0].person(&format!("person{n}")).await);
    }
    let start = processes[0].now() + HOUR;
    let tasks: Vec<_> = people
        .into_iter()
        .enumerate()
        .map(|(n, person)| {
            let process = processes[n % processes.len()].clone();
            tokio::spawn(async move {
                match process.hold(&at(wanted(&person, "r", 1, 60), start)).await {
                    Ok(id) => {
                        Some((person.clone(), process.accept(&person, &id, &format!("s{n}")).await.unwrap()))
                    }
                    Err(HoldRefusal::No { start_us, reasons, next_us }) => {
                        assert_eq!(start_us, start);
                        assert!(reasons.contains(&planner::Reason::Taken), "{reasons:?}");
                        // Round times alone are proposed, and the end of the others need not be one.
                        let next = next_us.expect("a later start");
                        assert!(
                            (start + HOUR..start + HOUR + 300_000_000).contains(&next),
                            "{next} after {start}"
                        );
                        None
                    }
                    Err(other) => panic!("{other}: {:?}", std::error::Error::source(&other)),
                }
            })
        })
        .collect();
    let mut won = Vec::new();
    for task in tasks {
        won.extend(task.await.unwrap());
    }
    won
}

async fn exactly_fifty(processes: &[Process]) {
    let won = everybody(processes).await;
    assert_eq!(won.len(), 50);
    let states: Vec<(String, i64)> = sqlx::query_as("SELECT state, COUNT(*) FROM bookings GROUP BY state")
        .fetch_all(&processes[0].db)
        .await
        .unwrap();
    assert_eq!(states, [("booked".to_owned(), 50)]);
    for process in processes {
        assert_eq!(process.most_granted().await, 50);
        assert_eq!(process.free_cores(process.now() + HOUR).await, 0);
        assert_eq!(process.free_cores(process.now()).await, 50);
    }
}

/// Whoever may not accept takes nobody along whose change is committed together with theirs.
pub async fn a_no_is_one_persons_alone(mut place: Place) {
    place.with_site(FIFTY);
    let process = place.process().await;
    for round in 0..10 {
        let mut tasks = Vec::new();
        for n in 0..12 {
            let person = process.person(&format!("person{round}-{n}")).await;
            let start = process.now() + (round + 1) * 2 * HOUR;
            let held = process.hold(&at(wanted(&person, "r", 1, 60), start)).await.unwrap();
            let process = process.clone();
            tasks.push(tokio::spawn(async move {
                let (session, may) = (format!("s{round}-{n}"), n % 3 != 1);
                let accepting = process.bookings.accept(&person, &held, &session, |_| {
                    Box::pin(std::future::ready(Ok((!may).then(|| Error::Limit("No.".to_owned())))))
                });
                let accepted = match accepting.await {
                    Ok(Accepted::Now(accepting)) => accepting.commit().await.is_ok(),
                    Ok(Accepted::Before(_)) => panic!("nobody was there before"),
                    Err(no) => {
                        assert_eq!(no, Error::Limit("No.".to_owned()));
                        false
                    }
                };
                let state = process.booking(&held).await.state;
                let wanted = if may { BookingState::Booked } else { BookingState::Held };
                assert_eq!((accepted, state), (may, wanted));
            }));
        }
        for task in tasks {
            task.await.unwrap();
        }
    }
}

pub async fn two_hundred_people_for_fifty_slots(mut place: Place) {
    place.with_site(FIFTY);
    exactly_fifty(&[place.process().await]).await;
}

pub async fn two_processes_never_grant_the_same(mut place: Place) {
    place.with_site(FIFTY);
    exactly_fifty(&[place.process().await, place.process().await]).await;
}
