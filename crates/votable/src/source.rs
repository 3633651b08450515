//! The input with one buffer, its line and byte counted, and a ceiling on what one piece of markup may take.
//!
//! Two readers share it: quick-xml through [`BufRead`], and the scanners of the data, which look at [`Source::data`]
//! and say how much they have used. The buffer grows only by bytes that have arrived.

use std::io::{self, BufRead, Read};

/// Bytes that one read of the input asks for.
pub(crate) const CHUNK: usize = 256 << 10;

pub(crate) struct Source<R> {
    input: R,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    line: u64,
    offset: u64,
    /// Bytes that markup may still take; quick-xml is stopped when they are used up.
    budget: usize,
    overdrawn: bool,
    finished: bool,
    failure: Option<io::Error>,
    /// The input is ISO-8859-1 and becomes UTF-8 here.
    latin1: bool,
    scratch: Vec<u8>,
}

impl<R: Read> Source<R> {
    pub(crate) fn new(input: R) -> Self {
        Self {
            input,
            buffer: Vec::new(),
            start: 0,
            end: 0,
            line: 1,
            offset: 0,
            budget: usize::MAX,
            overdrawn: false,
            finished: false,
            failure: None,
            latin1: false,
            scratch: Vec::new(),
        }
    }

    /// What has arrived and is not used.
    pub(crate) fn data(&self) -> &[u8] {
        &self.buffer[self.start..self.end]
    }

    /// No more bytes will come, because the input ended or failed.
    pub(crate) fn is_finished(&self) -> bool {
        self.finished
    }

    /// The failure that ended the input, once.
    pub(crate) fn take_failure(&mut self) -> Option<io::Error> {
        self.failure.take()
    }

    pub(crate) fn line(&self) -> u64 {
        self.line
    }

    /// Line (from 1) and byte (from 0) of the byte `ahead` of the first unused one.
    pub(crate) fn place(&self, ahead: usize) -> (u64, u64) {
        let passed = &self.data()[..ahead.min(self.end - self.start)];
        (self.line + count_lines(passed), self.offset + self.original_len(passed))
    }

    /// Marks `count` bytes as used.
    pub(crate) fn advance(&mut self, count: usize) {
        let passed = &self.buffer[self.start..self.start + count];
        self.line += count_lines(passed);
        self.offset += self.original_len(passed);
        self.start += count;
    }

    /// Reads until `want` unused bytes are there or the input ends.
    pub(crate) fn fill(&mut self, want: usize) {
        while self.end - self.start < want && !self.finished {
            self.make_room();
            let free = &mut self.buffer[self.end..];
            let result = if self.latin1 {
                let half = free.len() / 2;
                self.scratch.resize(half, 0);
                self.input.read(&mut self.scratch)
            } else {
                self.input.read(free)
            };
            match result {
                Ok(0) => self.finished = true,
                Ok(count) if self.latin1 => {
                    let raw = std::mem::take(&mut self.scratch);
                    self.append_latin1(&raw[..count.min(raw.len())]);
                    self.scratch = raw;
                }
                Ok(count) => self.end = (self.end + count).min(self.buffer.len()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.finished = true;
                    self.failure = Some(error);
                }
            }
        }
    }

    /// Allows the next piece of markup so many bytes.
    pub(crate) fn set_budget(&mut self, bytes: usize) {
        self.budget = bytes;
    }

    /// The piece of markup was larger than its budget.
    pub(crate) fn is_overdrawn(&self) -> bool {
        self.overdrawn
    }

    /// From the first unused byte on the input is ISO-8859-1.
    pub(crate) fn switch_to_latin1(&mut self) {
        if self.latin1 {
            return;
        }
        self.latin1 = true;
        let raw = self.data().to_vec();
        self.end = self.start;
        self.buffer.resize(self.end + 2 * raw.len() + CHUNK, 0);
        self.append_latin1(&raw);
    }

    fn make_room(&mut self) {
        // Small documents get small buffers.
        let room = (self.buffer.len() / 2).clamp(8 << 10, CHUNK / 2);
        if self.start > 0 && (self.start == self.end || self.buffer.len() - self.end < room) {
            self.buffer.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        if self.buffer.len() - self.end < room {
            self.buffer.resize((self.end * 2).max(self.end + 2 * room), 0);
        }
    }

    fn append_latin1(&mut self, raw: &[u8]) {
        for &byte in raw {
            if byte < 0x80 {
                self.buffer[self.end] = byte;
                self.end += 1;
            } else {
                self.buffer[self.end] = 0xC0 | (byte >> 6);
                self.buffer[self.end + 1] = 0x80 | (byte & 0x3F);
                self.end += 2;
            }
        }
    }

    fn original_len(&self, passed: &[u8]) -> u64 {
        let continuations =
            if self.latin1 { passed.iter().filter(|&&byte| byte & 0xC0 == 0x80).count() } else { 0 };
        (passed.len() - continuations) as u64
    }
}

fn count_lines(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}

impl<R: Read> Read for Source<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let count = available.len().min(out.len());
        out[..count].copy_from_slice(&available[..count]);
        self.consume(count);
        Ok(count)
    }
}

impl<R: Read> BufRead for Source<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.fill(1);
        if self.start == self.end && self.failure.is_some() {
            return Err(io::Error::other("input failed"));
        }
        if self.budget == 0 && self.start < self.end {
            self.overdrawn = true;
            return Err(io::Error::other("markup too large"));
        }
        let count = (self.end - self.start).min(self.budget);
        Ok(&self.buffer[self.start..self.start + count])
    }

    fn consume(&mut self, count: usize) {
        self.budget = self.budget.saturating_sub(count);
        self.advance(count);
    }
}
