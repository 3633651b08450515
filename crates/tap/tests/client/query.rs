//! What a good answer looks like, and how it ends.

use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use futures::TryStreamExt;
use tap::{Completion, Error};
use tokio_util::sync::CancellationToken;

use crate::server::{OK, OVERFLOW, Server, ask, drain, head, refused, rows_from, tail, votable};

#[tokio::test]
async fn rows_columns_and_outcome_arrive() {
    let server = Server::with_votable(votable(OK, 3, "")).await;
    let answer = server.client().query("SELECT id, name FROM t", Some(10), CancellationToken::new()).await;
    let mut answer = answer.unwrap();
    assert_eq!(answer.table().fields[0].ucd.as_deref(), Some("meta.id"));
    assert_eq!(answer.schema().field(1).name(), "name");
    assert!(answer.outcome().is_none());
    let batch = answer.next_batch().await.unwrap().unwrap();
    assert_eq!(batch.column(0).as_primitive::<Int64Type>().values(), &[0, 1, 2]);
    assert!(answer.next_batch().await.unwrap().is_none());
    let outcome = answer.outcome().unwrap();
    assert_eq!((outcome.completion, outcome.rows), (Completion::Complete, 3));
    assert_eq!(outcome.infos.len(), 1);
    assert_eq!(outcome.bytes, votable(OK, 3, "").len() as u64);
    // The stream stays ended.
    assert!(answer.next_batch().await.unwrap().is_none());
}

#[tokio::test]
async fn it_is_a_stream() {
    let server = Server::with_votable(votable(OK, 20_000, "")).await;
    let mut answer = server.client().query("SELECT 1", None, CancellationToken::new()).await.unwrap();
    let mut batches = 0;
    while let Some(batch) = answer.try_next().await.unwrap() {
        assert_eq!(batch.schema(), answer.schema());
        batches += 1;
    }
    assert!(batches > 1);
    assert_eq!(answer.rows(), 20_000);
}

#[tokio::test]
async fn old_services_get_what_they_require() {
    let server = Server::with_votable(votable(OK, 0, "")).await;
    let adql = "SELECT * FROM t WHERE n LIKE '%é&=+'";
    let answer = server.client().query(adql, Some(7), CancellationToken::new()).await.unwrap();
    drop(answer);
    let asked = &server.asked()[0];
    assert_eq!((asked.method.as_str(), asked.target.as_str()), ("POST", "/tap/sync"));
    assert_eq!(asked.param("REQUEST").as_deref(), Some("doQuery"));
    assert_eq!(asked.param("LANG").as_deref(), Some("ADQL"));
    assert_eq!(asked.param("QUERY").as_deref(), Some(adql));
    assert_eq!(asked.param("MAXREC").as_deref(), Some("7"));
}

#[tokio::test]
async fn an_empty_table_is_an_answer() {
    let server = Server::with_votable(votable(OK, 0, "")).await;
    let (rows, answer, error) = ask(&server.client()).await.unwrap();
    assert!(rows == 0 && error.is_none());
    assert_eq!(answer.outcome().unwrap().completion, Completion::Complete);
}

#[tokio::test]
async fn overflow_is_told_wherever_it_stands() {
    let in_table = votable(OK, 2, "").replace("</TABLE>", &format!("{OVERFLOW}</TABLE>"));
    for body in [votable(OK, 2, OVERFLOW), votable(OVERFLOW, 2, ""), in_table] {
        let server = Server::with_votable(body).await;
        let (rows, answer, error) = ask(&server.client()).await.unwrap();
        assert!(rows == 2 && error.is_none(), "{error:?}");
        assert_eq!(answer.outcome().unwrap().completion, Completion::Overflow);
    }
}

#[tokio::test]
async fn a_trailing_error_turns_ok_into_an_error_after_the_rows() {
    let body = votable(OK, 5, "<INFO name='QUERY_STATUS' value='ERROR'>Disk\nfull</INFO>");
    let server = Server::with_votable(body).await;
    let (rows, answer, error) = ask(&server.client()).await.unwrap();
    assert_eq!(rows, 5);
    assert!(answer.outcome().is_none());
    let error = error.unwrap();
    assert_eq!(error.to_string(), "the archive failed after 5 rows: “Disk full”");
    assert!(matches!(error, Error::Rejected { rows: 5, .. }));
}

#[tokio::test]
async fn of_several_tables_the_first_results_table_is_the_answer() {
    let meta = "<RESOURCE type='meta'><TABLE><FIELD name='m' datatype='int'/><DATA><TABLEDATA>\
                <TR><TD>1</TD></TR></TABLEDATA></DATA></TABLE></RESOURCE>";
    let second = "<TABLE><FIELD name='s' datatype='int'/><DATA><TABLEDATA><TR><TD>1</TD></TR></TABLEDATA></DATA></TABLE>";
    let body = votable(OK, 4, &format!("{second}{OVERFLOW}"));
    let body = body.replace("<RESOURCE type='results'>", &format!("{meta}<RESOURCE type='results'>"));
    let server = Server::with_votable(body).await;
    let (rows, answer, error) = ask(&server.client()).await.unwrap();
    assert!(rows == 4 && error.is_none(), "{error:?}");
    assert_eq!(answer.schema().field(0).name(), "id");
    assert_eq!(answer.outcome().unwrap().completion, Completion::Overflow);
}

#[tokio::test]
async fn an_answer_without_a_table_is_said_to_be_one() {
    let body = format!("<VOTABLE version='1.3'><RESOURCE type='results'>{OK}</RESOURCE></VOTABLE>");
    let server = Server::with_votable(body).await;
    assert!(matches!(refused(&server.client()).await, Error::NoTable { .. }));
}

#[tokio::test]
async fn chunks_may_fall_anywhere() {
    let server = Server::start(|mut conn| async move {
        conn.chunked_head().await;
        for c in votable(OK, 3, OVERFLOW).chars() {
            conn.chunk(&c.to_string()).await;
        }
        conn.last_chunk().await;
    })
    .await;
    let (rows, answer, error) = ask(&server.client()).await.unwrap();
    assert!(rows == 3 && error.is_none(), "{error:?}");
    assert_eq!(answer.outcome().unwrap().completion, Completion::Overflow);
}

#[tokio::test]
async fn the_content_type_is_not_believed() {
    for kind in ["Content-Type: text/html\r\n", "Content-Type: text/plain\r\n", ""] {
        let server = Server::with_answer("200 OK", kind, votable(OK, 3, "")).await;
        let (rows, _, error) = ask(&server.client()).await.unwrap();
        assert!(rows == 3 && error.is_none(), "{error:?}");
    }
}

#[tokio::test]
async fn malformed_rows_end_the_answer_but_not_the_rows_before() {
    let body = format!("{}{}<TR><TD>x</TD><TD>y</TD></TR>{}", head(OK), rows_from(0, 3), tail(""));
    let server = Server::with_votable(body).await;
    let mut answer = server.client().query("SELECT 1", None, CancellationToken::new()).await.unwrap();
    let (rows, error) = drain(&mut answer).await;
    assert_eq!(rows, 3);
    assert!(matches!(error, Some(Error::Malformed { rows: 3, .. })), "{error:?}");
    assert!(answer.outcome().is_none());
}

#[tokio::test]
async fn base_addresses_may_have_a_slash_or_a_query() {
    let server = Server::with_votable(votable(OK, 0, "")).await;
    for (end, target) in
        [("/", "/tap/sync"), ("?key=a%20b", "/tap/sync?key=a%20b"), ("/?k=1#f", "/tap/sync?k=1")]
    {
        let url = url::Url::parse(&format!("{}{end}", server.url())).unwrap();
        let http = tap::Http::new().unwrap();
        let client = tap::Client::new(url, http, crate::server::quick()).unwrap();
        ask(&client).await.unwrap();
        assert_eq!(server.asked().last().unwrap().target, target);
    }
}
