//! Names and kinds.

use super::{column_name, kind, table_name};
use app::features::archives::model::ColumnKind;
use tap::{DataType, TypeSystem};

#[test]
fn names_are_as_queries_write_them() {
    for (schema, told, name) in [
        ("public", "public.basic", "public.basic"),
        ("viz1", "viz1.I/239/hip_main", "viz1.\"I/239/hip_main\""),
        ("viz1", "\"I/239/hip_main\"", "\"I/239/hip_main\""),
        ("", "J/A+A/608/A2", "\"J/A+A/608/A2\""),
        ("TAP_SCHEMA", "TAP_SCHEMA.tables", "TAP_SCHEMA.tables"),
    ] {
        assert_eq!(table_name(schema, told), name);
    }
    for (told, name) in [("ra", "ra"), ("B-V", "\"B-V\""), ("size", "\"size\""), ("\"size\"", "\"size\"")] {
        assert_eq!(column_name(told), name);
    }
}

#[test]
fn kinds_follow_types_and_shapes() {
    let of = |name: &str, size: Option<&str>, xtype: Option<&str>| {
        kind(&DataType {
            system: TypeSystem::Other,
            name: name.into(),
            arraysize: size.map(Into::into),
            xtype: xtype.map(Into::into),
        })
    };
    assert_eq!(of("double", None, None), ColumnKind::Number);
    assert_eq!(of("double", Some("1"), None), ColumnKind::Number);
    assert_eq!(of("double", Some("2"), Some("point")), ColumnKind::Other);
    assert_eq!(of("double", Some("*"), None), ColumnKind::Other);
    assert_eq!(of("char", Some("*"), None), ColumnKind::Text);
    assert_eq!(of("char", Some("*"), Some("timestamp")), ColumnKind::Text);
    assert_eq!(of("char", Some("*"), Some("adql:REGION")), ColumnKind::Other);
    assert_eq!(of("char", Some("8x*"), None), ColumnKind::Other);
    assert_eq!(of("VARCHAR", Some("20"), None), ColumnKind::Text);
    assert_eq!(of("adql:BIGINT", None, None), ColumnKind::Integer);
    assert_eq!(of("long", None, None), ColumnKind::Integer);
    assert_eq!(of("boolean", None, None), ColumnKind::Boolean);
    assert_eq!(of("POINT", None, None), ColumnKind::Other);
}
