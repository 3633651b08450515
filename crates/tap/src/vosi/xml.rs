//! A pull reader for metadata documents in constant memory. No entity but XML's own five is ever expanded;
//! a byte that is not UTF-8 is taken for Latin-1, as old services write it.

use std::io::{self, BufRead, BufReader, Read};

use quick_xml::XmlVersion;
use quick_xml::events::{BytesRef, BytesStart, Event};

/// The most bytes of one tag or one run of text.
const MAX_ITEM_BYTES: usize = 4 << 20;

/// Why a document cannot be read on.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Trouble {
    #[error("it is not well-formed XML near byte {at}: {reason}")]
    Xml { at: u64, reason: String },
    #[error("it ends in the middle, near byte {at}")]
    Truncated { at: u64 },
    #[error("it has more than {limit} {what}, more than the limit allows")]
    TooMany { what: &'static str, limit: usize },
    #[error("it begins with the element <{found}>")]
    Root { found: String },
    #[error("the connection stopped near byte {at}")]
    Io { at: u64 },
}

/// What comes next.
pub(crate) enum Node {
    Open(Tag),
    Close,
    End,
}

enum Item {
    Node(Node),
    Text(String),
}

/// An element's beginning.
pub(crate) struct Tag {
    /// Local name, as written.
    pub(crate) name: String,
    attributes: Vec<(bool, String, String)>,
}

impl Tag {
    /// An attribute without prefix; empty ones count as absent.
    pub(crate) fn attribute(&self, name: &str) -> Option<String> {
        self.find(false, name)
    }

    /// `xsi:type`, without the prefix of its value.
    pub(crate) fn xsi_type(&self) -> Option<String> {
        self.find(true, "type").map(|t| t.rsplit(':').next().unwrap_or_default().to_owned())
    }

    fn find(&self, prefixed: bool, name: &str) -> Option<String> {
        let hit = self.attributes.iter().find(|(p, n, _)| *p == prefixed && n == name);
        hit.map(|(_, _, v)| v.trim().to_owned()).filter(|v| !v.is_empty())
    }
}

/// A document being read.
pub(crate) struct Doc<R> {
    reader: quick_xml::Reader<Capped<BufReader<Utf8<R>>>>,
    buffer: Vec<u8>,
    depth: usize,
}

impl<R: Read> Doc<R> {
    pub(crate) fn new(input: R) -> Self {
        let input = Capped { inner: BufReader::new(Utf8::new(input)), left: MAX_ITEM_BYTES };
        let mut reader = quick_xml::Reader::from_reader(input);
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        config.allow_dangling_amp = true;
        Self { reader, buffer: Vec::new(), depth: 0 }
    }

    /// The root element, which must be one of these (in any case).
    pub(crate) fn root(&mut self, names: &[&str]) -> Result<Tag, Trouble> {
        match self.next()? {
            Node::Open(tag) if names.iter().any(|n| tag.name.eq_ignore_ascii_case(n)) => Ok(tag),
            Node::Open(tag) => Err(Trouble::Root { found: tag.name }),
            Node::Close | Node::End => Err(Trouble::Truncated { at: self.reader.buffer_position() }),
        }
    }

    /// The next beginning or end of an element, text skipped.
    pub(crate) fn next(&mut self) -> Result<Node, Trouble> {
        loop {
            if let Item::Node(node) = self.item()? {
                return Ok(node);
            }
        }
    }

    /// The next child of the element that is open, or `None` at its end.
    pub(crate) fn child(&mut self) -> Result<Option<Tag>, Trouble> {
        match self.next()? {
            Node::Open(tag) => Ok(Some(tag)),
            Node::Close | Node::End => Ok(None),
        }
    }

    /// The text of the element that was just opened, up to its end, white space folded; children are skipped.
    pub(crate) fn text(&mut self) -> Result<Option<String>, Trouble> {
        let mut text = String::new();
        let home = self.depth;
        while self.depth >= home {
            match self.item()? {
                Item::Text(piece) if self.depth == home => text.push_str(&piece),
                Item::Node(Node::End) => break,
                Item::Text(_) | Item::Node(_) => {}
            }
        }
        let folded = text.split_whitespace().collect::<Vec<_>>().join(" ");
        Ok((!folded.is_empty()).then_some(folded))
    }

    /// Passes over the element that was just opened.
    pub(crate) fn skip(&mut self) -> Result<(), Trouble> {
        let home = self.depth;
        while self.depth >= home {
            if let Node::End = self.next()? {
                break;
            }
        }
        Ok(())
    }

    fn item(&mut self) -> Result<Item, Trouble> {
        loop {
            self.buffer.clear();
            self.reader.get_mut().left = MAX_ITEM_BYTES;
            let event = match self.reader.read_event_into(&mut self.buffer) {
                Ok(event) => event,
                Err(error) => return Err(trouble(&error, self.reader.error_position())),
            };
            let item = match event {
                Event::Start(start) => {
                    self.depth += 1;
                    Item::Node(Node::Open(tag(&start)))
                }
                Event::End(_) => {
                    self.depth = self.depth.saturating_sub(1);
                    Item::Node(Node::Close)
                }
                Event::Text(text) => Item::Text(text.xml10_content().into_owned()),
                Event::CData(text) => Item::Text(text.xml10_content().into_owned()),
                Event::GeneralRef(reference) => Item::Text(resolve(&reference)),
                Event::Eof if self.depth > 0 => {
                    return Err(Trouble::Truncated { at: self.reader.buffer_position() });
                }
                Event::Eof => Item::Node(Node::End),
                Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {
                    continue;
                }
            };
            return Ok(item);
        }
    }
}

fn trouble(error: &quick_xml::Error, at: u64) -> Trouble {
    match error {
        quick_xml::Error::Io(e) if e.kind() == io::ErrorKind::FileTooLarge => {
            Trouble::TooMany { what: "bytes in one piece of text", limit: MAX_ITEM_BYTES }
        }
        quick_xml::Error::Io(_) => Trouble::Io { at },
        quick_xml::Error::Syntax(_) => Trouble::Truncated { at },
        other => Trouble::Xml { at, reason: other.to_string() },
    }
}

fn tag(start: &BytesStart<'_>) -> Tag {
    let mut attributes = start.attributes();
    let attributes = attributes.with_checks(false).filter_map(Result::ok).map(|a| {
        let value = a.normalized_value(XmlVersion::Implicit1_0).unwrap_or_else(|_| a.value.clone());
        let prefixed = a.key.prefix().is_some();
        (prefixed, a.key.local_name().as_ref().to_owned(), value.into_owned())
    });
    Tag { name: start.local_name().as_ref().to_owned(), attributes: attributes.collect() }
}

fn resolve(reference: &BytesRef<'_>) -> String {
    if let Ok(Some(c)) = reference.resolve_char_ref() {
        return c.to_string();
    }
    let name = reference.xml10_content();
    match name.as_ref() {
        "lt" => "<".into(),
        "gt" => ">".into(),
        "amp" => "&".into(),
        "quot" => "\"".into(),
        "apos" => "'".into(),
        other => format!("&{other};"),
    }
}

/// Lets only so many bytes pass between two events, so that one endless tag cannot fill the memory.
struct Capped<R> {
    inner: R,
    left: usize,
}

impl<R: BufRead> BufRead for Capped<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.left == 0 {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.inner.fill_buf()
    }

    fn consume(&mut self, n: usize) {
        self.left = self.left.saturating_sub(n);
        self.inner.consume(n);
    }
}

impl<R: Read> Read for Capped<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.inner.read(out)
    }
}

/// Passes UTF-8 through and turns every other byte into the Latin-1 character of its number.
struct Utf8<R> {
    inner: R,
    raw: Vec<u8>,
    ready: Vec<u8>,
    at: usize,
}

impl<R: Read> Utf8<R> {
    fn new(inner: R) -> Self {
        Self { inner, raw: Vec::new(), ready: Vec::new(), at: 0 }
    }

    /// Reads on; false at the end.
    fn refill(&mut self) -> io::Result<bool> {
        let kept = self.raw.len();
        self.raw.resize(kept + 16 * 1024, 0);
        let read = self.inner.read(&mut self.raw[kept..]);
        self.raw.truncate(kept + *read.as_ref().unwrap_or(&0));
        let done = read? == 0;
        self.ready.clear();
        self.at = 0;
        let mut rest = self.raw.as_slice();
        loop {
            match std::str::from_utf8(rest) {
                Ok(_) => {
                    self.ready.extend_from_slice(rest);
                    rest = &[];
                    break;
                }
                Err(error) => {
                    let (good, bad) = rest.split_at(error.valid_up_to());
                    self.ready.extend_from_slice(good);
                    rest = bad;
                    if error.error_len().is_none() && !done {
                        break;
                    }
                    let mut utf8 = [0; 4];
                    self.ready.extend_from_slice(char::from(bad[0]).encode_utf8(&mut utf8).as_bytes());
                    rest = &rest[1..];
                }
            }
        }
        let unread = rest.len();
        self.raw.drain(..self.raw.len() - unread);
        Ok(!done)
    }
}

impl<R: Read> Read for Utf8<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.at == self.ready.len() {
            if !self.refill()? && self.ready.is_empty() {
                return Ok(0);
            }
        }
        let n = out.len().min(self.ready.len() - self.at);
        out[..n].copy_from_slice(&self.ready[self.at..self.at + n]);
        self.at += n;
        Ok(n)
    }
}
