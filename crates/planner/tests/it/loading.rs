//! What rows may say that the planner never wrote.

use planner::{
    Architecture, Booking, BookingId, Interval, Length, LoadFault, Node, NodeIndex, Part, Planner, Refusal,
    Resources, Site, State, Time,
};

fn booking(id: &str, cores: &[u32], hours: (u32, u32)) -> Booking {
    let at = |hours| Time::from_seconds(0) + Length::hours(hours);
    let part = |cores: &u32| Part { node: NodeIndex(0), resources: Resources::cores(*cores) };
    Booking {
        id: BookingId::new(id).unwrap(),
        user: "vera".into(),
        interval: Interval::new(at(hours.0), at(hours.1)).unwrap(),
        parts: cores.iter().map(part).collect(),
        state: State::Accepted,
    }
}

fn planner() -> Planner {
    let node = Node::new("one", Architecture::new("amd64"), Resources::cores(16));
    Planner::new(Site { nodes: vec![node], ..Site::default() }).unwrap()
}

#[test]
fn two_parts_on_one_node_count_together() {
    let mut planner = planner();
    let faults = planner.load([booking("twice", &[6, 6], (1, 2)), booking("later", &[8], (2, 3))]);
    assert_eq!(faults, []);
    let twice = BookingId::new("twice").unwrap();
    let three = Time::from_seconds(0) + Length::hours(3);
    let refused = planner.extend(&twice, three, Time::from_seconds(0)).unwrap_err();
    assert!(matches!(refused, Refusal::No(_)), "{refused}");
    assert_eq!(planner.overgrants(), []);
}

#[test]
fn parts_that_are_more_together_than_can_be_counted_are_left_out() {
    let mut planner = planner();
    let faults = planner.load([booking("much", &[2_000_000_000, 2_000_000_000], (1, 2))]);
    assert_eq!(faults, [LoadFault::TooMuch { id: BookingId::new("much").unwrap() }]);
}
