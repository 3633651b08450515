//! A process that stands still: nothing waits for it for long, it is said, and it can still be ended.

use crate::place::{Place, until};
use qemu::{Fault, OffReason, Power, PoweredDown};
use std::process::Command;
use std::time::Duration;

const IDS: [&str; 2] = ["999999999999999999999991", "999999999999999999999992"];
/// Far more than any of these calls may take; a call that waited for the process would wait for ever.
const BOUND: Duration = Duration::from_mins(2);

async fn bounded<T>(what: &str, call: impl Future<Output = T>) -> T {
    tokio::time::timeout(BOUND, call).await.unwrap_or_else(|_| panic!("{what} hangs"))
}

#[tokio::test]
async fn a_process_that_stands_still_holds_nobody_up_and_is_ended() {
    let place = Place::new();
    for id in IDS {
        place.host.create(id, &place.tiny()).await.unwrap();
        place.host.start(id).await.unwrap();
        let pid = place.seen(id).await.pid.unwrap();
        assert!(Command::new("kill").args(["-STOP", &pid.to_string()]).status().unwrap().success());
    }
    let [first, second] = IDS;
    for seen in bounded("a list", place.host.list()).await.unwrap() {
        assert_eq!(seen.power, Power::Silent);
        assert!(seen.pid.is_some());
    }
    let start = bounded("a start", place.host.start(first)).await;
    assert!(start.is_ok() && place.processes(first).len() == 1, "it is there: {start:?}");
    let reset = bounded("a reset", place.host.reset(first)).await;
    assert!(matches!(reset, Err(Fault::MonitorSilent { .. })), "{reset:?}");

    // It does not hear its power button; when it had its time, it is switched off.
    let pressed = bounded("a press", place.host.shut_down(first, Duration::from_hours(1))).await;
    assert_eq!(pressed.unwrap(), None);
    let how = bounded("switching off", place.host.power_down(first, Duration::ZERO)).await;
    assert_eq!(how.unwrap(), PoweredDown::Hard);
    assert_eq!(place.seen(first).await.power, Power::Off { reason: OffReason::SwitchedOff });

    bounded("a removal", place.host.delete(second)).await.unwrap();
    bounded("a removal", place.host.delete(first)).await.unwrap();
    assert_eq!((place.left(), place.everything()), (vec![], vec![]));
}

/// One that is let go on is what it was.
#[tokio::test]
async fn a_process_that_goes_on_is_running_again() {
    let place = Place::new();
    let id = IDS[0];
    place.host.create(id, &place.tiny()).await.unwrap();
    place.host.start(id).await.unwrap();
    let pid = place.seen(id).await.pid.unwrap().to_string();
    let signal = |name: &str| assert!(Command::new("kill").args([name, &pid]).status().unwrap().success());
    signal("-STOP");
    assert_eq!(place.seen(id).await.power, Power::Silent);
    signal("-CONT");
    until("running", || async { (place.seen(id).await.power == Power::Running).then_some(()) }).await;
}
