//! Each reason by itself: what is asked, and the sentence that is said.

use std::collections::BTreeSet;

use planner::{
    Architecture, AtOnce, BookingId, Calendar, GpuKind, Interval, Length, Node, Opening, Planner, Policy,
    Refusal, Request, Resources, Site, Time, Weekday, Window,
};

/// Mon 2026-11-23 00:00 UTC.
const MONDAY: Time = Time::from_seconds(1_795_392_000);

fn hours(hours: u32) -> Time {
    MONDAY + Length::hours(hours)
}

fn interval(from: u32, to: u32) -> Interval {
    Interval::new(hours(from), hours(to)).unwrap()
}

/// One node of 4 cores with an A100, one of 8 cores without.
fn site() -> Site {
    let a100 = Resources::cores(4).memory_gib(64).disk_gib(100).gpus(GpuKind::new("A100"), 1);
    let plain = Resources::cores(8).memory_gib(32).disk_gib(100);
    let nodes = vec![
        Node::new("gpu1", Architecture::new("amd64"), a100),
        Node::new("cpu1", Architecture::new("amd64"), plain),
    ];
    Site { nodes, ..Site::default() }
}

fn with(policy: Policy) -> Site {
    Site { policy, ..site() }
}

fn cores(cores: u32) -> Request {
    Request::new("vera", Resources::cores(cores), Length::hours(2))
}

fn id(text: &str) -> BookingId {
    BookingId::new(text).unwrap()
}

/// The sentences said to a request for the first day.
fn said(site: Site, request: &Request) -> Vec<String> {
    said_of(&Planner::new(site).unwrap(), request, &Window::new(hours(0), hours(24)))
}

fn said_of(planner: &Planner, request: &Request, window: &Window) -> Vec<String> {
    planner.earliest(request, window, MONDAY).unwrap_err().iter().map(ToString::to_string).collect()
}

#[test]
fn what_no_booking_could_change() {
    let policy = Policy::default;
    let gpus = |kind: &str, count| Resources::cores(1).gpus(GpuKind::new(kind), count);
    let asks = |resources: Resources| Request { resources, ..cores(1) };
    let rows: [(Site, Request, &[&str]); 19] = [
        (site(), cores(0), &["Nothing is asked for. Ask for at least one core and some time."]),
        (
            site(),
            Request { length: Length::ZERO, ..cores(1) },
            &["Nothing is asked for. Ask for at least one core and some time."],
        ),
        (
            with(Policy {
                groups: Some(BTreeSet::from(["radio".to_owned(), "solar".to_owned()])),
                ..policy()
            }),
            cores(1),
            &["Only members of radio or solar may book here. Ask one of them to let you in."],
        ),
        (
            with(Policy { longest: Some(Length::minutes(90)), ..policy() }),
            cores(1),
            &["2 h is longer than one booking may last here. Ask for 1 h 30 min at most."],
        ),
        (
            with(Policy { most_bookings: Some(0), ..policy() }),
            cores(1),
            &["Your limit of 0 bookings is reached. End one of yours, or wait until one is over."],
        ),
        (
            with(Policy { at_once: AtOnce { cores: Some(4), ..AtOnce::default() }, ..policy() }),
            cores(6),
            &["You ask for 6 cores, and one person may have 4 cores at once. Ask for less."],
        ),
        (
            site(),
            Request { architectures: vec![Architecture::new("arm64")], ..cores(1) },
            &["This needs arm64, and the nodes here are amd64. Choose another image or another site."],
        ),
        (site(), asks(gpus("H100", 1)), &["There is no H100 GPU here. Choose A100 or another site."]),
        (
            Site { nodes: vec![site().nodes.remove(1)], ..site() },
            asks(gpus("H100", 1)),
            &["This needs a GPU of the kind H100, and there are no GPUs here. Choose another site."],
        ),
        (
            site(),
            asks(gpus("A100", 2)),
            &["This needs 2 A100 GPUs, and the largest node has 1 A100 GPU. Ask for less, or spread it."],
        ),
        (
            site(),
            cores(16),
            &["This needs 16 cores, and the largest node has 8 cores. Ask for less, or spread it."],
        ),
        (
            site(),
            asks(Resources::cores(9).memory_mib(70_000).disk_gib(3000)),
            &[
                "This needs 9 cores, and the largest node has 8 cores. Ask for less, or spread it.",
                "This needs 68.35 GiB of memory, and the largest node has 64 GiB of memory. Ask for less, or spread it.",
                "This needs 2.92 TiB of disk, and the largest node has 100 GiB of disk. Ask for less, or spread it.",
            ],
        ),
        (
            site(),
            cores(13).over(2),
            &["This needs 13 cores, and 2 nodes have 12 cores. Ask for less, or for more nodes."],
        ),
        (
            site(),
            asks(Resources::cores(8).memory_gib(64)),
            &["No single node has all of this together. Ask for less of something, or spread it."],
        ),
        (
            site(),
            asks(Resources::cores(12).memory_gib(96)).over(2),
            &[
                "No 2 nodes have all of this in the proportions that you ask for. Ask for less, or for more nodes.",
            ],
        ),
        (
            site(),
            Request { length: Length::hours(30), ..cores(1) },
            &["1 d 6 h does not fit into a window of 1 d. Widen the window, or ask for less time."],
        ),
        (
            with(Policy { notice: Length::hours(23), ..policy() }),
            cores(1),
            &["That is too soon. The earliest start allowed is Mon 2026-11-23 23:00 UTC."],
        ),
        (
            with(Policy { horizon: Length::hours(1), ..policy() }),
            cores(1),
            &["That is too far ahead. Bookings can be made here until Mon 2026-11-23 01:00 UTC at present."],
        ),
        // All of them at once, in their order.
        (
            with(Policy { longest: Some(Length::hours(1)), most_bookings: Some(0), ..policy() }),
            Request { architectures: vec![Architecture::new("arm64")], ..cores(1) },
            &[
                "2 h is longer than one booking may last here. Ask for 1 h at most.",
                "Your limit of 0 bookings is reached. End one of yours, or wait until one is over.",
                "This needs arm64, and the nodes here are amd64. Choose another image or another site.",
            ],
        ),
    ];
    for (site, request, sentences) in rows {
        assert_eq!(said(site, &request), sentences, "{request:?}");
    }
}

#[test]
fn closed() {
    let openings = vec![Opening { day: Weekday::Tuesday, from_minute: 8 * 60, to_minute: 18 * 60 }];
    let tuesdays = |ahead_minutes| Site {
        calendar: Calendar::Weekly { ahead_minutes, openings: openings.clone() },
        ..site()
    };
    assert_eq!(
        said(tuesdays(60), &cores(1)),
        [
            "The site is not open for so long then. The next time that it is begins Tue 2026-11-24 07:00 UTC.",
            "It is free only later: the earliest start is Tue 2026-11-24 07:00 UTC.",
        ]
    );
    let long = Request { length: Length::hours(12), ..cores(1) };
    assert_eq!(
        said(tuesdays(0), &long),
        [
            "The site is never open for so long. Ask for less time.",
            "Nothing is free until Wed 2027-11-24 00:00 UTC, as far as one can book. Ask for less, or ask again later.",
        ]
    );
}

#[test]
fn maintenance() {
    let whole = Site { maintenance: vec![interval(1, 23)], ..site() };
    assert_eq!(
        said(whole, &cores(1)),
        [
            "There is maintenance of the whole site from Mon 2026-11-23 01:00 UTC to Mon 2026-11-23 23:00 UTC. Choose a time before or after it.",
            "It is free only later: the earliest start is Mon 2026-11-23 23:00 UTC.",
        ]
    );
    let mut one = site();
    one.nodes[1].maintenance = vec![interval(0, 30)];
    assert_eq!(
        said(one, &cores(8)),
        [
            "There is maintenance of cpu1 from Mon 2026-11-23 00:00 UTC to Tue 2026-11-24 06:00 UTC. Choose a time before or after it.",
            "It is free only later: the earliest start is Tue 2026-11-24 06:00 UTC.",
        ]
    );
}

#[test]
fn taken_by_others_and_by_oneself() {
    let mut planner = Planner::new(site()).unwrap();
    let whole_day =
        Request { length: Length::hours(25), ..Request::new("edwin", Resources::cores(8), Length::ZERO) };
    planner.hold(id("b1"), &whole_day, hours(0), hours(1), MONDAY).unwrap();
    let window = Window::new(hours(0), hours(24));
    assert_eq!(
        said_of(&planner, &cores(8), &window),
        [
            "All that would fit is taken then.",
            "It is free only later: the earliest start is Tue 2026-11-24 01:00 UTC.",
        ]
    );
    let at_once = AtOnce { cores: Some(8), bookings: Some(1), ..AtOnce::default() };
    let mut planner = Planner::new(with(Policy { at_once, ..Policy::default() })).unwrap();
    planner.hold(id("b1"), &whole_day, hours(0), hours(1), MONDAY).unwrap();
    let own = Request { user: "edwin".into(), ..cores(1) };
    assert_eq!(
        said_of(&planner, &own, &window),
        [
            "With your other bookings this would be more than the 1 booking that you may have at once. Choose another time, or end one of yours.",
            "With your other bookings this would be more than the 8 cores that you may have at once. Choose another time, or end one of yours.",
            "It is free only later: the earliest start is Tue 2026-11-24 01:00 UTC.",
        ]
    );
    assert_eq!(planner.earliest(&cores(1), &window, MONDAY).unwrap().len(), 1);
}

#[test]
fn never_all_at_once() {
    // Free in the morning, in service in the afternoon.
    let mut planner = Planner::new(Site { maintenance: vec![interval(0, 12)], ..site() }).unwrap();
    let afternoon =
        Request { length: Length::hours(12), ..Request::new("edwin", Resources::cores(8), Length::ZERO) };
    planner.hold(id("b1"), &afternoon, hours(12), hours(1), MONDAY).unwrap();
    assert_eq!(
        said_of(&planner, &cores(8), &Window::new(hours(0), hours(24))),
        [
            "What is open, in service, within your limits and free is never so for long enough. Widen the window, or ask for less time.",
            "It is free only later: the earliest start is Tue 2026-11-24 00:00 UTC.",
        ]
    );
}

#[test]
fn extending() {
    let mut planner =
        Planner::new(with(Policy { longest: Some(Length::hours(6)), ..Policy::default() })).unwrap();
    planner.hold(id("b1"), &cores(8), hours(0), hours(1), MONDAY).unwrap();
    planner.hold(id("b2"), &cores(8), hours(4), hours(1), MONDAY).unwrap();
    let refusal = planner.extend(&id("b1"), hours(8), MONDAY).unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "8 h is longer than one booking may last here. Ask for 6 h at most. All that would fit is taken then. It can be extended until Mon 2026-11-23 04:00 UTC at most."
    );
    assert_eq!(planner.extend(&id("b1"), hours(4), MONDAY).unwrap().interval, interval(0, 4));
    let refusal = planner.extend(&id("b1"), hours(5), MONDAY).unwrap_err();
    assert_eq!(refusal.to_string(), "All that would fit is taken then.");
}

#[test]
fn the_loser_is_told_the_next_start() {
    let mut planner = Planner::new(site()).unwrap();
    planner.hold(id("b1"), &cores(8), hours(1), hours(1), MONDAY).unwrap();
    let refusal = planner.hold(id("b2"), &cores(8), hours(1), hours(1), MONDAY).unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "All that would fit is taken then. It is free only later: the earliest start is Mon 2026-11-23 03:00 UTC."
    );
    assert_eq!(planner.accept(&id("b1"), hours(1)).unwrap_err(), Refusal::Expired { until: hours(1) });
    assert_eq!(planner.expire(hours(1)), [id("b1")]);
    assert!(planner.hold(id("b2"), &cores(8), hours(1), hours(2), hours(1)).is_ok());
}
