//! Whatever people do, in whatever order and through whichever process: the rows never grant more than there is, and what
//! each process has in memory is what the rows say.

use crate::world::{FOUR_CORES, HOUR, MINUTE, Place, Process, at, wanted};
use app::asking::{Caller, Owner};
use app::features::bookings::port::BookingsPort as _;
use skyport::features::bookings::{Accepted, HoldRefusal, Start, no_objection};

const STEPS: usize = 250;

/// The same numbers every time (a linear congruential generator of Knuth's).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }
}

pub async fn no_history_grants_too_much(mut place: Place) {
    place.with_site(FOUR_CORES);
    let processes = [place.process().await, place.process().await];
    let mut people = Vec::new();
    for name in ["vera", "edwin", "cecilia"] {
        people.push(processes[0].person(name).await);
    }
    let mut dice = Dice(4);
    let mut ids: Vec<(String, String)> = Vec::new();
    let (mut held, mut refused) = (0, 0);
    for step in 0..STEPS {
        let process = &processes[dice.roll(2)];
        let now = process.now();
        let (owner, id) = match ids.len() {
            0 => (people[0].clone(), "none".to_owned()),
            many => ids[dice.roll(many)].clone(),
        };
        let time = now + dice.roll(60) as i64 * 5 * MINUTE;
        let caller = Caller { owner: Owner::User(owner.clone()), ..Caller::nobody() };
        // Refused or not, it must be right afterwards.
        match dice.roll(12) {
            0..4 => {
                let person = &people[dice.roll(3)];
                let minutes = 5 * (1 + dice.roll(24)) as u32;
                let mut wish = wanted(person, &format!("r{step}"), 1 + dice.roll(4) as u32, minutes);
                if dice.roll(3) > 0 {
                    wish.start = Start::At(time);
                }
                match process.hold(&wish).await {
                    Ok(id) => {
                        held += 1;
                        ids.push((person.clone(), id));
                    }
                    Err(HoldRefusal::No { reasons, .. }) => {
                        assert!(!reasons.is_empty());
                        refused += 1;
                    }
                    Err(other) => panic!("{other:?}"),
                }
            }
            4..7 => drop(process.accept(&owner, &id, &format!("s{step}")).await),
            7 => {
                if let Ok(Accepted::Now(accepting)) =
                    process.bookings.accept(&owner, &id, "cut", no_objection).await
                {
                    drop(accepting);
                }
            }
            8 => drop(process.bookings.end_at(&owner, &id, time).await),
            9 => drop(process.bookings.move_to(&caller, &id, time).await),
            10 => match dice.roll(2) {
                0 => drop(process.bookings.cancel(&caller, &id).await),
                _ => process.bookings.finish(&id, now).await.unwrap(),
            },
            _ => process.clock.forward(dice.roll(600) as i64),
        }
        compare(&processes, step).await;
    }
    assert!(held > 20 && refused > 5, "{held} held and {refused} refused");
}

async fn compare(processes: &[Process; 2], step: usize) {
    let now = processes[0].now();
    // Asking gives back what expired, so that the rows say it too.
    for process in processes {
        process.free_cores(now).await;
    }
    assert!(processes[0].most_granted().await <= 4, "step {step}");
    for hours in [0, 1, 2, 4] {
        let at = now + hours * HOUR;
        let rows = 4 - processes[0].granted_at(at).await;
        for process in processes {
            assert_eq!(i64::from(process.free_cores(at).await), rows, "step {step}, in {hours} hours");
        }
    }
}

/// What one process gave to somebody else is gone for another whose clock has not come so far.
pub async fn clocks_that_differ(mut place: Place) {
    place.with_site(FOUR_CORES);
    let behind = place.process().await;
    let ahead = place.process_ahead(10).await;
    let (vera, edwin) = (behind.person("vera").await, behind.person("edwin").await);
    let start = behind.now() + HOUR;
    let veras = behind.hold(&at(wanted(&vera, "r", 4, 60), start)).await.unwrap();
    behind.clock.forward(295);
    let edwins = ahead.hold(&at(wanted(&edwin, "r", 4, 60), start)).await.unwrap();
    behind.accept(&vera, &veras, "s1").await.expect_err("it was given to somebody else");
    assert_eq!(behind.accept(&edwin, &edwins, "s2").await.unwrap(), "s2");
    assert_eq!(behind.most_granted().await, 4);
}
