//! VOSI documents of several makes of services, and `TAP_SCHEMA` where there are none.

use tap::{Detail, Endpoint, Error, NotATable, SizeLimit, TypeSystem};

use crate::server::Server;

async fn capabilities(document: &'static str) -> tap::Capabilities {
    let server = Server::with_votable(document).await;
    let capabilities = server.client().capabilities().await.unwrap();
    assert_eq!(
        (server.asked()[0].method.as_str(), server.asked()[0].target.as_str()),
        ("GET", "/tap/capabilities")
    );
    capabilities
}

async fn tables(document: &'static str) -> tap::TableSet {
    Server::with_votable(document).await.client().tables(Detail::AsServed).await.unwrap()
}

#[tokio::test]
async fn simbad_capabilities() {
    let got = capabilities(include_str!("../data/simbad-capabilities.xml")).await;
    assert_eq!(got.versions(), ["1.1"]);
    assert!(got.is_anonymous() && got.security_methods().is_empty());
    assert_eq!(got.interfaces[0].endpoint, Endpoint::Base);
    assert_eq!(got.interfaces[0].access_url, "https://simbad.example/simbad/sim-tap");
    let adql = got.adql().unwrap();
    assert_eq!(adql.versions, ["2.0", "2.1"]);
    assert_eq!(adql.features_of("#features-adqlgeo").collect::<Vec<_>>(), ["POINT", "CIRCLE", "DISTANCE"]);
    assert_eq!(adql.features_of("#features-udf").collect::<Vec<_>>(), ["strlen(txt VARCHAR) -> INTEGER"]);
    assert_eq!(adql.features[1].features[0].description.as_deref(), Some("Length of a text"));
    assert_eq!(got.output_formats[1].aliases, ["csv"]);
    assert_eq!(got.upload_methods[0], "ivo://ivoa.net/std/TAPRegExt#upload-inline");
    assert_eq!(got.output_limit.default, Some(SizeLimit::Rows(50_000)));
    assert_eq!(got.output_limit.hard, Some(SizeLimit::Rows(2_000_000)));
    assert_eq!(got.availability_url.as_deref(), Some("https://simbad.example/simbad/sim-tap/availability"));
    assert_eq!(got.tables_url.as_deref(), Some("https://simbad.example/simbad/sim-tap/tables"));
}

#[tokio::test]
async fn cadc_capabilities() {
    let got = capabilities(include_str!("../data/cadc-capabilities.xml")).await;
    assert!(got.is_anonymous());
    assert_eq!(got.security_methods().len(), 4);
    assert!(got.security_methods().contains(&"ivo://ivoa.net/sso#cookie"));
    assert_eq!(got.data_models[0].name, "ObsCore-1.1");
    assert_eq!(got.data_models[0].ivo_id.as_deref(), Some("ivo://ivoa.net/std/ObsCore#core-1.1"));
    assert_eq!(got.output_limit.default, None);
    assert_eq!(got.output_limit.hard, Some(SizeLimit::Bytes(268_435_456)));
    assert_eq!(got.examples_url.as_deref(), Some("https://ws.cadc.example/argus/examples"));
}

#[tokio::test]
async fn gaia_and_dachs_capabilities() {
    let gaia = capabilities(include_str!("../data/gaia-capabilities.xml")).await;
    // No version said is 1.0; the page for people is no interface.
    assert_eq!(gaia.versions(), ["1.0"]);
    assert_eq!(gaia.interfaces.len(), 1);
    assert_eq!(gaia.output_limit.default, Some(SizeLimit::Rows(2000)));
    let dachs = capabilities(include_str!("../data/dachs-capabilities.xml")).await;
    assert_eq!(dachs.versions(), ["1.1"]);
    assert_eq!(dachs.adql().unwrap().features_of("#features-udf").count(), 1);
    assert_eq!(
        dachs.availability_url.as_deref(),
        Some("http://localhost:8080/__system__/tap/run/availability")
    );
}

#[tokio::test]
async fn simbad_tables() {
    let set = tables(include_str!("../data/simbad-tables.xml")).await;
    assert_eq!(set.schemas.len(), 2);
    assert_eq!(set.schemas[0].title.as_deref(), Some("SIMBAD"));
    assert_eq!(
        set.schemas[0].description.as_deref(),
        Some("Tables of the SIMBAD database & its bibliography")
    );
    let basic = set.table("BASIC").unwrap();
    let ra = &basic.columns[0];
    assert_eq!((ra.unit.as_deref(), ra.ucd.as_deref()), (Some("deg"), Some("pos.eq.ra;meta.main")));
    assert!(ra.flags.is_indexed() && ra.flags.is_principal() && !ra.flags.is_std());
    let id = basic.columns[1].datatype.as_ref().unwrap();
    assert_eq!(
        (id.system, id.name.as_str(), id.arraysize.as_deref()),
        (TypeSystem::VOTable, "char", Some("*"))
    );
    assert!(basic.columns[2].flags.is_primary());
    let key = &set.table("ident").unwrap().foreign_keys[0];
    assert_eq!(key.target_table, "basic");
    assert_eq!(key.columns, [("oidref".to_owned(), "oid".to_owned())]);
    assert!(set.table("tap_schema.tables").unwrap().columns[0].flags.is_std());
    assert!(set.table("none").is_none());
}

#[tokio::test]
async fn gaia_tables_of_tap_1_0() {
    let set = tables(include_str!("../data/gaia-tables.xml")).await;
    assert_eq!(set.schemas[0].title, None);
    let table = set.table("gaiadr3.gaia_source").unwrap();
    assert!(table.description.as_ref().unwrap().contains("data release. It contains"));
    assert!(table.columns[0].flags.is_std() && table.columns[1].flags.is_nullable());
    assert_eq!(table.columns[1].unit, None);
    let designation = table.columns[1].datatype.as_ref().unwrap();
    assert_eq!((designation.system, designation.arraysize.as_deref()), (TypeSystem::Tap, Some("64")));
    assert_eq!(table.columns[2].datatype.as_ref().unwrap().xtype.as_deref(), Some("adql:POINT"));
}

#[tokio::test]
async fn vizier_lists_tables_and_tells_columns_one_table_at_a_time() {
    let server = Server::start(|mut conn| async move {
        let body = if conn.asked.target.starts_with("/tap/tables?") {
            include_str!("../data/vizier-tables-min.xml")
        } else {
            include_str!("../data/vizier-table.xml")
        };
        conn.answer("200 OK", "Content-Type: text/xml\r\n", body).await;
    })
    .await;
    let set = server.client().tables(Detail::Min).await.unwrap();
    assert_eq!(server.asked()[0].target, "/tap/tables?detail=min");
    assert_eq!(set.tables().count(), 3);
    assert!(set.tables().all(|t| t.columns.is_empty()));
    let gaia = set.table("I/355/gaiadr3").unwrap();
    assert_eq!(gaia.nrows, Some(1_811_709_771));
    assert_eq!(gaia.description.as_deref(), Some("Gaia DR3 <Part 1>. Main source"));
    let columns = server.client().columns("\"J/A+A/649/A3/table1\"").await.unwrap();
    assert_eq!(server.asked()[1].target, "/tap/tables/%22J%2FA+A%2F649%2FA3%2Ftable1%22");
    assert_eq!((columns[0].name.as_str(), columns[0].unit.as_deref()), ("\"e_Gmag\"", Some("mag")));
    assert_eq!(columns.len(), 2);
}

#[tokio::test]
async fn availability_is_read_from_its_usual_place() {
    let server = Server::with_votable(include_str!("../data/dachs-availability.xml")).await;
    let got = server.client().availability().await.unwrap();
    assert!(got.available);
    assert_eq!(got.up_since.as_deref(), Some("2026-11-01T08:00:00Z"));
    assert_eq!(got.notes, ["One note"]);
}

#[tokio::test]
async fn documents_that_are_something_else_say_so() {
    let page = Server::with_votable("<html><head><title>Login</title></head></html>").await;
    let error = page.client().capabilities().await.unwrap_err();
    assert!(matches!(&error, Error::NotATable { kind: NotATable::WebPage, said, .. } if said == "Login"));
    let other = Server::with_votable("<vosi:availability xmlns:vosi='x'/>").await;
    let error = other.client().capabilities().await.unwrap_err();
    assert!(
        matches!(&error, Error::BadDocument { reason, .. } if reason.contains("<availability>")),
        "{error}"
    );
    let cut = Server::with_votable("<tableset><schema><name>a</name>").await;
    let error = cut.client().tables(Detail::AsServed).await.unwrap_err();
    assert!(
        matches!(&error, Error::BadDocument { reason, .. } if reason.contains("ends in the middle")),
        "{error}"
    );
}

/// A table as VOTable: text columns named so, cells between bars.
fn text_table(names: &[&str], rows: &[&[&str]]) -> String {
    let fields: String =
        names.iter().map(|n| format!("<FIELD name='{n}' datatype='char' arraysize='*'/>")).collect();
    let rows: String = rows
        .iter()
        .map(|r| format!("<TR>{}</TR>", r.iter().map(|c| format!("<TD>{c}</TD>")).collect::<String>()))
        .collect();
    format!(
        "<VOTABLE version='1.3'><RESOURCE type='results'><INFO name='QUERY_STATUS' value='OK'/><TABLE>{fields}\
         <DATA><TABLEDATA>{rows}</TABLEDATA></DATA></TABLE></RESOURCE></VOTABLE>"
    )
}

/// A TAP 1.0 service without VOSI tables.
async fn bare() -> Server {
    Server::start(|mut conn| async move {
        let Some(adql) = conn.asked.param("QUERY") else {
            return conn.answer("404 Not Found", "", "no such page").await;
        };
        let body = match adql.split("TAP_SCHEMA.").nth(1).unwrap_or_default() {
            "schemas" => text_table(&["SCHEMA_NAME", "description"], &[&["s", "The schema"]]),
            "tables" => text_table(
                &["schema_name", "table_name", "table_type", "description"],
                &[
                    &["s", "s.stars", "table", "Stars"],
                    &["s", "s.names", "view", ""],
                    &["u", "u.t", "table", ""],
                ],
            ),
            "keys" => text_table(&["key_id", "from_table", "target_table"], &[&["k", "s.names", "s.stars"]]),
            "key_columns" => text_table(&["key_id", "from_column", "target_column"], &[&["k", "star", "id"]]),
            "columns WHERE table_name = 's.stars'" => text_table(
                &[
                    "table_name",
                    "column_name",
                    "datatype",
                    "size",
                    "unit",
                    "indexed",
                    "principal",
                    "std",
                    "column_index",
                ],
                &[
                    &["s.stars", "name", "VARCHAR", "20", "", "0", "0", "0", "2"],
                    &["s.stars", "ra", "DOUBLE", "", "deg", "1", "1", "0", "1"],
                ],
            ),
            _ => text_table(&["column_name"], &[]),
        };
        conn.votable(body).await;
    })
    .await
}

#[tokio::test]
async fn a_service_without_vosi_tables_is_asked_for_its_tap_schema() {
    let server = bare().await;
    let set = server.client().tables(Detail::Max).await.unwrap();
    assert_eq!(set.schemas.len(), 2);
    assert_eq!(set.schemas[0].description.as_deref(), Some("The schema"));
    assert_eq!(set.table("s.names").unwrap().foreign_keys[0].columns, [("star".to_owned(), "id".to_owned())]);
    assert_eq!(set.table("s.names").unwrap().description, None);
    assert_eq!(set.schemas[1].name, "u");
    assert!(!set.is_cut);
    let columns = server.client().columns("s.stars").await.unwrap();
    assert_eq!(columns.iter().map(|c| c.name.as_str()).collect::<Vec<_>>(), ["ra", "name"]);
    assert_eq!(columns[0].unit.as_deref(), Some("deg"));
    assert!(columns[0].flags.is_indexed() && columns[0].flags.is_principal());
    let datatype = columns[1].datatype.as_ref().unwrap();
    assert_eq!((datatype.system, datatype.arraysize.as_deref()), (TypeSystem::Tap, Some("20")));
}

#[tokio::test]
async fn an_unknown_table_is_named_and_its_name_is_no_adql() {
    let server = bare().await;
    let error = server.client().columns("x' OR '1'='1").await.unwrap_err();
    assert!(matches!(&error, Error::UnknownTable { name } if name == "x' OR '1'='1"), "{error:?}");
    let asked = server.asked().last().unwrap().param("QUERY").unwrap();
    assert!(asked.ends_with("WHERE table_name = 'x'' OR ''1''=''1'"), "{asked}");
    // Names that would be paths of their own are not sent as such.
    for name in ["..", ".", ""] {
        assert!(matches!(server.client().columns(name).await, Err(Error::UnknownTable { .. })));
    }
    assert!(server.asked().iter().all(|a| a.target.starts_with("/tap/")), "{:?}", server.asked());
}

#[tokio::test]
async fn a_list_of_tables_that_the_service_cut_says_so() {
    let server = Server::start(|mut conn| async move {
        if conn.asked.param("QUERY").is_none() {
            return conn.answer("404 Not Found", "", "").await;
        }
        let cut = "<INFO name='QUERY_STATUS' value='OVERFLOW'/></RESOURCE>";
        let body = text_table(&["schema_name", "table_name"], &[&["s", "t"]]).replace("</RESOURCE>", cut);
        conn.votable(body).await;
    })
    .await;
    assert!(server.client().tables(Detail::AsServed).await.unwrap().is_cut);
}
