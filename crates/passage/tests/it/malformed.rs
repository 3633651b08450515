//! Answers that are not HTTP, or that two readers could read differently: none of them reaches anybody.

use passage::{Limits, Upstream};

use crate::support::{fault, front, get, plain_front, says};

/// What the upstream says before it closes, and the fault.
const ANSWERS: &[(&str, &str, &str)] = &[
    ("nothing", "", "ClosedBeforeAnswering"),
    ("half a status line", "HTTP/1.1 20", "ClosedBeforeAnswering"),
    ("half a head", "HTTP/1.1 200 OK\r\nA: b\r\n", "ClosedBeforeAnswering"),
    ("only an interim answer", "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", "ClosedBeforeAnswering"),
    ("another protocol", "SSH-2.0-OpenSSH_9.2\r\n", "Malformed"),
    ("a page without a head", "<html>hello</html>\r\n\r\n", "Malformed"),
    ("HTTP/2", "HTTP/2 200 OK\r\n\r\n", "Malformed"),
    ("no status", "HTTP/1.1 OK\r\n\r\n", "Malformed"),
    ("a status of two digits", "HTTP/1.1 20 OK\r\n\r\n", "Malformed"),
    ("a status that is none", "HTTP/1.1 099 OK\r\n\r\n", "Malformed"),
    ("a name with a space", "HTTP/1.1 200 OK\r\nContent-Length : 2\r\n\r\nhi", "Malformed"),
    ("a line without a colon", "HTTP/1.1 200 OK\r\nhello\r\n\r\n", "Malformed"),
    ("a folded line", "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n", "Malformed"),
    ("a null", "HTTP/1.1 200 OK\r\nA: b\0c\r\n\r\n", "Malformed"),
    ("a bare carriage return", "HTTP/1.1 200 OK\r\nA: b\rSet-Cookie: c\r\n\r\n", "Malformed"),
    (
        "both framings",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n",
        "Malformed",
    ),
    (
        "both framings, the other way",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n0\r\n\r\n",
        "Malformed",
    ),
    ("two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nhi!", "Malformed"),
    ("a list of lengths", "HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\nhi", "Malformed"),
    ("a signed length", "HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\nhi", "Malformed"),
    ("a negative length", "HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\nhi", "Malformed"),
    ("a length in hexadecimal", "HTTP/1.1 200 OK\r\nContent-Length: 0x2\r\n\r\nhi", "Malformed"),
    ("an empty length", "HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\nhi", "Malformed"),
    ("a length too large", "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nhi", "Malformed"),
    ("another encoding", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nhi", "Malformed"),
    ("two encodings", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", "Malformed"),
    (
        "chunked twice",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Malformed",
    ),
    ("almost chunked", "HTTP/1.1 200 OK\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", "Malformed"),
    ("chunks in HTTP/1.0", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "Malformed"),
    (
        "a switch that nobody asked for",
        "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n",
        "Malformed",
    ),
];

#[tokio::test]
async fn a_malformed_answer_is_a_fault_with_a_status_of_a_gateway() {
    for (what, answer, expected) in ANSWERS {
        let front = plain_front(says(*answer, true).await).await;
        let got = get(front, "").await;
        assert_eq!(fault(&got), ("502", *expected), "{what}: {got}");
        assert!(
            !got.contains("set-cookie") && got.lines().last().unwrap().starts_with("The program "),
            "{what}: {got}"
        );
    }
}

/// What comes of a head that is fine and a body that is not: whatever was whole, and never a good end.
#[tokio::test]
async fn a_body_that_breaks_off_never_looks_whole() {
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (what, answer) in [
        ("too short", "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\nhello".to_owned()),
        ("no chunk", chunked.to_owned()),
        ("no last chunk", format!("{chunked}5\r\nhello\r\n")),
        ("half a chunk", format!("{chunked}6\r\nhello")),
        ("a size that is no number", format!("{chunked}5\r\nhello\r\nx\r\n")),
        ("a size too large", format!("{chunked}5\r\nhello\r\nfffffffffffffffff\r\n")),
        ("a negative size", format!("{chunked}5\r\nhello\r\n-1\r\n")),
        ("no line end after a chunk", format!("{chunked}5\r\nhello0\r\n\r\n")),
        ("a chunk longer than said", format!("{chunked}5\r\nhello!\r\n0\r\n\r\n")),
        ("half an end", format!("{chunked}5\r\nhello\r\n0\r\n")),
    ] {
        let front = plain_front(says(answer, true).await).await;
        let got = get(front, "").await;
        let whole = got.ends_with("0\r\n\r\n")
            || !(got.contains("chunked") || got.contains("content-length: 100000"));
        // Nothing at all, if it broke off before anything was sent.
        let refused = got.is_empty() || fault(&got).0 == "502";
        assert!(refused || !whole, "{what}: {got}");
    }
}

#[tokio::test]
async fn a_head_larger_than_the_limits_is_a_fault() {
    let long = format!("HTTP/1.1 200 OK\r\nX-Long: {}\r\nContent-Length: 0\r\n\r\n", "x".repeat(9000));
    let many = format!("HTTP/1.1 200 OK\r\n{}Content-Length: 0\r\n\r\n", "A: b\r\n".repeat(40));
    let endless = format!("HTTP/1.1 200 OK\r\nX-Long: {}", "x".repeat(100_000));
    let limits = || Limits { header_bytes: 8192, header_fields: 32, read_bytes: 8192, ..Limits::default() };
    for answer in [&long, &many, &endless] {
        let front = front(limits(), Upstream::new(says(answer.as_str(), false).await)).await;
        assert_eq!(fault(&get(front, "").await), ("502", "HeaderTooLarge"), "{answer:.60}");
    }
    for answer in [&long, &many] {
        let front = plain_front(says(answer.as_str(), false).await).await;
        assert_eq!(fault(&get(front, "").await).0, "200", "{answer:.60}");
    }
}

#[tokio::test]
async fn what_comes_after_an_answer_is_no_answer_to_the_next_request() {
    let two =
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhiHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison";
    let front = plain_front(says(two, false).await).await;
    for _ in 0..5 {
        let got = get(front, "").await;
        assert!(got.ends_with("\r\n\r\nhi"), "{got}");
    }
}
