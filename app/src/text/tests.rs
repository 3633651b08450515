//! Numbers and times as people read them.

use super::{bytes, count, counted, duration, iso_utc, utc};

#[test]
fn writes_counts_and_sizes() {
    assert_eq!(count(118_216), "118,216");
    assert_eq!((count(0), count(999), count(1000)), ("0".into(), "999".into(), "1,000".into()));
    assert_eq!((counted(1, "row"), counted(412, "row")), ("1 row".into(), "412 rows".into()));
    assert_eq!(
        (bytes(999), bytes(31_400), bytes(1_840_000_000)),
        ("999 B".into(), "31 kB".into(), "1.8 GB".into())
    );
    assert_eq!(bytes(999_999), "1.0 MB");
}

#[test]
fn writes_times() {
    assert_eq!((duration(80_000), duration(59_000_000)), ("0.08 s".into(), "59 s".into()));
    assert_eq!((duration(192_000_000), duration(7_500_000_000)), ("3 min 12 s".into(), "2 h 5 min".into()));
    assert_eq!(iso_utc(0), "1970-01-01T00:00:00Z");
    assert_eq!(iso_utc(951_782_400_000_000), "2000-02-29T00:00:00Z");
    assert_eq!(iso_utc(-1_000_000), "1969-12-31T23:59:59Z");
    assert_eq!(utc(1_795_363_758_000_000), "2026-11-22 16:09 UTC");
}
