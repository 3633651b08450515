//! The pieces of a log.

use super::{Rest, Stream, bounded, hints_at_full_disk, said};
use bollard::container::LogOutput;
use futures::stream::{self, StreamExt as _};

#[test]
fn the_time_comes_off_the_front_and_anything_else_stays() {
    let out = |text: &'static str| said(&LogOutput::StdOut { message: text.into() });
    let one = out("2026-11-23T02:22:54.439530392Z hello you\n");
    assert_eq!((one.text.as_str(), one.stream), ("hello you\n", Stream::Out));
    assert_eq!(one.at.unwrap().to_string(), "2026-11-23T02:22:54.439530392Z");
    let zoned = out("2026-11-23T03:22:54+01:00 hello\n");
    assert_eq!(zoned.at.unwrap().to_string(), "2026-11-23T02:22:54Z");
    assert_eq!(out("no time here\n").text, "no time here\n");
    let broken = said(&LogOutput::StdErr { message: vec![0xff, b'x'].into() });
    assert_eq!((broken.text.as_str(), broken.stream), ("\u{fffd}x", Stream::Err));
}

#[test]
fn no_more_than_was_asked_for_and_no_half_letters() {
    let mut rest = Rest { source: stream::empty().boxed(), left: 6, over: false };
    let piece = |text: &'static str| said(&LogOutput::StdOut { message: text.into() });
    let first = bounded(piece("abc"), &mut rest);
    assert_eq!((first.text.as_str(), first.cut, rest.over), ("abc", false, false));
    let second = bounded(piece("déé"), &mut rest);
    assert_eq!((second.text.as_str(), second.cut, rest.over), ("dé", true, true));
}

#[test]
fn a_full_disk_is_read_from_words() {
    assert!(hints_at_full_disk("OSError: [Errno 28] No space left on device: '/home/user/x'"));
    assert!(!hints_at_full_disk("wrote 28 rows"));
}
