//! Base64 (RFC 2045) in windows: white space taken out, decoded, and where each line's bytes came from.

use std::collections::VecDeque;
use std::io::Read;

use base64_simd::{AsOut, STANDARD_NO_PAD};
use memchr::{memchr, memchr2};

use crate::ErrorKind;
use crate::scalar::is_space;
use crate::source::{CHUNK, Source};

/// The text of a STREAM on its way to bytes.
#[derive(Default)]
pub(crate) struct Base64Text {
    /// Characters not decoded yet, without white space.
    text: Vec<u8>,
    /// Decoded bytes are those from `start` to `end`; what follows is room.
    decoded: Vec<u8>,
    start: usize,
    end: usize,
    /// Bytes decoded before `decoded[0]`.
    passed: u64,
    /// Where lines begin: decoded byte, line, input byte.
    marks: VecDeque<(u64, u64, u64)>,
    ended: bool,
    /// What is wrong with the text behind the bytes decoded.
    fault: Option<ErrorKind>,
}

impl Base64Text {
    /// Bytes not used yet.
    pub(crate) fn decoded(&self) -> &[u8] {
        &self.decoded[self.start..self.end]
    }

    /// No bytes will be added.
    pub(crate) fn has_ended(&self) -> bool {
        self.ended
    }

    pub(crate) fn advance(&mut self, count: usize) {
        self.start += count;
    }

    /// Line and input byte where the unused byte `at` came from, as near as lines tell.
    pub(crate) fn place(&self, at: usize) -> (u64, u64) {
        let byte = self.passed + (self.start + at) as u64;
        let after = self.marks.partition_point(|(first, _, _)| *first <= byte);
        let mark = after.checked_sub(1).and_then(|at| self.marks.get(at)).or(self.marks.front());
        mark.map_or((1, 0), |&(_, line, offset)| (line, offset))
    }

    /// Decodes the next window of the input.
    pub(crate) fn pump<R: Read>(&mut self, source: &mut Source<R>) -> Result<(), ErrorKind> {
        self.drop_used();
        source.fill(CHUNK);
        let data = source.data();
        let window = &data[..data.len().min(CHUNK)];
        let length = memchr(b'<', window);
        if window.is_empty() {
            return Err(ErrorKind::Truncated { inside: "STREAM".into() });
        }
        self.ended = length.is_some();
        let length = length.unwrap_or(window.len());
        let (line, offset) = source.place(0);
        let window = &window[..length];
        let decoded = self.passed + self.end as u64;
        append_lines(&mut self.text, &mut self.marks, window, (decoded, line, offset));
        source.advance(length);
        if let Err(kind) = self.decode() {
            // The rows before the fault come first.
            self.fault = Some(kind);
            self.ended = true;
        }
        Ok(())
    }

    /// The fault that comes after the bytes decoded, once.
    pub(crate) fn take_fault(&mut self) -> Option<ErrorKind> {
        self.fault.take()
    }

    fn drop_used(&mut self) {
        self.decoded.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.passed += self.start as u64;
        self.start = 0;
        while self.marks.get(1).is_some_and(|(first, _, _)| *first <= self.passed) {
            self.marks.pop_front();
        }
    }

    fn decode(&mut self) -> Result<(), ErrorKind> {
        let whole = self.text.len() / 4 * 4;
        if self.decode_run(whole) {
            self.text.drain(..whole);
        } else {
            // White space inside lines, or padding: the slow way, group by group.
            self.text.retain(|&byte| !is_space(byte));
            let groups = std::mem::take(&mut self.text);
            let whole = groups.len() / 4 * 4;
            for group in groups[..whole].chunks(4) {
                self.decode_group(group)?;
            }
            self.text.extend_from_slice(&groups[whole..]);
        }
        if self.ended && !self.text.is_empty() {
            let group = std::mem::take(&mut self.text);
            self.decode_group(&group)?;
        }
        Ok(())
    }

    /// Decodes whole groups without padding; `false`, and nothing decoded, if they are not.
    fn decode_run(&mut self, whole: usize) -> bool {
        let end = self.end + whole / 4 * 3;
        if self.decoded.len() < end {
            self.decoded.resize(end, 0);
        }
        let out = self.decoded[self.end..end].as_out();
        let decoded = STANDARD_NO_PAD.decode(&self.text[..whole], out).is_ok();
        if decoded {
            self.end = end;
        }
        decoded
    }

    /// Decodes one group of at most four characters, padded or not.
    fn decode_group(&mut self, group: &[u8]) -> Result<(), ErrorKind> {
        let length = group.iter().rposition(|&byte| byte != b'=').map_or(0, |last| last + 1);
        if self.decoded.len() < self.end + 3 {
            self.decoded.resize(self.end + 3, 0);
        }
        let out = self.decoded[self.end..self.end + 3].as_out();
        let Ok(bytes) = STANDARD_NO_PAD.decode(&group[..length], out) else {
            let shown = crate::scalar::excerpt(group);
            return Err(ErrorKind::Stream(format!("{shown} is not base64")));
        };
        self.end += bytes.len();
        Ok(())
    }
}

/// Appends the lines of `window` to `text` without their ends, and marks where they begin.
fn append_lines(
    text: &mut Vec<u8>,
    marks: &mut VecDeque<(u64, u64, u64)>,
    window: &[u8],
    (decoded, mut line, offset): (u64, u64, u64),
) {
    let mut at = 0;
    marks.push_back((decoded, line, offset));
    while let Some(length) = memchr2(b'\n', b'\r', &window[at..]) {
        text.extend_from_slice(&window[at..at + length]);
        at += length + 1;
        if window[at - 1] == b'\n' {
            line += 1;
            marks.push_back((decoded + (text.len() / 4 * 3) as u64, line, offset + at as u64));
        }
    }
    text.extend_from_slice(&window[at..]);
}
