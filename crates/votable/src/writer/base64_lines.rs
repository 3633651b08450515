//! Bytes to base64 in lines of 76 characters (RFC 2045), piece by piece.

use std::io::{self, Write};

use base64_simd::STANDARD;

/// Bytes of one line.
const LINE: usize = 57;

/// Bytes that wait for a line to become full.
#[derive(Debug, Default)]
pub(super) struct Base64Lines {
    waiting: Vec<u8>,
    text: Vec<u8>,
}

impl Base64Lines {
    pub(super) fn write(&mut self, bytes: &[u8], out: &mut impl Write) -> io::Result<()> {
        self.waiting.extend_from_slice(bytes);
        let whole = self.waiting.len() / LINE * LINE;
        self.write_lines(whole, out)
    }

    pub(super) fn finish(&mut self, out: &mut impl Write) -> io::Result<()> {
        self.write_lines(self.waiting.len(), out)
    }

    fn write_lines(&mut self, count: usize, out: &mut impl Write) -> io::Result<()> {
        self.text.clear();
        for line in self.waiting[..count].chunks(LINE) {
            STANDARD.encode_append(line, &mut self.text);
            self.text.push(b'\n');
        }
        self.waiting.drain(..count);
        out.write_all(&self.text)
    }
}
