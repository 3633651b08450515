//! Random results, and the plainest possible answers to what may be asked of them.

use app::features::queries::filter::{Comparison, Condition};
use datafusion::arrow::array::{
    ArrayRef, BooleanArray, Float32Array, Float64Array, Int8Array, Int16Array, Int32Array, Int64Array,
    LargeStringArray, ListArray, RecordBatch, StringArray, StringViewArray, UInt8Array, UInt16Array,
    UInt32Array, UInt64Array,
};
use datafusion::arrow::datatypes::{Field, Int64Type, Schema};
use std::cmp::Ordering;
use std::sync::Arc;

/// A generator that gives the same numbers for the same seed (PCG-like; good enough to mix cases).
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// Below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }

    pub fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

/// A value; none is `Option`'s.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Truth(bool),
    Signed(i64),
    Unsigned(u64),
    Single(f32),
    Double(f64),
    Text(String),
    List(Vec<i64>),
}

/// How a column of values is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Boolean,
    I8,
    I16,
    I32,
    I64,
    U8,
    U16,
    U32,
    U64,
    F32,
    F64,
    Utf8,
    LargeUtf8,
    Utf8View,
    List,
}

pub const KINDS: [Kind; 15] = [
    Kind::Boolean,
    Kind::I8,
    Kind::I16,
    Kind::I32,
    Kind::I64,
    Kind::U8,
    Kind::U16,
    Kind::U32,
    Kind::U64,
    Kind::F32,
    Kind::F64,
    Kind::Utf8,
    Kind::LargeUtf8,
    Kind::Utf8View,
    Kind::List,
];

impl Kind {
    pub fn is_numeric(self) -> bool {
        !matches!(self, Self::Boolean | Self::Utf8 | Self::LargeUtf8 | Self::Utf8View | Self::List)
    }

    /// A value with many ties, both ends of the range, and what is special of the kind.
    fn value(self, dice: &mut Dice) -> Value {
        let small = dice.below(20) as i64 - 10;
        let special = dice.one_in(6);
        let signed = |dice: &mut Dice, low: i64, high: i64| {
            Value::Signed(if special { *dice.pick(&[low, low + 1, high - 1, high]) } else { small })
        };
        let unsigned = |dice: &mut Dice, high: u64| {
            Value::Unsigned(if special {
                *dice.pick(&[0, high / 2 + 1, high - 1, high])
            } else {
                small.unsigned_abs()
            })
        };
        match self {
            Self::Boolean => Value::Truth(dice.one_in(2)),
            Self::I8 => signed(dice, i8::MIN.into(), i8::MAX.into()),
            Self::I16 => signed(dice, i16::MIN.into(), i16::MAX.into()),
            Self::I32 => signed(dice, i32::MIN.into(), i32::MAX.into()),
            Self::I64 => signed(dice, i64::MIN, i64::MAX),
            Self::U8 => unsigned(dice, u8::MAX.into()),
            Self::U16 => unsigned(dice, u16::MAX.into()),
            Self::U32 => unsigned(dice, u32::MAX.into()),
            Self::U64 => unsigned(dice, u64::MAX),
            Self::F32 if special => Value::Single(*dice.pick(&[
                f32::NAN,
                f32::INFINITY,
                f32::NEG_INFINITY,
                -0.0,
                f32::MAX,
                1e-40,
                0.1,
            ])),
            Self::F32 => Value::Single(small as f32 / 4.0),
            Self::F64 if special => Value::Double(*dice.pick(&[
                f64::NAN,
                f64::INFINITY,
                f64::NEG_INFINITY,
                -0.0,
                f64::MAX,
                f64::MIN_POSITIVE,
                0.1 + 0.2,
                1e23,
            ])),
            Self::F64 => Value::Double(small as f64 / 4.0),
            Self::Utf8 | Self::LargeUtf8 | Self::Utf8View => Value::Text(text(dice)),
            Self::List => Value::List((0..dice.below(4)).map(|_| dice.below(5) as i64).collect()),
        }
    }
}

/// Texts that begin alike beyond eight bytes, end inside them, are empty, or have letters of several bytes.
fn text(dice: &mut Dice) -> String {
    let start = *dice.pick(&["", "NGC 0000", "NGC 0000", "NGC 000", "Ä", "é", "\u{1F31F}", "zz"]);
    let end = *dice.pick(&["", "", "1", "2", "10", " a", " B", "ß", "\u{0}"]);
    format!("{start}{end}")
}

/// A table as values, column by column.
pub struct Model {
    pub names: Vec<String>,
    pub kinds: Vec<Kind>,
    pub columns: Vec<Vec<Option<Value>>>,
    pub rows: usize,
}

impl Model {
    pub fn random(dice: &mut Dice, rows: usize) -> Self {
        let mut kinds = KINDS.to_vec();
        kinds.extend((0..3).map(|_| *dice.pick(&KINDS)));
        let names = (0..kinds.len()).map(|place| format!("c{place} {:?}", kinds[place])).collect();
        let column = |kind: &Kind, dice: &mut Dice| {
            let missing = *dice.pick(&[2, 5, 1_000_000]);
            (0..rows).map(|_| (!dice.one_in(missing)).then(|| kind.value(dice))).collect()
        };
        let columns = kinds.iter().map(|kind| column(kind, dice)).collect();
        Self { names, kinds, columns, rows }
    }

    pub fn batch(&self) -> RecordBatch {
        let arrays: Vec<ArrayRef> =
            self.kinds.iter().zip(&self.columns).map(|(kind, c)| array(*kind, c)).collect();
        let field = |(name, array): (&String, &ArrayRef)| Field::new(name, array.data_type().clone(), true);
        let fields: Vec<Field> = self.names.iter().zip(&arrays).map(field).collect();
        RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).unwrap()
    }

    pub fn value(&self, row: usize, column: usize) -> Option<&Value> {
        let value = self.columns[column][row].as_ref()?;
        match value {
            Value::Single(v) if v.is_nan() => None,
            Value::Double(v) if v.is_nan() => None,
            value => Some(value),
        }
    }

    /// The value as a number, where it is one.
    pub fn number(&self, row: usize, column: usize) -> Option<f64> {
        match self.value(row, column)? {
            Value::Signed(v) => Some(*v as f64),
            Value::Unsigned(v) => Some(*v as f64),
            Value::Single(v) => Some((*v).into()),
            Value::Double(v) => Some(*v),
            _ => None,
        }
    }

    /// The value as text, for comparing and for finding.
    pub fn text(&self, row: usize, column: usize) -> Option<String> {
        Some(match self.value(row, column)? {
            Value::Truth(v) => v.to_string(),
            Value::Signed(v) => v.to_string(),
            Value::Unsigned(v) => v.to_string(),
            Value::Single(v) => v.to_string(),
            Value::Double(v) => v.to_string(),
            Value::Text(v) => v.clone(),
            Value::List(v) => {
                format!("[{}]", v.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))
            }
        })
    }

    /// Whether a shown cell is this value: numbers read back the same, bit for bit.
    pub fn shows(&self, row: usize, column: usize, cell: Option<&str>) -> bool {
        match (self.value(row, column), cell) {
            (None, None) => true,
            (Some(Value::Single(v)), Some(cell)) => {
                cell.parse::<f32>().is_ok_and(|read| read.to_bits() == v.to_bits())
            }
            (Some(Value::Double(v)), Some(cell)) => {
                cell.parse::<f64>().is_ok_and(|read| read.to_bits() == v.to_bits())
            }
            (Some(_), Some(cell)) => self.text(row, column).is_some_and(|text| text == cell),
            _ => false,
        }
    }

    pub fn passes(&self, row: usize, column: usize, condition: &Condition) -> bool {
        let number = self.number(row, column);
        let text = self.text(row, column);
        let is_text = !self.kinds[column].is_numeric();
        let absent = text.as_ref().is_none_or(|text| is_text && text.is_empty());
        match condition {
            Condition::Missing => absent,
            Condition::Present => !absent,
            Condition::Compare(how, n) => number.is_some_and(|v| match how {
                Comparison::Less => v < *n,
                Comparison::AtMost => v <= *n,
                Comparison::Equal => v.partial_cmp(n) == Some(Ordering::Equal),
                Comparison::NotEqual => v.partial_cmp(n) != Some(Ordering::Equal),
                Comparison::AtLeast => v >= *n,
                Comparison::Greater => v > *n,
            }),
            Condition::Between(low, high) => number.is_some_and(|v| v >= *low && v <= *high),
            Condition::Contains(part) => {
                text.is_some_and(|t| t.to_lowercase().contains(&part.to_lowercase()))
            }
            Condition::Is(whole) => text.is_some_and(|t| t == *whole),
            Condition::IsNot(whole) => text.is_some_and(|t| t != *whole),
        }
    }

    /// The order of two rows by a column: missing and empty last either way, ties in the order of rows.
    pub fn order(&self, a: usize, b: usize, column: usize, descending: bool) -> Ordering {
        let present = |row| self.value(row, column).filter(|value| **value != Value::Text(String::new()));
        let order = match (present(a), present(b)) {
            (None, None) => Ordering::Equal,
            (None, Some(_)) => return Ordering::Greater,
            (Some(_), None) => return Ordering::Less,
            (Some(Value::Truth(x)), Some(Value::Truth(y))) => x.cmp(y),
            (Some(Value::Signed(x)), Some(Value::Signed(y))) => x.cmp(y),
            (Some(Value::Unsigned(x)), Some(Value::Unsigned(y))) => x.cmp(y),
            (Some(Value::Single(x)), Some(Value::Single(y))) => x.partial_cmp(y).unwrap(),
            (Some(Value::Double(x)), Some(Value::Double(y))) => x.partial_cmp(y).unwrap(),
            _ => self.text(a, column).cmp(&self.text(b, column)),
        };
        (if descending { order.reverse() } else { order }).then(a.cmp(&b))
    }
}

fn array(kind: Kind, values: &[Option<Value>]) -> ArrayRef {
    macro_rules! of {
        ($array:ty, $variant:ident, $map:expr) => {
            Arc::new(
                values
                    .iter()
                    .map(|value| match value {
                        Some(Value::$variant(v)) => Some($map(v)),
                        _ => None,
                    })
                    .collect::<$array>(),
            )
        };
    }
    match kind {
        Kind::Boolean => of!(BooleanArray, Truth, |v: &bool| *v),
        Kind::I8 => of!(Int8Array, Signed, |v: &i64| *v as i8),
        Kind::I16 => of!(Int16Array, Signed, |v: &i64| *v as i16),
        Kind::I32 => of!(Int32Array, Signed, |v: &i64| *v as i32),
        Kind::I64 => of!(Int64Array, Signed, |v: &i64| *v),
        Kind::U8 => of!(UInt8Array, Unsigned, |v: &u64| *v as u8),
        Kind::U16 => of!(UInt16Array, Unsigned, |v: &u64| *v as u16),
        Kind::U32 => of!(UInt32Array, Unsigned, |v: &u64| *v as u32),
        Kind::U64 => of!(UInt64Array, Unsigned, |v: &u64| *v),
        Kind::F32 => of!(Float32Array, Single, |v: &f32| *v),
        Kind::F64 => of!(Float64Array, Double, |v: &f64| *v),
        Kind::Utf8 => of!(StringArray, Text, |v: &String| v.clone()),
        Kind::LargeUtf8 => of!(LargeStringArray, Text, |v: &String| v.clone()),
        Kind::Utf8View => of!(StringViewArray, Text, |v: &String| v.clone()),
        Kind::List => {
            let lists = values.iter().map(|value| match value {
                Some(Value::List(items)) => Some(items.iter().map(|i| Some(*i)).collect::<Vec<_>>()),
                _ => None,
            });
            Arc::new(ListArray::from_iter_primitive::<Int64Type, _, _>(lists))
        }
    }
}
