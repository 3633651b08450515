//! What is said when nothing can be carried.

use std::error::Error as _;
use std::io::ErrorKind;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use passage::{Client, Fault, Limits, Passage, Phase, Upstream};

use crate::support::{listen, raw};

async fn carry(passage: &Passage, upstream: &Upstream) -> Fault {
    let request = Request::get("/").header("host", "a").body(Body::empty()).unwrap();
    passage.carry(request, upstream, Client::default()).await.unwrap_err()
}

#[tokio::test]
async fn nothing_listens() {
    let folder = tempfile::tempdir().unwrap();
    let (listener, address) = listen().await;
    drop(listener);
    for upstream in [Upstream::new(address), Upstream::new(folder.path().join("none"))] {
        let fault = carry(&Passage::default(), &upstream).await;
        let Fault::NotListening { address, source } = &fault else { panic!("{fault:?}") };
        assert_eq!(address, upstream.address());
        assert!(matches!(source.kind(), ErrorKind::ConnectionRefused | ErrorKind::NotFound));
        assert_eq!(fault.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(fault.to_string(), format!("nothing listens at {address}"));
        assert!(fault.sentence().contains("Try again"));
    }
}

#[tokio::test]
async fn the_system_refuses() {
    let folder = tempfile::tempdir().unwrap();
    // Longer than the name of a socket can be.
    let fault = carry(&Passage::default(), &Upstream::new(folder.path().join("x".repeat(200)))).await;
    assert!(matches!(fault, Fault::Refused { .. }), "{fault:?}");
    assert_eq!(fault.status(), StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn no_answer_in_time() {
    let upstream = raw(|stream| async move {
        let _held = stream;
        std::future::pending::<()>().await;
    })
    .await;
    let brief = Duration::from_millis(20);
    let for_all = Passage::new(Limits { first_byte: Some(brief), ..Limits::default() });
    let fault = carry(&for_all, &Upstream::new(upstream)).await;
    assert!(
        matches!(fault, Fault::TimedOut { phase: Phase::FirstByte, limit } if limit == brief),
        "{fault:?}"
    );
    assert_eq!(fault.status(), StatusCode::GATEWAY_TIMEOUT);
    assert_eq!(fault.to_string(), "the upstream's answer took longer than 20ms");
    let here = carry(&Passage::default(), &Upstream::new(upstream).first_byte(Some(brief))).await;
    assert!(matches!(here, Fault::TimedOut { .. }), "{here:?}");
}

#[tokio::test]
async fn a_fault_does_not_repeat_its_source() {
    let upstream = raw(|stream| async move { drop(stream) }).await;
    let fault = carry(&Passage::default(), &Upstream::new(upstream)).await;
    assert!(matches!(fault, Fault::ClosedBeforeAnswering(_)), "{fault:?}");
    let source = fault.source().unwrap().to_string();
    assert!(!fault.to_string().contains(&source), "{fault}: {source}");
}
