//! What stands before and after the rows.

use std::collections::HashSet;

use arrow_schema::Schema;

use super::Serialization;
use super::plan::ColumnPlan;
use super::xml::{is_id, write_attribute, write_text};
use crate::{Field, Info, meta};

/// Appends what stands before the first RESOURCE.
pub(super) fn write_start(out: &mut Vec<u8>) {
    out.extend_from_slice(
        b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
          <VOTABLE version=\"1.4\" xmlns=\"http://www.ivoa.net/xml/VOTable/v1.3\">\n",
    );
}

/// Appends a RESOURCE up to the first row of its table. `ids` are those that the document has already: none is
/// written twice.
pub(super) fn write_head(
    out: &mut Vec<u8>,
    form: Serialization,
    schema: &Schema,
    columns: &[ColumnPlan],
    infos: &[Info],
    ids: &mut HashSet<String>,
) {
    out.extend_from_slice(b"<RESOURCE type=\"results\">\n");
    for info in infos {
        write_info(out, info, ids);
    }
    out.extend_from_slice(b"<TABLE");
    let of_table = |key: &str| schema.metadata().get(key);
    write_id(out, of_table(meta::TABLE_ID), ids);
    for (name, key) in [("name", meta::TABLE_NAME), ("ucd", meta::TABLE_UCD), ("utype", meta::TABLE_UTYPE)] {
        if let Some(value) = of_table(key) {
            write_attribute(out, name, value);
        }
    }
    out.extend_from_slice(b">\n");
    if let Some(text) = of_table(meta::DESCRIPTION) {
        write_description(out, text);
        out.push(b'\n');
    }
    for column in columns {
        write_field(out, &column.field, ids);
    }
    out.extend_from_slice(match form {
        Serialization::TableData => b"<DATA><TABLEDATA>\n",
        Serialization::Binary2 => b"<DATA><BINARY2><STREAM encoding=\"base64\">\n",
    });
}

/// Appends what stands between the last row and the end of its RESOURCE.
pub(super) fn write_end(out: &mut Vec<u8>, form: Serialization, trailing: &[Info]) {
    out.extend_from_slice(match form {
        Serialization::TableData => b"</TABLEDATA></DATA>\n</TABLE>\n",
        Serialization::Binary2 => b"</STREAM></BINARY2></DATA>\n</TABLE>\n",
    });
    for info in trailing {
        // IDs of the head are forgotten here, so none is written twice.
        write_info(out, &Info { id: None, ..info.clone() }, &mut HashSet::new());
    }
    out.extend_from_slice(b"</RESOURCE>\n");
}

/// Appends the end of the document.
pub(super) fn write_close(out: &mut Vec<u8>) {
    out.extend_from_slice(b"</VOTABLE>\n");
}

fn write_id(out: &mut Vec<u8>, id: Option<&String>, ids: &mut HashSet<String>) {
    if let Some(id) = id.filter(|id| is_id(id) && ids.insert((*id).clone())) {
        write_attribute(out, "ID", id);
    }
}

fn write_info(out: &mut Vec<u8>, info: &Info, ids: &mut HashSet<String>) {
    out.extend_from_slice(b"<INFO");
    write_id(out, info.id.as_ref(), ids);
    write_attribute(out, "name", &info.name);
    write_attribute(out, "value", &info.value);
    if info.content.is_empty() {
        out.extend_from_slice(b"/>\n");
    } else {
        out.push(b'>');
        write_text(out, &info.content);
        out.extend_from_slice(b"</INFO>\n");
    }
}

fn write_description(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(b"<DESCRIPTION>");
    write_text(out, text);
    out.extend_from_slice(b"</DESCRIPTION>");
}

fn write_field(out: &mut Vec<u8>, field: &Field, ids: &mut HashSet<String>) {
    out.extend_from_slice(b"<FIELD");
    write_id(out, field.id.as_ref(), ids);
    write_attribute(out, "name", &field.name);
    write_attribute(out, "datatype", field.datatype.name());
    let optional = [
        ("arraysize", &field.arraysize),
        ("unit", &field.unit),
        ("ucd", &field.ucd),
        ("utype", &field.utype),
        ("xtype", &field.xtype),
        ("width", &field.width),
        ("precision", &field.precision),
    ];
    for (name, value) in optional {
        if let Some(value) = value {
            write_attribute(out, name, value);
        }
    }
    // A reference to something that is not in this document would make it invalid.
    if let Some(target) = field.reference.as_ref().filter(|target| ids.contains(*target)) {
        write_attribute(out, "ref", target);
    }
    let has_values = field.null.is_some() || field.min.is_some() || field.max.is_some();
    if field.description.is_none() && !has_values {
        out.extend_from_slice(b"/>\n");
        return;
    }
    out.push(b'>');
    if let Some(text) = &field.description {
        write_description(out, text);
    }
    if has_values {
        out.extend_from_slice(b"<VALUES");
        if let Some(null) = &field.null {
            write_attribute(out, "null", null);
        }
        out.push(b'>');
        for (name, value) in [("MIN", &field.min), ("MAX", &field.max)] {
            if let Some(value) = value {
                out.extend_from_slice(format!("<{name}").as_bytes());
                write_attribute(out, "value", value);
                out.extend_from_slice(b"/>");
            }
        }
        out.extend_from_slice(b"</VALUES>");
    }
    out.extend_from_slice(b"</FIELD>\n");
}
