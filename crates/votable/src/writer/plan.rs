//! From an Arrow field to a FIELD, and from any Arrow array to one of the few that are written.

use std::sync::Arc;

use arrow_array::{Array, ArrayRef, BinaryArray, ListArray, UInt8Array, cast::AsArray};
use arrow_cast::{CastOptions, can_cast_types, cast_with_options};
use arrow_schema::{DataType, Field as ArrowField};

use super::Serialization;
use crate::column::Layout;
use crate::limits::Limits;
use crate::{Datatype, Field, Shape, WriteError, meta};

/// How one column is written.
#[derive(Debug)]
pub(super) struct ColumnPlan {
    pub(super) field: Field,
    pub(super) layout: Layout,
    /// The type that arrays are brought to.
    target: DataType,
}

impl ColumnPlan {
    pub(super) fn new(arrow: &ArrowField, form: Serialization) -> Result<Self, WriteError> {
        let refuse = |reason: String| WriteError::Column { column: arrow.name().clone(), reason };
        let get = |key: &str| arrow.metadata().get(key).cloned();
        let mut field = Field {
            id: get(meta::ID),
            name: arrow.name().clone(),
            unit: get(meta::UNIT),
            ucd: get(meta::UCD),
            utype: get(meta::UTYPE),
            xtype: get(meta::XTYPE),
            reference: get(meta::REF),
            width: get(meta::WIDTH),
            precision: get(meta::PRECISION),
            description: get(meta::DESCRIPTION),
            null: get(meta::NULL),
            min: get(meta::MIN),
            max: get(meta::MAX),
            ..Field::default()
        };
        let declared = get(meta::DATATYPE).as_deref().and_then(Datatype::from_name);
        let layout = declared.and_then(|datatype| {
            let wanted = Field { datatype, arraysize: get(meta::ARRAYSIZE), ..field.clone() };
            let layout = wanted.layout(&Limits::default()).ok()?;
            let fits = same_shape(&simple(arrow.data_type())?, &layout.data_type());
            fits.then(|| {
                field = wanted;
                layout
            })
        });
        let layout = if let Some(layout) = layout {
            layout
        } else {
            let (datatype, arraysize) =
                derive(arrow.data_type(), get(meta::ARRAYSIZE).as_deref()).map_err(refuse)?;
            field.datatype = datatype;
            field.arraysize = arraysize;
            if is_instant(arrow.data_type()) && field.xtype.is_none() {
                field.xtype = Some("timestamp".into());
            }
            field.layout(&Limits::default()).map_err(|kind| refuse(kind.to_string()))?
        };
        widen_text(&mut field, &layout, form);
        let layout = if layout.shape == Shape::Scalar && layout.is_text() {
            field.layout(&Limits::default()).map_err(|kind| refuse(kind.to_string()))?
        } else {
            layout
        };
        declare_null(&mut field, &layout, arrow.data_type());
        let target = with_nullable_items(&layout.data_type());
        if !is_binary(arrow.data_type()) && !can_cast_types(arrow.data_type(), &target) {
            return Err(refuse(format!("its type {} has no form there", arrow.data_type())));
        }
        Ok(Self { field, layout, target })
    }

    /// The array in the type that is written.
    pub(super) fn prepare(&self, array: &ArrayRef) -> Result<ArrayRef, WriteError> {
        if array.data_type() == &self.target {
            return Ok(Arc::clone(array));
        }
        let options = CastOptions { safe: false, ..CastOptions::default() };
        if is_binary(array.data_type()) {
            let bytes = cast_with_options(array, &DataType::Binary, &options)?;
            return bytes_to_list(bytes.as_binary(), &self.target).ok_or(WriteError::Schema);
        }
        if !can_cast_types(array.data_type(), &self.target) {
            return Err(WriteError::Schema);
        }
        Ok(cast_with_options(array, &self.target, &options)?)
    }
}

/// Text of a fixed size becomes at most so long in BINARY2, where a longer value would have no room:
/// documents with an arraysize that is too small are common.
fn widen_text(field: &mut Field, layout: &Layout, form: Serialization) {
    if form == Serialization::Binary2 && layout.is_text() && layout.shape == Shape::Scalar {
        match layout.characters {
            Shape::Variable(_) => {}
            shape => field.arraysize = Some(format!("{}*", shape.count())),
        }
    }
}

/// Integers in arrays need a value that stands for "no value": the lowest, if none is declared.
fn declare_null(field: &mut Field, layout: &Layout, arrow: &DataType) {
    let nullable = match arrow {
        DataType::List(item) | DataType::LargeList(item) | DataType::FixedSizeList(item, _) => {
            item.is_nullable()
        }
        _ => false,
    };
    if layout.shape != Shape::Scalar && nullable && field.null.is_none() {
        field.null = match layout.datatype {
            Datatype::Short => Some(i16::MIN.to_string()),
            Datatype::Int => Some(i32::MIN.to_string()),
            Datatype::Long => Some(i64::MIN.to_string()),
            _ => None,
        };
    }
}

/// The datatype and arraysize for an Arrow type without VOTable metadata.
fn derive(arrow: &DataType, arraysize: Option<&str>) -> Result<(Datatype, Option<String>), String> {
    let any = || Some("*".to_owned());
    let scalar = match arrow {
        DataType::Dictionary(_, value) => return derive(value, arraysize),
        DataType::Boolean => Datatype::Boolean,
        DataType::UInt8 => Datatype::UnsignedByte,
        DataType::Int8 | DataType::Int16 => Datatype::Short,
        DataType::UInt16 | DataType::Int32 => Datatype::Int,
        DataType::UInt32 | DataType::Int64 | DataType::UInt64 => Datatype::Long,
        DataType::Float16 | DataType::Float32 => Datatype::Float,
        DataType::Float64
        | DataType::Decimal32(..)
        | DataType::Decimal64(..)
        | DataType::Decimal128(..)
        | DataType::Decimal256(..) => Datatype::Double,
        // Plain text may hold any character, which char may not.
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => {
            return Ok((Datatype::UnicodeChar, any()));
        }
        DataType::Null
        | DataType::Timestamp(..)
        | DataType::Date32
        | DataType::Date64
        | DataType::Time32(_)
        | DataType::Time64(_) => return Ok((Datatype::Char, any())),
        arrow if is_binary(arrow) => return Ok((Datatype::UnsignedByte, any())),
        DataType::List(item) | DataType::LargeList(item) => return derive_list(item, "*", arraysize),
        DataType::FixedSizeList(item, count) => return derive_list(item, &count.to_string(), arraysize),
        other => return Err(format!("its type {other} has no form there")),
    };
    Ok((scalar, None))
}

fn derive_list(
    item: &ArrowField,
    count: &str,
    arraysize: Option<&str>,
) -> Result<(Datatype, Option<String>), String> {
    match derive(item.data_type(), None)? {
        (Datatype::UnicodeChar | Datatype::Char, Some(_)) => match arraysize {
            Some(size) if size.contains('x') => Ok((Datatype::UnicodeChar, Some(size.to_owned()))),
            _ => Err(format!(
                "lists of text need the length of the text: give {} a value such as 16x{count}",
                meta::ARRAYSIZE
            )),
        },
        (_, Some(_)) => Err("lists of lists have no form there".into()),
        // An arraysize of one is a single value: 1x1 is a list of one.
        (datatype, None) if count == "1" => Ok((datatype, Some("1x1".into()))),
        (datatype, None) => Ok((datatype, Some(count.to_owned()))),
    }
}

/// The type without differences that do not matter: text is text, lists are lists. `None` for types never read.
fn simple(arrow: &DataType) -> Option<DataType> {
    let item = |item: &ArrowField| Some(Arc::new(ArrowField::new("item", simple(item.data_type())?, true)));
    Some(match arrow {
        DataType::LargeUtf8 | DataType::Utf8View => DataType::Utf8,
        DataType::Dictionary(_, value) => simple(value)?,
        DataType::List(inner) | DataType::LargeList(inner) => DataType::List(item(inner)?),
        DataType::FixedSizeList(inner, count) => DataType::FixedSizeList(item(inner)?, *count),
        other => other.clone(),
    })
}

/// Alike but for names and nullability.
fn same_shape(one: &DataType, other: &DataType) -> bool {
    match (one, other) {
        (DataType::List(a), DataType::List(b)) => same_shape(a.data_type(), b.data_type()),
        (DataType::FixedSizeList(a, n), DataType::FixedSizeList(b, m)) => {
            n == m && same_shape(a.data_type(), b.data_type())
        }
        _ => one == other,
    }
}

fn with_nullable_items(data_type: &DataType) -> DataType {
    let item =
        |item: &ArrowField| Arc::new(ArrowField::new("item", with_nullable_items(item.data_type()), true));
    match data_type {
        DataType::List(inner) => DataType::List(item(inner)),
        DataType::FixedSizeList(inner, count) => DataType::FixedSizeList(item(inner), *count),
        other => other.clone(),
    }
}

fn is_instant(arrow: &DataType) -> bool {
    matches!(arrow, DataType::Timestamp(..) | DataType::Date32 | DataType::Date64)
}

fn is_binary(arrow: &DataType) -> bool {
    matches!(
        arrow,
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView | DataType::FixedSizeBinary(_)
    )
}

fn bytes_to_list(bytes: &BinaryArray, target: &DataType) -> Option<ArrayRef> {
    let DataType::List(item) = target else { return None };
    let values = UInt8Array::new(bytes.values().clone().into(), None);
    let list = ListArray::try_new(
        Arc::clone(item),
        bytes.offsets().clone(),
        Arc::new(values),
        bytes.nulls().cloned(),
    );
    Some(Arc::new(list.ok()?))
}
