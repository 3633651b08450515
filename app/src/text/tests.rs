//! Numbers and times as people read them.

use super::{bytes, count, counted, duration, field, iso_utc, left, minutes, of_field, utc};

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

#[test]
fn fields_of_times_are_read_again() {
    for us in [0, 951_782_400_000_000, 1_795_363_740_000_000, 4_102_444_740_000_000] {
        assert_eq!(of_field(&field(us)), Some(us), "{}", field(us));
    }
    assert_eq!(field(1_795_363_758_000_000), "2026-11-22T16:09");
    assert_eq!(of_field(" 2026-11-22 16:09:18Z "), Some(1_795_363_758_000_000));
    for wrong in [
        "",
        "2026-11-22",
        "2026-02-29T10:00",
        "2026-13-01T10:00",
        "2026-11-22T24:00",
        "soon",
        "-1-1-1T1:1",
        "2026-11-22T16:+9",
    ] {
        assert_eq!(of_field(wrong), None, "{wrong}");
    }
}

#[test]
fn writes_how_long_something_lasts_and_is_left() {
    assert_eq!([1, 60, 90, 2880, 1500].map(minutes), ["1 min", "1 h", "1 h 30 min", "2 days", "25 h"]);
    assert_eq!([-5, 9_900_000, 252_000_000].map(left), ["0 s", "9 s", "4 min 12 s"]);
}
