//! Measures questions and operations: `planner_bench [pool|cluster]...` prints one line of JSON for each figure.
//! The bookings and the questions are the same in every run.

use std::error::Error;
use std::time::Instant;

use planner::{
    Architecture, Booking, BookingId, Length, Node, NodeIndex, Part, Planner, Policy, Request, Resources,
    Site, Time, Window,
};

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

const HOUR: i64 = 3_600_000_000;

fn main() -> Outcome {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let wanted = |name: &str| arguments.is_empty() || arguments.iter().any(|argument| argument == name);
    if wanted("pool") {
        pool()?;
    }
    if wanted("cluster") {
        cluster()?;
    }
    Ok(())
}

/// One pool, 10,000 bookings over 30 days, as full as they come when each takes the earliest start that there is for it.
fn pool() -> Outcome {
    let mut dice = Dice(1);
    let mut planner = Planner::new(site(1, &Resources::cores(256).memory_gib(1024).disk_gib(20_000)))?;
    let rows = fill(&mut dice, &mut planner, 10_000, 30, 33)?;
    report(
        "load",
        "pool",
        &load_all(&site(1, &Resources::cores(256).memory_gib(1024).disk_gib(20_000)), &rows)?.1,
    );
    for starts in [1, 4] {
        let times = ask(&mut dice, &planner, 20_000, (20, 30), starts, |dice| {
            let cores = dice.pick(&[1, 4, 16, 32, 64, 96]);
            (needs(cores), 1, 1 + dice.below(24))
        });
        report(&format!("pool, earliest {starts}"), "pool", &times);
    }
    operations(&mut dice, planner, "pool", (20, 30))
}

/// A thousand nodes of 64 cores, a million bookings over 90 days.
fn cluster() -> Outcome {
    let mut dice = Dice(2);
    let node = Resources::cores(64).memory_gib(256).disk_gib(2000);
    let mut rows = Vec::new();
    for number in 0..1000 {
        let mut alone = Planner::new(site(1, &node))?;
        for booking in fill(&mut dice, &mut alone, 1000, 90, 324)? {
            let id = BookingId::new(&format!("n{number:03}{}", booking.id)).ok_or("a longer id")?;
            let parts =
                booking.parts.into_iter().map(|part| Part { node: NodeIndex(number), ..part }).collect();
            rows.push(Booking { id, parts, ..booking });
        }
    }
    let whole = site(1000, &node);
    let before = resident();
    let (planner, times) = load_all(&whole, &rows)?;
    let bytes = (resident() - before) / rows.len() as u64;
    println!("{{\"what\":\"memory\",\"bytes_per_booking\":{bytes}}}");
    report("load", "cluster", &times);
    let used: u64 = rows
        .iter()
        .map(|row| u64::from(row.parts[0].resources.cores) * row.interval.length().as_micros() as u64)
        .sum();
    println!(
        "{{\"what\":\"cluster, share of cores booked\",\"percent\":{}}}",
        used / (64_000 * 90 * 24 * HOUR as u64 / 100)
    );
    for starts in [1, 4] {
        let times = ask(&mut dice, &planner, 4000, (60, 90), starts, |dice| {
            let cores = dice.pick(&[1, 4, 16, 32, 48, 64]);
            (needs(cores), 1, 1 + dice.below(48))
        });
        report(&format!("cluster, one node, earliest {starts}"), "cluster", &times);
        let times = ask(&mut dice, &planner, 4000, (60, 90), starts, |dice| {
            let cores = dice.pick(&[64, 100, 160, 210, 240, 256]);
            (needs(cores), 4, 1 + dice.below(24))
        });
        report(&format!("cluster, over 4 nodes, earliest {starts}"), "cluster", &times);
    }
    let times = ask(&mut dice, &planner, 200, (60, 90), 1, |_| (needs(64), 1, 24 * 20));
    report("cluster, one node, what is never free", "cluster", &times);
    let times = ask(&mut dice, &planner, 200, (60, 90), 1, |_| (needs(256), 4, 24 * 10));
    report("cluster, over 4 nodes, what is never free", "cluster", &times);
    operations(&mut dice, planner, "cluster", (60, 90))
}

fn site(nodes: u32, capacity: &Resources) -> Site {
    let node = |number| Node::new(format!("n{number}"), Architecture::new("amd64"), capacity.clone());
    let policy = Policy { horizon: Length::days(366), ..Policy::default() };
    Site { nodes: (0..nodes).map(node).collect(), policy, ..Site::default() }
}

/// Four GiB of memory and eight of disk for each core, but no more than nodes have for all of theirs.
fn needs(cores: u32) -> Resources {
    Resources::cores(cores).memory_gib(4 * cores).disk_gib(8 * cores)
}

/// Bookings of many sizes, each at the earliest start after a random one.
fn fill(
    dice: &mut Dice,
    planner: &mut Planner,
    count: u32,
    days: u32,
    longest: u32,
) -> Outcome<Vec<Booking>> {
    let now = Time::from_micros(0);
    let end = now + Length::days(days);
    let mut made = 0;
    for _ in 0..count * 4 {
        if made == count {
            break;
        }
        let wish = now + Length::minutes(dice.below(days * 24 * 12) * 5);
        let cores = dice.pick(&[1, 1, 2, 4, 4, 8, 8, 16, 32]);
        let request = Request::new(
            "u".to_owned() + &dice.below(500).to_string(),
            needs(cores),
            Length::minutes(30 + dice.below(longest) * 5),
        );
        let Ok(offers) = planner.earliest(&request, &Window::new(wish, end), now) else { continue };
        let id = BookingId::new(&format!("b{made}")).ok_or("a longer id")?;
        planner.hold(id, &request, offers[0].interval.start(), end, now)?;
        planner.accept(&id, now)?;
        made += 1;
    }
    Ok(planner.bookings().collect())
}

fn load_all(site: &Site, rows: &[Booking]) -> Outcome<(Planner, Vec<u64>)> {
    let mut times = Vec::new();
    let rows = rows.to_vec();
    let mut planner = Planner::new(site.clone())?;
    let begun = Instant::now();
    let faults = planner.load(rows);
    times.push(begun.elapsed().as_nanos() as u64);
    if faults.is_empty() { Ok((planner, times)) } else { Err("not all rows could be loaded".into()) }
}

/// Asks so many questions, from a random time of the first days on.
fn ask(
    dice: &mut Dice,
    planner: &Planner,
    count: u32,
    (first_days, days): (u32, u32),
    starts: u32,
    what: impl Fn(&mut Dice) -> (Resources, u32, u32),
) -> Vec<u64> {
    let (mut times, mut none, mut waits) = (Vec::new(), 0, Vec::new());
    for _ in 0..count {
        let (resources, nodes, hours) = what(dice);
        let now = Time::from_micros(0) + Length::minutes(dice.below(first_days * 24 * 60));
        let request = Request::new("asker", resources, Length::hours(hours)).over(nodes);
        let window =
            Window::new(now, Time::from_micros(0) + Length::days(days)).starts(starts, Length::hours(1));
        let begun = Instant::now();
        let answer = planner.earliest(&request, &window, now);
        times.push(begun.elapsed().as_nanos() as u64);
        match answer {
            Ok(offers) => waits.push((offers[0].interval.start().micros() - now.micros()) / HOUR),
            Err(_) => none += 1,
        }
    }
    waits.sort_unstable();
    let wait = |share: usize| waits.get(waits.len() * share / 100).copied().unwrap_or(-1);
    eprintln!("{none} of {count} without an offer; hours to wait: median {}, 90 % {}", wait(50), wait(90));
    times
}

fn operations(dice: &mut Dice, mut planner: Planner, place: &str, (first_days, days): (u32, u32)) -> Outcome {
    let (mut holds, mut others) = (Vec::new(), Vec::new());
    for number in 0..4000 {
        let now = Time::from_micros(0) + Length::minutes(dice.below(first_days * 24 * 60));
        let request =
            Request::new("asker", needs(dice.pick(&[1, 2, 4, 8])), Length::hours(1 + dice.below(8)));
        let window = Window::new(now, Time::from_micros(0) + Length::days(days));
        let Ok(offers) = planner.earliest(&request, &window, now) else { continue };
        let id = BookingId::new(&format!("x{number}")).ok_or("a longer id")?;
        let begun = Instant::now();
        planner.hold(id, &request, offers[0].interval.start(), now + Length::minutes(5), now)?;
        holds.push(begun.elapsed().as_nanos() as u64);
        let begun = Instant::now();
        planner.accept(&id, now)?;
        if number % 2 == 0 {
            planner.release(&id)?;
        }
        others.push(begun.elapsed().as_nanos() as u64);
    }
    report(&format!("{place}, hold"), place, &holds);
    report(&format!("{place}, accept, and release every other"), place, &others);
    Ok(())
}

fn report(what: &str, place: &str, times: &[u64]) {
    let mut times = times.to_vec();
    times.sort_unstable();
    let at = |share: usize| {
        times.get(times.len() * share / 100).or(times.last()).copied().unwrap_or(0) as f64 / 1000.0
    };
    println!(
        "{{\"what\":\"{what}\",\"place\":\"{place}\",\"count\":{},\"median_us\":{:.1},\"p99_us\":{:.1},\"longest_us\":{:.1}}}",
        times.len(),
        at(50),
        at(99),
        at(100)
    );
}

/// Bytes of memory that this process has.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap_or(0) * 1024
}

/// Splitmix64.
struct Dice(u64);

impl Dice {
    fn below(&mut self, count: u32) -> u32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % u64::from(count)) as u32
    }

    fn pick(&mut self, from: &[u32]) -> u32 {
        from[self.below(from.len() as u32) as usize]
    }
}
