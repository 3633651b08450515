//! Every way in which archives say no.

use std::time::Duration;

use tap::{Error, NotATable, SecretToken};

use crate::server::{OK, Server, quick, refused, votable};

const XML: &str = "Content-Type: application/x-votable+xml\r\n";

fn error_document(message: &str) -> String {
    format!(
        "<?xml version='1.0'?><vot:VOTABLE xmlns:vot='http://www.ivoa.net/xml/VOTable/v1.3' version='1.4'>\
         <vot:RESOURCE type='results'><vot:INFO name='QUERY_STATUS' value='ERROR'>{message}</vot:INFO>\
         </vot:RESOURCE></vot:VOTABLE>"
    )
}

#[tokio::test]
async fn an_error_votable_is_a_refusal_whatever_the_status() {
    for status in ["200 OK", "400 Bad Request", "404 Not Found", "500 Internal Server Error"] {
        let body = error_document("Column \u{202e}&quot;foo&quot;\n\tdoes not &lt;exist&gt;");
        let server = Server::with_answer(status, XML, body).await;
        let error = refused(&server.client()).await;
        let Error::Rejected { message, rows: 0 } = &error else { panic!("{status}: {error:?}") };
        assert_eq!(message, "Column \"foo\" does not <exist>");
        assert!(error.to_string().contains(message.as_str()));
    }
}

#[tokio::test]
async fn a_long_reason_is_cut() {
    let mut options = quick();
    options.limits.max_message_chars = 10;
    for status in ["200 OK", "400 Bad Request"] {
        let server = Server::with_answer(status, XML, error_document(&"long ".repeat(1000))).await;
        let error = refused(&server.client_with(options.clone())).await;
        assert!(matches!(&error, Error::Rejected { message, .. } if message == "long long…"), "{error:?}");
    }
}

#[tokio::test]
async fn a_refusal_in_text_is_read() {
    let server =
        Server::with_answer("400 Bad Request", "Content-Type: text/plain\r\n", "No such table: \u{7}x\n")
            .await;
    let error = refused(&server.client()).await;
    assert!(matches!(&error, Error::Rejected { message, .. } if message == "No such table: x"), "{error:?}");
}

#[tokio::test]
async fn a_server_error_in_text_is_told_with_its_status() {
    let server = Server::with_answer("502 Bad Gateway", "", "upstream is gone").await;
    let error = refused(&server.client()).await;
    assert!(matches!(&error, Error::Status { status: 502, said: Some(s), .. } if s == "upstream is gone"));
}

#[tokio::test]
async fn a_web_page_is_called_a_web_page() {
    let page = "<!DOCTYPE html><html><head><title>Scheduled\nmaintenance</title></head><body>x</body></html>";
    for (status, number) in [("200 OK", 200), ("500 Oops", 500), ("400 Bad", 400)] {
        let server = Server::with_answer(status, "Content-Type: text/html\r\n", page).await;
        let error = refused(&server.client()).await;
        assert!(
            matches!(&error, Error::NotATable { kind: NotATable::WebPage, status, said, .. }
                if *status == number && said == "Scheduled maintenance"),
            "{error:?}"
        );
        let text = error.to_string();
        assert!(text.starts_with("the archive answered with a web page, not a table"), "{text}");
    }
}

#[tokio::test]
async fn json_and_text_and_other_xml_are_named() {
    for (body, wanted) in [
        ("{\"error\":\"no\"}", NotATable::Json),
        ("id,name\n1,a\n", NotATable::Text),
        ("<?xml version='1.0'?><ServiceExceptionReport>no</ServiceExceptionReport>", NotATable::Xml),
    ] {
        let server = Server::with_answer("200 OK", "", body).await;
        let error = refused(&server.client()).await;
        assert!(matches!(&error, Error::NotATable { kind, .. } if *kind == wanted), "{error:?}");
    }
}

#[tokio::test]
async fn nothing_is_called_nothing() {
    for body in ["", " \n\n "] {
        let server = Server::with_answer("200 OK", XML, body).await;
        assert!(matches!(refused(&server.client()).await, Error::Empty { .. }));
    }
}

#[tokio::test]
async fn sign_in_comes_with_the_ways_to_do_it() {
    let headers = "WWW-Authenticate: ivoa_bearer standard_id=\"ivo://ivoa.net/sso#tls-with-password\", \
                   access_url=\"https://login.example/token\"\r\nWWW-Authenticate: Bearer realm=\"x\"\r\n";
    let server = Server::with_answer("401 Unauthorized", headers, error_document("anonymous? no")).await;
    let client = server.client().with_token(SecretToken::new("t0p-s3cret").unwrap());
    let error = refused(&client).await;
    let Error::SignInNeeded { challenges, .. } = &error else { panic!("{error:?}") };
    assert_eq!(challenges.len(), 2);
    assert_eq!(challenges[0].param("access_url"), Some("https://login.example/token"));
    assert!(challenges.iter().all(tap::Challenge::wants_bearer));
    assert_eq!(server.asked()[0].header("authorization"), Some("Bearer t0p-s3cret"));
    let shown = format!("{error} {error:?} {client:?}");
    assert!(!shown.contains("t0p-s3cret"), "{shown}");
    assert!(error.to_string().contains("ivoa_bearer, Bearer"));
}

#[tokio::test]
async fn forbidden_and_missing_and_gone() {
    let server = Server::with_answer("403 Forbidden", "", "members only").await;
    assert!(
        matches!(refused(&server.client()).await, Error::Forbidden { said: Some(s), .. } if s == "members only")
    );
    for status in ["404 Not Found", "410 Gone"] {
        let server = Server::with_answer(status, "", "<html><title>gone</title></html>").await;
        let error = refused(&server.client()).await;
        assert!(matches!(&error, Error::NotFound { said: Some(s), .. } if s == "gone"), "{error:?}");
    }
}

#[tokio::test]
async fn a_busy_archive_says_when() {
    let date = "Retry-After: Wed, 21 Oct 2026 07:30:00 GMT\r\nDate: Wed, 21 Oct 2026 07:28:00 GMT\r\n";
    for (status, headers, wait) in [
        ("503 Service Unavailable", "Retry-After: 90\r\n", Some(90)),
        ("429 Too Many Requests", date, Some(120)),
        ("503 Service Unavailable", "Retry-After: soon\r\n", None),
        ("429 Too Many Requests", "", None),
    ] {
        let server = Server::with_answer(status, headers, error_document("queue is full")).await;
        let error = refused(&server.client()).await;
        let Error::Busy { retry_after, said, .. } = &error else { panic!("{error:?}") };
        assert_eq!(*retry_after, wait.map(Duration::from_secs));
        assert_eq!(said.as_deref(), Some("queue is full"));
    }
}

#[tokio::test]
async fn secrets_in_the_address_do_not_reach_the_message() {
    let server = Server::with_answer("500 Oops", "", "").await;
    let url = url::Url::parse(&format!("{}?apikey=s3cret", server.url())).unwrap();
    let client = tap::Client::new(url, tap::Http::new().unwrap(), quick()).unwrap();
    let error = refused(&client).await;
    assert!(server.asked()[0].target.contains("s3cret"));
    assert!(!format!("{error} {error:?}").contains("s3cret"), "{error:?}");
    // Nor when nobody listens, where the HTTP client's own error would quote the address.
    let port = server.port;
    drop(server);
    let url = url::Url::parse(&format!("http://127.0.0.1:{port}/tap?apikey=s3cret")).unwrap();
    let client = tap::Client::new(url, tap::Http::new().unwrap(), quick()).unwrap();
    loop {
        let error = refused(&client).await;
        assert!(!format!("{error} {error:?}").contains("s3cret"), "{error:?}");
        // The listener closes when its task is next polled.
        if matches!(error, Error::Unreachable { .. }) {
            break;
        }
        tokio::task::yield_now().await;
    }
}

#[test]
fn addresses_with_credentials_or_odd_schemes_are_refused_without_showing_them() {
    for address in ["https://me:s3cret@tap.example/", "ftp://tap.example/", "file:///etc/passwd"] {
        let url = url::Url::parse(address).unwrap();
        let error = tap::Client::new(url, tap::Http::new().unwrap(), quick()).unwrap_err();
        assert!(matches!(error, Error::BadAddress { .. }));
        assert!(!format!("{error} {error:?}").contains("s3cret"));
    }
}

#[tokio::test]
async fn tokens_are_not_sent_in_clear_nor_printed() {
    let token = SecretToken::new(" t0p ").unwrap();
    assert_eq!(format!("{token} {token:?}"), "*** SecretToken(***)");
    for bad in ["", "a b", "a\nb", "é"] {
        assert!(matches!(SecretToken::new(bad), Err(Error::BadToken)), "{bad:?}");
    }
    let url = url::Url::parse("http://tap.example/tap").unwrap();
    let client = tap::Client::new(url, tap::Http::new().unwrap(), quick()).unwrap().with_token(token);
    assert!(matches!(refused(&client).await, Error::TokenInClear { .. }));
}

#[tokio::test]
async fn a_half_error_document_still_gives_its_reason() {
    let body =
        error_document("first words").split("</vot:INFO>").next().unwrap().to_owned() + "</vot:INFO><vot:";
    let server = Server::with_answer("400 Bad Request", XML, body).await;
    assert!(
        matches!(refused(&server.client()).await, Error::Rejected { message, .. } if message == "first words")
    );
}

#[tokio::test]
async fn an_error_status_with_a_good_table_is_still_an_error() {
    let server = Server::with_answer("500 Oops", XML, votable(OK, 2, "")).await;
    assert!(matches!(refused(&server.client()).await, Error::Status { status: 500, .. }));
}
