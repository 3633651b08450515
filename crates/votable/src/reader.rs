//! The pull reader: one step through the document at a time.

mod document;
mod element;
mod head;

use std::collections::VecDeque;
use std::io::Read;

use crate::batch::Batch;
use crate::source::{CHUNK, Source};
use crate::stream::{Step, StreamReader};
use crate::tabledata::{Scan, scan_rows};
use crate::{Error, ErrorKind, Event, Limits};
use element::Element;

/// Reads a VOTable document (1.1 to 1.5) from a blocking input, one [`Event`] at a time, in constant memory.
///
/// The input needs no buffer of its own. After the end of the root element nothing more is read.
pub struct Reader<R: Read> {
    xml: quick_xml::Reader<Source<R>>,
    limits: Limits,
    state: State,
    /// Open elements, outermost first.
    open: Vec<Element>,
    /// Depth inside an element that is skipped.
    skipped: usize,
    /// Text of the open INFO or DESCRIPTION.
    text: String,
    draft: document::Draft,
    batch: Option<Batch>,
    events: VecDeque<Event>,
    /// The error that comes after the events.
    error: Option<Error>,
    markup: Vec<u8>,
    scratch: Vec<u8>,
}

enum State {
    Before,
    Document,
    Rows,
    Stream(Box<StreamReader>),
    Done,
}

impl<R: Read> std::fmt::Debug for Reader<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader").field("line", &self.line()).field("open", &self.open).finish_non_exhaustive()
    }
}

impl<R: Read> Reader<R> {
    /// A reader of `input`. Nothing is read yet.
    pub fn new(input: R, limits: Limits) -> Self {
        Self {
            xml: quick_xml::Reader::from_reader(Source::new(input)),
            limits: limits.clamped(),
            state: State::Before,
            open: Vec::new(),
            skipped: 0,
            text: String::new(),
            draft: document::Draft::default(),
            batch: None,
            events: VecDeque::new(),
            error: None,
            markup: Vec::new(),
            scratch: Vec::new(),
        }
    }

    /// The line the reader has come to, from 1.
    pub fn line(&self) -> u64 {
        self.xml.get_ref().line()
    }

    /// The next event; `None` after the document's end, and after an error.
    ///
    /// # Errors
    /// The document cannot be read on: see [`ErrorKind`]. Rows before the fault came as a batch before it.
    pub fn next_event(&mut self) -> Result<Option<Event>, Error> {
        loop {
            if let Some(event) = self.events.pop_front() {
                return Ok(Some(event));
            }
            if let Some(error) = self.error.take() {
                return Err(error);
            }
            let result = match self.state {
                State::Before => self.begin(),
                State::Document => self.step_document(),
                State::Rows => self.step_rows(),
                State::Stream(_) => self.step_stream(),
                State::Done => return Ok(None),
            };
            if let Err(error) = result {
                self.state = State::Done;
                self.error = Some(error);
                // Rows before the fault are not lost.
                if let Some(batch) = &mut self.batch {
                    batch.drop_partial();
                    if let Ok(Some(rows)) = batch.take() {
                        self.events.push_back(Event::Batch(rows));
                    }
                }
            }
        }
    }

    fn source(&mut self) -> &mut Source<R> {
        self.xml.get_mut()
    }

    /// An error at the current place of the input.
    fn error_here(&mut self, kind: ErrorKind) -> Error {
        self.error_ahead(0, kind)
    }

    fn error_ahead(&mut self, ahead: usize, kind: ErrorKind) -> Error {
        let (line, offset) = self.source().place(ahead);
        Error { line, offset, kind }
    }

    /// The input ended where it may not: because it failed, or because it was cut.
    fn cut_off(&mut self, inside: &str) -> Error {
        let kind = match self.source().take_failure() {
            Some(failure) => ErrorKind::Io(failure),
            None => ErrorKind::Truncated { inside: inside.to_owned() },
        };
        let ahead = self.source().data().len();
        self.error_ahead(ahead, kind)
    }

    /// Looks at the first bytes: most inputs that are something else say so here.
    fn begin(&mut self) -> Result<(), Error> {
        let source = self.xml.get_mut();
        source.fill(512);
        let data = source.data();
        let text = data.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(data);
        let text = crate::scalar::trim(text);
        let kind = match text {
            [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] | [0, ..] | [b'<', 0, ..] => {
                ErrorKind::Encoding("the encoding UTF-16 is not read; UTF-8 and ISO-8859-1 are".into())
            }
            [0x1F, 0x8B, ..] => ErrorKind::NotVotable { found: "gzip data".into() },
            [b'<', ..] => {
                self.state = State::Document;
                return Ok(());
            }
            [] if data.len() >= 512 => {
                self.state = State::Document;
                return Ok(());
            }
            [] => match source.take_failure() {
                Some(failure) => ErrorKind::Io(failure),
                None => ErrorKind::NotVotable { found: "nothing: it is empty".into() },
            },
            text => ErrorKind::NotVotable { found: crate::scalar::excerpt(text) },
        };
        Err(self.error_here(kind))
    }

    /// Reads rows of TABLEDATA until a batch is full or the data ends.
    fn step_rows(&mut self) -> Result<(), Error> {
        let Some(mut batch) = self.batch.take() else {
            self.state = State::Document;
            return Ok(());
        };
        let result = self.scan_tabledata(&mut batch);
        self.batch = Some(batch);
        self.deliver()?;
        result
    }

    fn scan_tabledata(&mut self, batch: &mut Batch) -> Result<(), Error> {
        let mut wanted = CHUNK;
        loop {
            let source = self.xml.get_mut();
            source.fill(wanted);
            let (used, scan) = scan_rows(source.data(), batch, &mut self.scratch);
            source.advance(used);
            match scan {
                Scan::Full => return Ok(()),
                Scan::End => {
                    self.state = State::Document;
                    return Ok(());
                }
                Scan::Fault(at, kind) => return Err(self.error_ahead(at, kind)),
                Scan::More if source.is_finished() => return Err(self.cut_off("TABLEDATA")),
                // A row longer than what is there: twice as much, so that reading stays linear.
                Scan::More => wanted = (source.data().len() * 2).max(CHUNK),
            }
        }
    }

    /// Reads rows of BINARY or BINARY2 until a batch is full or the stream ends.
    fn step_stream(&mut self) -> Result<(), Error> {
        let State::Stream(stream) = &mut self.state else { return Ok(()) };
        let Some(batch) = &mut self.batch else {
            self.state = State::Document;
            return Ok(());
        };
        match stream.read(self.xml.get_mut(), batch) {
            Ok(Step::Full) => {}
            Ok(Step::End) => self.state = State::Document,
            Err(fault) => {
                if matches!(fault.kind, ErrorKind::Truncated { .. }) {
                    return Err(self.cut_off("STREAM"));
                }
                return Err(match fault.place {
                    Some((line, offset)) => Error { line, offset, kind: fault.kind },
                    None => self.error_here(fault.kind),
                });
            }
        }
        self.deliver()
    }

    /// Hands out the rows so far.
    fn deliver(&mut self) -> Result<(), Error> {
        let taken = self.batch.as_mut().map(Batch::take).transpose();
        match taken {
            Ok(rows) => {
                self.events.extend(rows.flatten().map(Event::Batch));
                Ok(())
            }
            Err(error) => Err(self.error_here(ErrorKind::NotSupported(error.to_string()))),
        }
    }
}
