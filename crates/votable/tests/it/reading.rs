//! Documents as services write them: versions, prefixes, spellings, nulls, several tables, INFOs in order.

use crate::documents::{events, events_of, rows_of, table};
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int16Type, Int32Type, Int64Type, UInt8Type};
use arrow_array::{Array, RecordBatch};
use arrow_schema::DataType;
use votable::{Event, Info, meta};

fn one(fields: &str, rows: &str) -> RecordBatch {
    let events = events(&table(fields, rows));
    let mut batches = rows_of(&events);
    assert_eq!(batches.len(), 1, "{events:?}");
    batches.remove(0)
}

#[test]
fn integers_in_every_spelling() {
    let batch = one(
        r#"<FIELD name="b" datatype="unsignedByte"/><FIELD name="s" datatype="short"/>
           <FIELD name="i" datatype="int"/><FIELD name="l" datatype="long"/>"#,
        "<TR><TD>255</TD><TD>-32768</TD><TD>+7</TD><TD>9223372036854775807</TD></TR>
         <TR><TD> 0x1f\n</TD><TD>0xFFFF</TD><TD>0x10</TD><TD>-9223372036854775808</TD></TR>
         <TR><TD/><TD></TD><TD> </TD><TD>&#32;<!-- none --></TD></TR>",
    );
    assert_eq!(
        batch.column(0).as_primitive::<UInt8Type>().iter().collect::<Vec<_>>(),
        [Some(255), Some(31), None]
    );
    assert_eq!(
        batch.column(1).as_primitive::<Int16Type>().iter().collect::<Vec<_>>(),
        [Some(-32768), Some(-1), None]
    );
    assert_eq!(
        batch.column(2).as_primitive::<Int32Type>().iter().collect::<Vec<_>>(),
        [Some(7), Some(16), None]
    );
    assert_eq!(
        batch.column(3).as_primitive::<Int64Type>().iter().collect::<Vec<_>>(),
        [Some(i64::MAX), Some(i64::MIN), None]
    );
}

#[test]
fn floats_in_every_spelling() {
    let batch = one(
        r#"<FIELD name="d" datatype="double"/>"#,
        "<TR><TD>1.5</TD></TR><TR><TD>-1E-3</TD></TR><TR><TD>+Inf</TD></TR><TR><TD>-Infinity</TD></TR>
         <TR><TD>NaN</TD></TR><TR><TD/></TR><TR><TD> 2 </TD></TR><TR><TD>.5</TD></TR><TR><TD>1e400</TD></TR>",
    );
    let infinity = f64::INFINITY;
    assert_eq!(
        batch.column(0).as_primitive::<Float64Type>().iter().collect::<Vec<_>>(),
        [
            Some(1.5),
            Some(-0.001),
            Some(infinity),
            Some(-infinity),
            None,
            None,
            Some(2.0),
            Some(0.5),
            Some(infinity)
        ]
    );
}

#[test]
fn booleans_in_every_spelling() {
    let cells = ["T", "t", "1", "true", "tRUe", " true ", "F", "f", "0", "FALSE", "?", " ", ""];
    let rows = cells.map(|cell| format!("<TR><TD>{cell}</TD></TR>")).concat();
    let batch = one(r#"<FIELD name="b" datatype="boolean"/>"#, &rows);
    let expected = [[Some(true); 6].as_slice(), &[Some(false); 4], &[None; 3]].concat();
    assert_eq!(batch.column(0).as_boolean().iter().collect::<Vec<_>>(), expected);
}

#[test]
fn declared_nulls_count_everywhere() {
    let batch = one(
        r#"<FIELD name="i" datatype="int"><VALUES null="-99"/></FIELD>
           <FIELD name="d" datatype="double"><VALUES null="-1"/></FIELD>
           <FIELD name="t" datatype="char" arraysize="*"><VALUES null="none"/></FIELD>
           <FIELD name="a" datatype="int" arraysize="*"><VALUES null="0"/></FIELD>
           <FIELD name="o" datatype="int"><VALUES null="NULL"/></FIELD>"#,
        "<TR><TD>-99</TD><TD>-1.0</TD><TD>none</TD><TD>1 0 2</TD><TD>NULL</TD></TR>
         <TR><TD> -99 </TD><TD>1</TD><TD>non</TD><TD></TD><TD>5</TD></TR>",
    );
    assert_eq!(batch.column(0).null_count(), 2);
    assert_eq!(batch.column(1).null_count(), 1);
    assert_eq!(batch.column(2).as_string::<i32>().iter().collect::<Vec<_>>(), [None, Some("non")]);
    let first = batch.column(3).as_list::<i32>().value(0);
    assert_eq!(first.as_primitive::<Int32Type>().iter().collect::<Vec<_>>(), [Some(1), None, Some(2)]);
    assert!(batch.column(3).is_null(1));
    assert_eq!(batch.column(4).as_primitive::<Int32Type>().iter().collect::<Vec<_>>(), [None, Some(5)]);
}

#[test]
fn text_keeps_its_characters() {
    let batch = one(
        r#"<FIELD name="c" datatype="char" arraysize="*"/><FIELD name="u" datatype="unicodeChar" arraysize="*"/>"#,
        "<TR><TD>a &lt;b&gt; &amp; &quot;c&quot; &apos;</TD><TD>&#937;&#x3a9;Ω</TD></TR>
         <TR><TD> space kept </TD><TD><![CDATA[<TD>&amp;</TD>]]></TD></TR>
         <TR><TD>two\r\nlines\rhere</TD><TD>a<!-- </TD> -->b<?pi </TD> ?>c</TD></TR>
         <TR><TD/><TD></TD></TR>",
    );
    let text = |column: usize| batch.column(column).as_string::<i32>().iter().collect::<Vec<_>>();
    assert_eq!(text(0), [Some("a <b> & \"c\" '"), Some(" space kept "), Some("two\nlines\nhere"), None]);
    assert_eq!(text(1), [Some("ΩΩΩ"), Some("<TD>&amp;</TD>"), Some("abc"), None]);
}

#[test]
fn rows_may_be_laid_out_in_any_way() {
    let batch = one(
        r#"<FIELD name="i" datatype="int"/><FIELD name="t" datatype="char" arraysize="*"/>"#,
        "\n<!-- first --><TR ID='a>b'>\n <TD >1</TD >\n <TD encodin='x'>x</TD>\n</TR >\n
         <v:TR xmlns:v='u'><v:TD>2</v:TD><v:TD/></v:TR><?pi?>\n<TR><TD>3</TD><TD>z</TD><!-- end --></TR>",
    );
    assert_eq!(batch.column(0).as_primitive::<Int32Type>().values(), &[1, 2, 3]);
    assert_eq!(batch.column(1).as_string::<i32>().iter().collect::<Vec<_>>(), [Some("x"), None, Some("z")]);
}

#[test]
fn arrays_become_lists() {
    let batch = one(
        r#"<FIELD name="f" datatype="int" arraysize="3"/><FIELD name="v" datatype="double" arraysize="*"/>
           <FIELD name="m" datatype="float" arraysize="3x2x*"/><FIELD name="b" datatype="bit" arraysize="*"/>
           <FIELD name="s" datatype="char" arraysize="4x*"/><FIELD name="z" datatype="doubleComplex"/>
           <FIELD name="zs" datatype="floatComplex" arraysize="2"/><FIELD name="one" datatype="int" arraysize="1"/>"#,
        "<TR><TD>1 2\n3</TD><TD> 1.5 NaN </TD><TD>1 2 3 4 5 6</TD><TD>10 110</TD><TD>ab  cdéfg</TD><TD>1 -2</TD>
         <TD>1 2 NaN NaN</TD><TD>8</TD></TR><TR><TD/><TD/><TD/><TD/><TD/><TD/><TD/><TD/></TR>",
    );
    let types: Vec<String> =
        batch.schema().fields().iter().map(|field| field.data_type().to_string()).collect();
    assert!(matches!(batch.schema().field(0).data_type(), DataType::FixedSizeList(_, 3)), "{types:?}");
    assert!(matches!(batch.schema().field(2).data_type(), DataType::List(_)), "{types:?}");
    assert_eq!(batch.schema().field(7).data_type(), &DataType::Int32);
    for column in batch.columns() {
        assert!(column.is_valid(0) && column.is_null(1), "{column:?}");
    }
    let doubles = batch.column(1).as_list::<i32>().value(0);
    assert_eq!(doubles.as_primitive::<Float64Type>().iter().collect::<Vec<_>>(), [Some(1.5), None]);
    let bits = batch.column(3).as_list::<i32>().value(0);
    assert_eq!(bits.as_boolean().values().iter().collect::<Vec<_>>(), [true, false, true, true, false]);
    let strings = batch.column(4).as_list::<i32>().value(0);
    assert_eq!(strings.as_string::<i32>().iter().flatten().collect::<Vec<_>>(), ["ab", "cdéf", "g"]);
    let complex = batch.column(6).as_fixed_size_list().value(0);
    assert!(complex.is_valid(0) && complex.is_null(1));
}

#[test]
fn infos_come_in_document_order() {
    let document = r#"<?xml version="1.0"?><VOTABLE version="1.3"><DESCRIPTION>all</DESCRIPTION>
        <INFO name="first" value="1"/><RESOURCE type="results" name="r"><INFO name="QUERY_STATUS" value="OK">fine
        </INFO><TABLE><INFO name="in" value="2"/><FIELD name="a" datatype="int"/><DATA><TABLEDATA><TR><TD>1</TD></TR>
        </TABLEDATA></DATA><INFO name="after" value="3"/></TABLE><INFO name="QUERY_STATUS" value="OVERFLOW"/>
        </RESOURCE></VOTABLE>"#;
    let names: Vec<String> = events(document)
        .into_iter()
        .map(|event| match event {
            Event::Start { version } => format!("start {}", version.unwrap_or_default()),
            Event::ResourceStart(resource) => format!("resource {}", resource.name.unwrap_or_default()),
            Event::Info(Info { name, value, content, .. }) => format!("{name}={value} {content}"),
            Event::TableStart(_) => "table".into(),
            Event::Batch(rows) => format!("{} rows", rows.num_rows()),
            Event::TableEnd { rows } => format!("table end {rows}"),
            Event::Description(text) => format!("description {text}"),
            other => format!("{other:?}"),
        })
        .collect();
    assert_eq!(
        names,
        [
            "start 1.3",
            "description all",
            "first=1 ",
            "resource r",
            "QUERY_STATUS=OK fine",
            "table",
            "in=2 ",
            "1 rows",
            "after=3 ",
            "table end 1",
            "QUERY_STATUS=OVERFLOW ",
            "ResourceEnd"
        ]
    );
}

#[test]
fn several_tables_and_resources_nest() {
    let document = r#"<v:VOTABLE xmlns:v="http://www.ivoa.net/xml/VOTable/v1.2" version="1.2"><v:RESOURCE>
        <v:COOSYS ID="J2000"/><v:GROUP><v:PARAM name="hidden" datatype="int" value="1"/></v:GROUP>
        <v:PARAM name="p" datatype="double" value="2.5" unit="s"/>
        <v:TABLE name="a" nrows="2"><v:FIELD name="x" datatype="int"/><v:LINK href="http://example.org/"/>
          <v:PARAM name="q" datatype="int" value="7"/><v:GROUP><v:FIELDref ref="x"/></v:GROUP>
          <v:DATA><v:TABLEDATA><v:TR><v:TD>1</v:TD></v:TR><v:TR><v:TD>2</v:TD></v:TR></v:TABLEDATA></v:DATA></v:TABLE>
        <v:RESOURCE><v:TABLE name="empty"><v:FIELD name="y" datatype="int"/><v:DATA><v:TABLEDATA/></v:DATA></v:TABLE>
        <v:TABLE name="no data"><v:FIELD ID="id_only" datatype="char"/><v:FIELD datatype="char"/></v:TABLE></v:RESOURCE>
        </v:RESOURCE></v:VOTABLE>"#;
    let mut tables = Vec::new();
    let mut ends = Vec::new();
    let mut params = Vec::new();
    for event in events(document) {
        match event {
            Event::TableStart(table) => tables.push(table),
            Event::TableEnd { rows } => ends.push(rows),
            Event::Param(param) => params.push(param),
            _ => {}
        }
    }
    assert_eq!(ends, [2, 0, 0]);
    assert_eq!(tables[0].nrows, Some(2));
    assert_eq!(tables[0].params[0].value, "7");
    assert_eq!(params.len(), 1);
    assert_eq!(params[0].field.unit.as_deref(), Some("s"));
    let names: Vec<&str> = tables[2].fields.iter().map(|field| field.name.as_str()).collect();
    assert_eq!(names, ["id_only", "col2"]);
}

#[test]
fn metadata_stands_in_the_schema() {
    let fields = r#"<FIELD ID="c1" name="ra" datatype="double" unit="deg" ucd="pos.eq.ra" utype="u" xtype="x" width="9"
        precision="F6" ref="sys"><DESCRIPTION> Right
        ascension </DESCRIPTION><VALUES null="-1"><MIN value="0"/><MAX value="360"/><OPTION value="3"/></VALUES>
        <LINK href="h"/></FIELD>"#;
    let events = events(&table(fields, ""));
    let Some(Event::TableStart(table)) = events.iter().find(|event| matches!(event, Event::TableStart(_)))
    else {
        panic!("no table in {events:?}")
    };
    let metadata = table.schema.field(0).metadata();
    let expected = [
        (meta::ID, "c1"),
        (meta::UNIT, "deg"),
        (meta::UCD, "pos.eq.ra"),
        (meta::UTYPE, "u"),
        (meta::XTYPE, "x"),
        (meta::WIDTH, "9"),
        (meta::PRECISION, "F6"),
        (meta::REF, "sys"),
        (meta::DESCRIPTION, "Right\n        ascension"),
        (meta::NULL, "-1"),
        (meta::MIN, "0"),
        (meta::MAX, "360"),
        (meta::DATATYPE, "double"),
    ];
    for (key, value) in expected {
        assert_eq!(metadata.get(key).map(String::as_str), Some(value), "{key}");
    }
    assert_eq!(metadata.len(), expected.len());
}

#[test]
fn latin1_is_read_where_it_is_declared() {
    let mut document = b"<?xml version='1.0' encoding='ISO-8859-1'?>".to_vec();
    let rest =
        table(r#"<FIELD name="caf@" datatype="char" arraysize="*"/>"#, "<TR><TD>@ngstr@m</TD></TR><TR><TD>x");
    document.extend(rest.bytes().map(|byte| if byte == b'@' { 0xE9 } else { byte }));
    let (events, error) = events_of(&document[..document.len() - 50], usize::MAX);
    let batch = rows_of(&events).remove(0);
    assert_eq!(batch.schema().field(0).name(), "café");
    assert_eq!(batch.column(0).as_string::<i32>().value(0), "éngstrém");
    // Offsets are those of the bytes that came in.
    assert_eq!(error.map(|error| error.offset), Some(document.len() as u64 - 50));
}

#[test]
fn base64_may_be_broken_into_lines_anywhere() {
    let stream = "AAAAAQ\n  AA\tAA\r\nI";
    for padding in ["", "="] {
        let document = format!(
            "<VOTABLE><RESOURCE><TABLE><FIELD name='i' datatype='int'/><DATA><BINARY><STREAM encoding='base64'>\n\
             {stream}{padding}\n</STREAM></BINARY></DATA></TABLE></RESOURCE></VOTABLE>"
        );
        let batch = rows_of(&events(&document)).remove(0);
        assert_eq!(batch.column(0).as_primitive::<Int32Type>().values(), &[1, 2]);
    }
}
