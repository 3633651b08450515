//! Everything outside the data: elements become events.

use std::io::Read;

use quick_xml::events::{BytesDecl, BytesStart, Event as Xml};

use super::element::{Attributes, Element};
use super::head::TableDraft;
use super::{Reader, State};
use crate::scalar::excerpt;
use crate::stream::StreamReader;
use crate::{Error, ErrorKind, Event, Field, Info, Param, Resource};

/// What is known so far of elements that are still open.
#[derive(Default)]
pub(super) struct Draft {
    info: Info,
    /// The open FIELD or PARAM.
    field: Field,
    value: String,
    pub(super) table: Option<TableDraft>,
}

impl<R: Read> Reader<R> {
    /// Reads one piece of markup.
    pub(super) fn step_document(&mut self) -> Result<(), Error> {
        let mut markup = std::mem::take(&mut self.markup);
        markup.clear();
        let budget = self.limits.markup_bytes;
        self.source().set_budget(budget);
        let (line, offset) = self.source().place(0);
        let result = match self.xml.read_event_into(&mut markup) {
            Ok(event) => self.take_markup(event),
            Err(error) => Err(self.explain(&error)),
        };
        self.markup = markup;
        self.source().set_budget(usize::MAX);
        let result = result.and_then(|()| self.check_head());
        result.map_err(|kind| match kind {
            ErrorKind::Truncated { inside } => self.cut_off(&inside),
            kind => Error { line, offset, kind },
        })
    }

    fn explain(&mut self, error: &quick_xml::Error) -> ErrorKind {
        let limit = self.limits.markup_bytes;
        let source = self.source();
        if source.is_overdrawn() {
            return ErrorKind::TooLarge { what: "a tag, a comment or a text", limit };
        }
        let at_end = source.is_finished() && source.data().is_empty();
        match error {
            quick_xml::Error::Syntax(_) | quick_xml::Error::Io(_) if at_end => {
                ErrorKind::Truncated { inside: self.innermost() }
            }
            quick_xml::Error::Encoding(_) => ErrorKind::Encoding(
                "there are bytes that are not UTF-8, which the document says it is".into(),
            ),
            error => ErrorKind::Xml(error.to_string()),
        }
    }

    fn innermost(&self) -> String {
        self.open.last().map_or("the beginning", |element| element.name()).to_owned()
    }

    fn take_markup(&mut self, event: Xml<'_>) -> Result<(), ErrorKind> {
        match event {
            Xml::Start(tag) => self.start_element(&tag, false),
            Xml::Empty(tag) => self.start_element(&tag, true),
            Xml::End(_) => self.end_any(),
            Xml::Text(text) => self.take_text(&text.xml10_content()),
            Xml::CData(text) => self.take_text(&text.xml10_content()),
            Xml::GeneralRef(reference) => {
                let text = if reference.is_char_ref() {
                    reference.resolve_char_ref().ok().flatten().map(String::from)
                } else {
                    let name = reference.xml10_content();
                    quick_xml::escape::resolve_predefined_entity(&name).map(str::to_owned)
                };
                match text {
                    Some(text) => self.take_text(&text),
                    None => Err(ErrorKind::Xml(format!(
                        "unknown entity {}",
                        excerpt(reference.xml10_content().as_bytes())
                    ))),
                }
            }
            Xml::Decl(declaration) => self.take_declaration(&declaration),
            Xml::DocType(text) => {
                if text.xml10_content().contains('[') {
                    Err(ErrorKind::Doctype)
                } else {
                    Ok(())
                }
            }
            Xml::Comment(_) | Xml::PI(_) => Ok(()),
            Xml::Eof => Err(ErrorKind::Truncated { inside: self.innermost() }),
        }
    }

    fn take_declaration(&mut self, declaration: &BytesDecl<'_>) -> Result<(), ErrorKind> {
        let Some(encoding) = declaration.encoding() else { return Ok(()) };
        let encoding = encoding.map_err(|error| ErrorKind::Xml(error.to_string()))?.to_ascii_lowercase();
        match encoding.as_str() {
            "utf-8" | "utf8" | "us-ascii" | "ascii" => {}
            "iso-8859-1" | "iso8859-1" | "iso_8859-1" | "latin1" | "latin-1" => {
                self.source().switch_to_latin1();
            }
            other => {
                let name = excerpt(other.as_bytes());
                let reason = format!("the encoding {name} is not read; UTF-8 and ISO-8859-1 are");
                return Err(ErrorKind::Encoding(reason));
            }
        }
        Ok(())
    }

    fn take_text(&mut self, text: &str) -> Result<(), ErrorKind> {
        match self.open.last() {
            _ if self.skipped > 0 => {}
            Some(element) if element.has_text() => {
                if self.text.len() + text.len() > self.limits.markup_bytes {
                    let limit = self.limits.markup_bytes;
                    return Err(ErrorKind::TooLarge { what: "a text", limit });
                }
                self.text.push_str(text);
            }
            Some(Element::Stream) if !text.trim().is_empty() => {
                return Err(ErrorKind::NotSupported("comments and CDATA inside a STREAM".into()));
            }
            Some(_) => {}
            None if text.trim_matches(['\u{FEFF}', ' ', '\t', '\r', '\n']).is_empty() => {}
            None => return Err(ErrorKind::NotVotable { found: excerpt(text.as_bytes()) }),
        }
        Ok(())
    }

    fn start_element(&mut self, tag: &BytesStart<'_>, empty: bool) -> Result<(), ErrorKind> {
        let limit = self.limits.depth;
        if self.open.len() + self.skipped >= limit {
            return Err(ErrorKind::TooLarge { what: "the depth of elements", limit });
        }
        if self.skipped > 0 {
            self.skipped += usize::from(!empty);
            return Ok(());
        }
        let name = tag.local_name().into_inner();
        let element = match self.open.last() {
            Some(&parent) => Element::inside(parent, name),
            None if name == "VOTABLE" => Some(Element::Votable),
            None => {
                let found = format!("the element {}", excerpt(name.as_bytes()));
                return Err(ErrorKind::NotVotable { found });
            }
        };
        let Some(element) = element else {
            self.refuse_element(name)?;
            self.skipped = usize::from(!empty);
            return Ok(());
        };
        let attributes = Attributes::read(tag, &self.limits)?;
        self.open_element(element, attributes, empty)?;
        self.open.push(element);
        if empty { self.end_any() } else { Ok(()) }
    }

    /// Elements that may not be passed over, since rows would be lost in silence.
    fn refuse_element(&self, name: &str) -> Result<(), ErrorKind> {
        match (self.open.last(), name) {
            (Some(Element::Data), "FITS") => {
                Err(ErrorKind::NotSupported("a table in FITS inside a VOTable".into()))
            }
            (Some(Element::Data), "PARQUET") => {
                Err(ErrorKind::NotSupported("a table in Parquet inside a VOTable".into()))
            }
            (Some(Element::Data | Element::Binary | Element::Binary2), name) if name != "INFO" => {
                Err(ErrorKind::Xml(format!("element {} where data belongs", excerpt(name.as_bytes()))))
            }
            _ => Ok(()),
        }
    }

    fn open_element(&mut self, element: Element, mut from: Attributes, empty: bool) -> Result<(), ErrorKind> {
        match element {
            Element::Votable => self.events.push_back(Event::Start { version: from.take("version") }),
            Element::Resource => self.events.push_back(Event::ResourceStart(Resource {
                id: from.take("ID"),
                name: from.take("name"),
                kind: from.take("type"),
                utype: from.take("utype"),
            })),
            Element::Description => self.text.clear(),
            Element::Info => {
                self.text.clear();
                self.draft.info = Info {
                    id: from.take("ID"),
                    name: from.take("name").unwrap_or_default(),
                    value: from.take("value").unwrap_or_default(),
                    content: String::new(),
                };
            }
            Element::Table => {
                self.draft.table = Some(TableDraft {
                    attributes: ["ID", "name", "ucd", "utype"].map(|name| from.take(name)),
                    description: None,
                    nrows: from.take("nrows").and_then(|rows| rows.trim().parse().ok()),
                    fields: Vec::new(),
                    params: Vec::new(),
                    infos: Vec::new(),
                    begun: false,
                    start: self.xml.get_ref().place(0).1,
                });
            }
            Element::Field | Element::Param => {
                self.draft.value = from.take("value").unwrap_or_default();
                self.draft.field = self.read_field(from)?;
            }
            Element::Values => {
                let null = from.take("null");
                let field = &mut self.draft.field;
                field.null = field.null.take().or(null);
            }
            Element::Min => self.draft.field.min = from.take("value"),
            Element::Max => self.draft.field.max = from.take("value"),
            Element::Data => self.begin_table(true)?,
            Element::TableData if !empty => self.state = State::Rows,
            Element::Stream => self.begin_stream(from, empty)?,
            Element::TableData | Element::Binary | Element::Binary2 => {}
        }
        Ok(())
    }

    fn begin_stream(&mut self, mut from: Attributes, empty: bool) -> Result<(), ErrorKind> {
        if let Some(href) = from.take("href") {
            let reason = format!("data outside the document, at {}", excerpt(href.as_bytes()));
            return Err(ErrorKind::NotSupported(reason));
        }
        match from.take("encoding").as_deref() {
            None | Some("" | "base64") => {}
            Some(other) => {
                let reason = format!("a STREAM with the encoding {}", excerpt(other.as_bytes()));
                return Err(ErrorKind::NotSupported(reason));
            }
        }
        if let (false, Some(batch)) = (empty, &self.batch) {
            let flagged = self.open.last() == Some(&Element::Binary2);
            self.state = State::Stream(Box::new(StreamReader::new(batch, flagged)));
        }
        Ok(())
    }

    fn end_any(&mut self) -> Result<(), ErrorKind> {
        if self.skipped > 0 {
            self.skipped -= 1;
            return Ok(());
        }
        let Some(element) = self.open.pop() else {
            return Err(ErrorKind::Xml("an end tag that ends nothing".into()));
        };
        match element {
            Element::Votable => self.state = State::Done,
            Element::Resource => self.events.push_back(Event::ResourceEnd),
            Element::Description => self.end_description(),
            Element::Info => {
                let mut info = std::mem::take(&mut self.draft.info);
                self.text.trim().clone_into(&mut info.content);
                match &mut self.draft.table {
                    Some(table) if !table.begun => {
                        let limit = self.limits.fields;
                        if table.infos.len() >= limit {
                            return Err(ErrorKind::TooLarge { what: "the number of INFOs", limit });
                        }
                        table.infos.push(info);
                    }
                    _ => self.events.push_back(Event::Info(info)),
                }
            }
            Element::Field => {
                let field = std::mem::take(&mut self.draft.field);
                field.layout(&self.limits)?;
                match &mut self.draft.table {
                    Some(table) if !table.begun => table.fields.push(field),
                    _ => return Err(ErrorKind::Xml("a FIELD after the table's data".into())),
                }
            }
            Element::Param => {
                let field = std::mem::take(&mut self.draft.field);
                let param = Param { field, value: std::mem::take(&mut self.draft.value) };
                match &mut self.draft.table {
                    Some(table) if !table.begun => table.params.push(param),
                    _ => self.events.push_back(Event::Param(param)),
                }
            }
            Element::Table => {
                self.begin_table(false)?;
                self.draft.table = None;
                let rows = self.batch.take().map_or(0, |batch| batch.total_rows());
                self.events.push_back(Event::TableEnd { rows });
            }
            _ => {}
        }
        Ok(())
    }

    fn end_description(&mut self) {
        let text = self.text.trim().to_owned();
        match (self.open.last(), &mut self.draft.table) {
            (Some(Element::Field | Element::Param), _) => self.draft.field.description = Some(text),
            (Some(Element::Table), Some(table)) => table.description = Some(text),
            _ => self.events.push_back(Event::Description(text)),
        }
    }
}
