//! The head of a table: FIELDs, PARAMs and texts gathered until its data begins.

use std::collections::HashMap;
use std::io::Read;
use std::sync::Arc;

use super::Reader;
use super::element::Attributes;
use crate::batch::Batch;
use crate::scalar::excerpt;
use crate::{Datatype, ErrorKind, Event, Field, Info, Param, Table, meta};

/// The head of a table that is still open.
pub(super) struct TableDraft {
    pub(super) attributes: [Option<String>; 4],
    pub(super) description: Option<String>,
    pub(super) nrows: Option<u64>,
    pub(super) fields: Vec<Field>,
    pub(super) params: Vec<Param>,
    pub(super) infos: Vec<Info>,
    /// TABLE was handed out: its data has begun.
    pub(super) begun: bool,
    /// Byte of the input where it began.
    pub(super) start: u64,
}

impl<R: Read> Reader<R> {
    /// The head of the open table stays in its limit.
    pub(super) fn check_head(&self) -> Result<(), ErrorKind> {
        let limit = self.limits.head_bytes;
        match &self.draft.table {
            Some(table) if !table.begun && self.xml.get_ref().place(0).1 - table.start > limit => {
                let limit = usize::try_from(limit).unwrap_or(usize::MAX);
                Err(ErrorKind::TooLarge { what: "the head of a table", limit })
            }
            _ => Ok(()),
        }
    }

    /// FIELD or PARAM from its attributes.
    pub(super) fn read_field(&mut self, mut from: Attributes) -> Result<Field, ErrorKind> {
        let table = self.draft.table.as_ref();
        let limit = self.limits.fields;
        if table.is_some_and(|table| table.fields.len().max(table.params.len()) >= limit) {
            return Err(ErrorKind::TooLarge { what: "the number of columns", limit });
        }
        let id = from.take("ID");
        let number = table.map_or(1, |table| table.fields.len() + 1);
        let name = from.take("name").or_else(|| id.clone()).unwrap_or_else(|| format!("col{number}"));
        let datatype = from.take("datatype").unwrap_or_default();
        let datatype = Datatype::from_name(datatype.trim()).ok_or_else(|| {
            let shown = excerpt(datatype.as_bytes());
            ErrorKind::Field {
                name: name.clone(),
                reason: format!("datatype {shown} is not one of VOTable's"),
            }
        })?;
        Ok(Field {
            id,
            name,
            datatype,
            arraysize: from.take("arraysize"),
            unit: from.take("unit"),
            ucd: from.take("ucd"),
            utype: from.take("utype"),
            xtype: from.take("xtype"),
            reference: from.take("ref"),
            width: from.take("width"),
            precision: from.take("precision"),
            ..Field::default()
        })
    }

    /// Hands out the table's head, once.
    pub(super) fn begin_table(&mut self, has_data: bool) -> Result<(), ErrorKind> {
        let Some(draft) = &mut self.draft.table else { return Ok(()) };
        if draft.begun {
            let reason = "a second DATA in one TABLE".to_owned();
            return if has_data { Err(ErrorKind::Xml(reason)) } else { Ok(()) };
        }
        draft.begun = true;
        let fields = std::mem::take(&mut draft.fields);
        let mut batch = Batch::new(&fields, &self.limits)?;
        let [id, name, ucd, utype] = std::mem::take(&mut draft.attributes);
        let description = draft.description.take();
        let known = [
            (meta::TABLE_ID, &id),
            (meta::TABLE_NAME, &name),
            (meta::TABLE_UCD, &ucd),
            (meta::TABLE_UTYPE, &utype),
            (meta::DESCRIPTION, &description),
        ];
        let metadata: HashMap<String, String> =
            known.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value.clone()?))).collect();
        batch.set_schema_metadata(metadata);
        self.events.push_back(Event::TableStart(Table {
            id,
            name,
            description,
            ucd,
            utype,
            nrows: draft.nrows,
            fields,
            params: std::mem::take(&mut draft.params),
            schema: Arc::clone(batch.schema()),
        }));
        self.events.extend(std::mem::take(&mut draft.infos).into_iter().map(Event::Info));
        self.batch = Some(batch);
        Ok(())
    }
}
