//! Elements that mean something to the reader, and attributes of a start tag.

use quick_xml::XmlVersion;
use quick_xml::events::BytesStart;

use crate::{ErrorKind, Limits};

/// An open element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Element {
    Votable,
    Resource,
    Description,
    Info,
    Param,
    Table,
    Field,
    Values,
    Min,
    Max,
    Data,
    TableData,
    Binary,
    Binary2,
    Stream,
}

impl Element {
    /// The element `name` inside `parent`; `None` for one that is passed over with all it holds.
    pub(super) fn inside(parent: Self, name: &str) -> Option<Self> {
        Some(match (parent, name) {
            (Self::Votable | Self::Resource, "RESOURCE") => Self::Resource,
            (Self::Votable | Self::Resource | Self::Table, "INFO") => Self::Info,
            (Self::Votable | Self::Resource | Self::Table, "PARAM") => Self::Param,
            (Self::Votable | Self::Resource | Self::Table | Self::Field | Self::Param, "DESCRIPTION") => {
                Self::Description
            }
            (Self::Resource, "TABLE") => Self::Table,
            (Self::Table, "FIELD") => Self::Field,
            (Self::Table, "DATA") => Self::Data,
            (Self::Field | Self::Param, "VALUES") => Self::Values,
            (Self::Values, "MIN") => Self::Min,
            (Self::Values, "MAX") => Self::Max,
            (Self::Data, "TABLEDATA") => Self::TableData,
            (Self::Data, "BINARY") => Self::Binary,
            (Self::Data, "BINARY2") => Self::Binary2,
            (Self::Binary | Self::Binary2, "STREAM") => Self::Stream,
            _ => return None,
        })
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Votable => "VOTABLE",
            Self::Resource => "RESOURCE",
            Self::Description => "DESCRIPTION",
            Self::Info => "INFO",
            Self::Param => "PARAM",
            Self::Table => "TABLE",
            Self::Field => "FIELD",
            Self::Values => "VALUES",
            Self::Min => "MIN",
            Self::Max => "MAX",
            Self::Data => "DATA",
            Self::TableData => "TABLEDATA",
            Self::Binary => "BINARY",
            Self::Binary2 => "BINARY2",
            Self::Stream => "STREAM",
        }
    }

    /// Text inside it means something.
    pub(super) fn has_text(self) -> bool {
        matches!(self, Self::Description | Self::Info)
    }
}

/// The attributes of one element.
#[derive(Debug, Default)]
pub(super) struct Attributes(Vec<(String, String)>);

impl Attributes {
    pub(super) fn read(tag: &BytesStart<'_>, limits: &Limits) -> Result<Self, ErrorKind> {
        let mut found = Vec::new();
        for attribute in tag.attributes().with_checks(false) {
            let attribute = attribute.map_err(|error| ErrorKind::Xml(error.to_string()))?;
            if found.len() == limits.attributes {
                let what = "the number of attributes of an element";
                return Err(ErrorKind::TooLarge { what, limit: limits.attributes });
            }
            let value = attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .map_err(|error| ErrorKind::Xml(error.to_string()))?;
            if value.len() > limits.attribute_bytes {
                let what = "the value of an attribute";
                return Err(ErrorKind::TooLarge { what, limit: limits.attribute_bytes });
            }
            let name = attribute.key.into_inner();
            found.push((name.to_owned(), value.into_owned()));
        }
        Ok(Self(found))
    }

    /// The value of the attribute `name`; `None` if it is not there.
    pub(super) fn take(&mut self, name: &str) -> Option<String> {
        let at = self.0.iter().position(|(key, _)| key == name)?;
        Some(self.0.swap_remove(at).1)
    }
}
