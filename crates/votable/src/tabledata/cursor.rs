//! The XML that may stand between and inside cells: tags, comments, CDATA, entities.

use memchr::{memchr, memchr3, memmem};

use crate::ErrorKind;
use crate::scalar::{excerpt, is_space};

/// Why a row could not be read to its end.
pub(super) enum Stop {
    /// The bytes end first.
    More,
    /// Something is wrong at this byte.
    Fault(usize, ErrorKind),
}

/// A place in the bytes.
pub(super) struct Cursor<'a> {
    pub(super) data: &'a [u8],
    pub(super) at: usize,
}

/// A tag, without its prefix.
pub(super) struct Tag<'a> {
    pub(super) name: &'a [u8],
    pub(super) closing: bool,
    pub(super) empty: bool,
    inside: &'a [u8],
}

impl Tag<'_> {
    /// Has the attribute `encoding`.
    pub(super) fn says_encoding(&self) -> bool {
        memmem::find(self.inside, b"encoding").is_some()
    }
}

impl<'a> Cursor<'a> {
    #[inline]
    pub(super) fn rest(&self) -> &'a [u8] {
        &self.data[self.at..]
    }

    /// Goes past `text` if it comes next.
    #[inline]
    pub(super) fn take(&mut self, text: &[u8]) -> bool {
        let found = self.rest().starts_with(text);
        if found {
            self.at += text.len();
        }
        found
    }

    /// Goes to the next tag, past white space, comments and processing instructions.
    #[inline]
    pub(super) fn skip_misc(&mut self) -> Result<(), Stop> {
        loop {
            while self.data.get(self.at).is_some_and(|&byte| is_space(byte)) {
                self.at += 1;
            }
            match self.rest() {
                [b'<', next, ..] if !matches!(next, b'!' | b'?') => return Ok(()),
                [] | [b'<'] => return Err(Stop::More),
                [b'<', ..] => {
                    if !self.skip_note()? {
                        return Err(self.fault("CDATA or a declaration between cells"));
                    }
                }
                _ => return Err(self.fault("text between cells")),
            }
        }
    }

    /// Goes past a comment or a processing instruction; `false` if something else comes next.
    fn skip_note(&mut self) -> Result<bool, Stop> {
        let rest = self.rest();
        let (open, close): (&[u8], &[u8]) =
            if rest.starts_with(b"<?") { (b"<?", b"?>") } else { (b"<!--", b"-->") };
        if !rest.starts_with(open) {
            return if open.starts_with(rest) { Err(Stop::More) } else { Ok(false) };
        }
        let length = memmem::find(&rest[open.len()..], close).ok_or(Stop::More)?;
        self.at += open.len() + length + close.len();
        Ok(true)
    }

    /// Reads the tag that comes next.
    pub(super) fn read_tag(&mut self) -> Result<Tag<'a>, Stop> {
        let rest = self.rest();
        let mut end = 1;
        loop {
            end += memchr3(b'>', b'"', b'\'', rest.get(end..).ok_or(Stop::More)?).ok_or(Stop::More)?;
            match rest[end] {
                b'>' => break,
                quote => end += memchr(quote, &rest[end + 1..]).ok_or(Stop::More)? + 2,
            }
        }
        let inside = &rest[1..end];
        if let Some(at) = memchr(b'<', inside) {
            self.at += 1 + at;
            return Err(self.fault("a '<' inside a tag"));
        }
        let closing = inside.starts_with(b"/");
        let empty = !closing && inside.ends_with(b"/");
        let inside = &inside[usize::from(closing)..inside.len() - usize::from(empty)];
        let length = inside.iter().position(|&byte| is_space(byte)).unwrap_or(inside.len());
        let name = &inside[..length];
        let name = memchr(b':', name).map_or(name, |colon| &name[colon + 1..]);
        self.at += end + 1;
        Ok(Tag { name, closing, empty, inside })
    }

    /// Reads a cell's text into `out`, entities resolved, and the end tag.
    pub(super) fn read_cell_text(&mut self, out: &mut Vec<u8>, limit: usize) -> Result<(), Stop> {
        out.clear();
        loop {
            let rest = self.rest();
            let length = memchr3(b'<', b'&', b'\r', rest);
            if out.len() + length.unwrap_or(rest.len()) > limit {
                return Err(Stop::Fault(self.at, ErrorKind::TooLarge { what: "a cell", limit }));
            }
            let length = length.ok_or(Stop::More)?;
            out.extend_from_slice(&rest[..length]);
            self.at += length;
            match rest[length] {
                b'&' => self.read_entity(out)?,
                b'\r' => {
                    // Line ends are one line feed (XML 1.0, section 2.11).
                    let next = rest.get(length + 1).ok_or(Stop::More)?;
                    self.at += 1;
                    if *next != b'\n' {
                        out.push(b'\n');
                    }
                }
                _ => {
                    if self.read_markup_in_cell(out, limit)? {
                        return Ok(());
                    }
                }
            }
        }
    }

    /// Reads what a `<` in a cell begins; `true` if it is the cell's end.
    fn read_markup_in_cell(&mut self, out: &mut Vec<u8>, limit: usize) -> Result<bool, Stop> {
        const CDATA: &[u8] = b"<![CDATA[";
        let rest = self.rest();
        if rest.len() < CDATA.len() && (CDATA.starts_with(rest) || rest.starts_with(b"<!")) {
            return Err(Stop::More);
        }
        if let Some(text) = rest.strip_prefix(CDATA) {
            let length = memmem::find(text, b"]]>").ok_or(Stop::More)?;
            if out.len() + length > limit {
                return Err(Stop::Fault(self.at, ErrorKind::TooLarge { what: "a cell", limit }));
            }
            append_lines(&text[..length], out);
            self.at += CDATA.len() + length + 3;
            return Ok(false);
        }
        if matches!(rest.get(1), Some(b'!' | b'?')) {
            if self.skip_note()? {
                return Ok(false);
            }
            return Err(self.fault("a declaration inside a cell"));
        }
        let at = self.at;
        let tag = self.read_tag()?;
        if tag.closing && tag.name == b"TD" {
            return Ok(true);
        }
        let name = excerpt(tag.name);
        Err(Stop::Fault(at, ErrorKind::Xml(format!("element {name} inside a cell"))))
    }

    fn read_entity(&mut self, out: &mut Vec<u8>) -> Result<(), Stop> {
        const LONGEST: usize = 12;
        let rest = &self.rest()[1..];
        let Some(end) = memchr(b';', &rest[..rest.len().min(LONGEST)]) else {
            return Err(if rest.len() < LONGEST && memchr3(b'<', b' ', b'&', rest).is_none() {
                Stop::More
            } else {
                self.fault("a '&' that begins no entity; it should be written &amp;")
            });
        };
        let char = match &rest[..end] {
            b"amp" => Some('&'),
            b"lt" => Some('<'),
            b"gt" => Some('>'),
            b"quot" => Some('"'),
            b"apos" => Some('\''),
            [b'#', b'x', digits @ ..] => char_from_digits(digits, 16),
            [b'#', digits @ ..] => char_from_digits(digits, 10),
            _ => None,
        };
        let Some(char) = char else {
            let name = excerpt(&rest[..end]);
            return Err(Stop::Fault(self.at, ErrorKind::Xml(format!("unknown entity {name}"))));
        };
        out.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes());
        self.at += end + 2;
        Ok(())
    }

    fn fault(&self, reason: &str) -> Stop {
        Stop::Fault(self.at, ErrorKind::Xml(reason.to_owned()))
    }
}

/// Appends text with its line ends as one line feed each (XML 1.0, section 2.11).
fn append_lines(mut text: &[u8], out: &mut Vec<u8>) {
    while let Some(at) = memchr(b'\r', text) {
        out.extend_from_slice(&text[..at]);
        out.push(b'\n');
        text = &text[at + 1..];
        text = text.strip_prefix(b"\n").unwrap_or(text);
    }
    out.extend_from_slice(text);
}

/// The character of that code, if XML allows it.
fn char_from_digits(digits: &[u8], radix: u32) -> Option<char> {
    let text = std::str::from_utf8(digits).ok().filter(|text| !text.starts_with('+'))?;
    let char = u32::from_str_radix(text, radix).ok().and_then(char::from_u32)?;
    (char >= ' ' || matches!(char, '\t' | '\n' | '\r')).then_some(char)
}
