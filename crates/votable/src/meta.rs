//! Keys under which VOTable metadata stands in Arrow field and schema metadata. The reader writes them, the
//! writer reads them: a round trip keeps everything. Each holds the attribute's or element's text as it was.

/// FIELD `ID`.
pub const ID: &str = "votable:id";
/// FIELD `unit` (the standard `VOUnits`), such as `deg` or `km/s`.
pub const UNIT: &str = "votable:unit";
/// FIELD `ucd` (UCD1+), such as `pos.eq.ra;meta.main`.
pub const UCD: &str = "votable:ucd";
/// FIELD `utype`, a pointer into a data model.
pub const UTYPE: &str = "votable:utype";
/// FIELD `xtype` (DALI section 3), such as `timestamp` or `point`.
pub const XTYPE: &str = "votable:xtype";
/// FIELD `datatype`, such as `double` or `unicodeChar`.
pub const DATATYPE: &str = "votable:datatype";
/// FIELD `arraysize`, such as `3`, `10*` or `3x2x*`. Absent for a single value.
pub const ARRAYSIZE: &str = "votable:arraysize";
/// FIELD `width`, in characters, a hint for display.
pub const WIDTH: &str = "votable:width";
/// FIELD `precision`, such as `F6` or `E3`, a hint for display.
pub const PRECISION: &str = "votable:precision";
/// FIELD `ref`, the ID of a COOSYS, TIMESYS or GROUP.
pub const REF: &str = "votable:ref";
/// FIELD's DESCRIPTION; on a schema, the TABLE's.
pub const DESCRIPTION: &str = "votable:description";
/// VALUES `null`: the value that stands for "no value".
pub const NULL: &str = "votable:null";
/// VALUES' MIN `value`.
pub const MIN: &str = "votable:min";
/// VALUES' MAX `value`.
pub const MAX: &str = "votable:max";
/// On a schema: TABLE `ID`.
pub const TABLE_ID: &str = "votable:table.id";
/// On a schema: TABLE `name`.
pub const TABLE_NAME: &str = "votable:table.name";
/// On a schema: TABLE `ucd`.
pub const TABLE_UCD: &str = "votable:table.ucd";
/// On a schema: TABLE `utype`.
pub const TABLE_UTYPE: &str = "votable:table.utype";
