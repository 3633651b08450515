//! Single values from their bytes: the spellings of TABLEDATA and the big-endian forms of BINARY
//! (VOTable 1.5, section 6).

use arrow_array::ArrowPrimitiveType;
use arrow_array::types::{Float32Type, Float64Type, Int16Type, Int32Type, Int64Type, UInt8Type};
use arrow_buffer::ArrowNativeType;

/// A number that a column can hold.
pub(crate) trait Number: ArrowNativeType {
    type Arrow: ArrowPrimitiveType<Native = Self>;
    /// Bytes in BINARY.
    const WIDTH: usize;
    /// The number at the beginning of `bytes` and its length; `None` for any spelling that is not plain.
    fn prefix(bytes: &[u8]) -> Option<(Self, usize)>;
    /// The number that `token`, without white space, spells in any allowed way.
    fn parse(token: &[u8]) -> Option<Self>;
    /// From its first `WIDTH` bytes.
    fn read_be(bytes: &[u8]) -> Self;
    /// Not a number, so that it stands for "no value".
    fn is_nan(self) -> bool;
}

macro_rules! integer {
    ($type:ty, $unsigned:ty, $arrow:ty) => {
        impl Number for $type {
            type Arrow = $arrow;
            const WIDTH: usize = size_of::<$type>();

            #[inline]
            fn prefix(bytes: &[u8]) -> Option<(Self, usize)> {
                let (value, length) = integer_prefix(bytes)?;
                Some((Self::try_from(value).ok()?, length))
            }

            fn parse(token: &[u8]) -> Option<Self> {
                let text = std::str::from_utf8(token).ok()?;
                match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
                    // Hexadecimal spells the bits: 0xFFFF is a short, and it is -1.
                    Some(digits) if !digits.starts_with('+') => {
                        <$unsigned>::from_str_radix(digits, 16).ok().map(|bits| bits as Self)
                    }
                    Some(_) => None,
                    None => text.parse().ok(),
                }
            }

            #[inline]
            fn read_be(bytes: &[u8]) -> Self {
                let mut own = [0; size_of::<$type>()];
                own.copy_from_slice(&bytes[..size_of::<$type>()]);
                Self::from_be_bytes(own)
            }

            #[inline]
            fn is_nan(self) -> bool {
                false
            }
        }
    };
}

integer!(u8, u8, UInt8Type);
integer!(i16, u16, Int16Type);
integer!(i32, u32, Int32Type);
integer!(i64, u64, Int64Type);

macro_rules! float {
    ($type:ty, $arrow:ty) => {
        impl Number for $type {
            type Arrow = $arrow;
            const WIDTH: usize = size_of::<$type>();

            #[inline]
            fn prefix(bytes: &[u8]) -> Option<(Self, usize)> {
                fast_float2::parse_partial(bytes).ok()
            }

            fn parse(token: &[u8]) -> Option<Self> {
                fast_float2::parse(token).ok()
            }

            #[inline]
            fn read_be(bytes: &[u8]) -> Self {
                let mut own = [0; size_of::<$type>()];
                own.copy_from_slice(&bytes[..size_of::<$type>()]);
                Self::from_be_bytes(own)
            }

            #[inline]
            fn is_nan(self) -> bool {
                self.is_nan()
            }
        }
    };
}

float!(f32, Float32Type);
float!(f64, Float64Type);

/// A decimal integer of at most 18 digits, which no 64-bit integer can overflow.
#[inline]
fn integer_prefix(bytes: &[u8]) -> Option<(i64, usize)> {
    let negative = *bytes.first()? == b'-';
    let mut at = usize::from(negative);
    let first = at;
    let mut value = 0_i64;
    while let Some(digit) = bytes.get(at).map(|byte| byte.wrapping_sub(b'0')).filter(|&digit| digit < 10) {
        if at - first == 18 {
            return None;
        }
        value = value * 10 + i64::from(digit);
        at += 1;
    }
    (at > first).then_some((if negative { -value } else { value }, at))
}

/// A truth value from its spelling without white space: outer `None` if it is none, inner for "no value".
#[expect(clippy::option_option, reason = "not a boolean, and a boolean that is no value, are two things")]
pub(crate) fn parse_boolean(token: &[u8]) -> Option<Option<bool>> {
    match token {
        [byte] => boolean_from_byte(*byte),
        _ if token.eq_ignore_ascii_case(b"true") => Some(Some(true)),
        _ if token.eq_ignore_ascii_case(b"false") => Some(Some(false)),
        _ => None,
    }
}

/// A truth value from its byte in BINARY.
#[inline]
#[expect(clippy::option_option, reason = "not a boolean, and a boolean that is no value, are two things")]
pub(crate) fn boolean_from_byte(byte: u8) -> Option<Option<bool>> {
    match byte {
        b'T' | b't' | b'1' => Some(Some(true)),
        b'F' | b'f' | b'0' => Some(Some(false)),
        b'?' | b' ' | 0 => Some(None),
        _ => None,
    }
}

/// White space as XML has it.
#[inline]
pub(crate) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// `bytes` without white space around.
pub(crate) fn trim(bytes: &[u8]) -> &[u8] {
    let Some(first) = bytes.iter().position(|&byte| !is_space(byte)) else { return &[] };
    let last = bytes.iter().rposition(|&byte| !is_space(byte)).unwrap_or(first);
    &bytes[first..=last]
}

/// The beginning of a cell as an error shows it: in quotes, at most 40 characters.
pub(crate) fn excerpt(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(160)]);
    let short: String = text.chars().take(40).collect();
    if short.len() < bytes.len() { format!("{short:?}...") } else { format!("{short:?}") }
}
