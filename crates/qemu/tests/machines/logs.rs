//! A guest that never stops talking fills nothing, whether somebody looks or not.

use crate::place::{PATIENCE, Place, until};
use qemu::{OffReason, Power, PoweredDown};

const ID: &str = "fffffffffffffffffffffff1";
const MIB: u64 = 1 << 20;

#[tokio::test]
async fn what_a_guest_says_is_bounded_though_nobody_looks() {
    let place = Place::new();
    let made = place.host.create(ID, &place.tiny()).await.unwrap();
    place.host.start(ID).await.unwrap();
    let mut root = place.ready(ID).await;
    root.access_user = "root".to_owned();
    let talk = "(yes 'and another line of it' >/dev/ttyS0) >/dev/null 2>&1 </dev/null &";
    let begun = place.ssh(&root, &made.host_key, talk).await;
    assert!(begun.status.success(), "{begun:?}");
    let folder = place.machines().join(ID);
    let length = |name: &str| std::fs::metadata(folder.join(name)).map_or(0, |found| found.len());
    // Not looked at meanwhile: the guest's words alone put the log aside.
    until("put aside", || async { (length("console.old") > 0).then_some(()) }).await;
    for name in ["console.log", "console.old"] {
        assert!(length(name) <= MIB, "{name} has {}", length(name));
    }
    assert!(length("console.old") > MIB / 2, "it was put aside when it was full");
    let end = place.host.console(ID, 1000).await.unwrap();
    assert!(end.contains("and another line of it"), "{end}");
    // What QEMU itself tells is another's to keep, and is not drowned.
    assert_eq!(place.host.power_down(ID, PATIENCE).await.unwrap(), PoweredDown::Properly);
    assert_eq!(place.seen(ID).await.power, Power::Off { reason: OffReason::AskedTo });
    place.host.delete(ID).await.unwrap();
    assert_eq!((place.left(), place.everything()), (vec![], vec![]));
}
