//! Each fault is told apart.

use crate::bed::{Place, until};
use containers::{Access, Engine, Fault, Mount, Network, Reach, State, Wish};
use std::path::Path;

#[tokio::test]
async fn no_engine_or_none_that_answers() {
    let missing = Engine::at(Path::new("/nonexistent/engine.sock")).await.err().unwrap();
    assert!(matches!(missing, Fault::SocketMissing { .. }) && missing.is_passing(), "{missing:?}");
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("dead.sock");
    drop(std::os::unix::net::UnixListener::bind(&socket).unwrap());
    let gone = Engine::at(&socket).await.err().unwrap();
    assert!(matches!(gone, Fault::Gone { .. }) && gone.is_passing(), "{gone:?}");

    // One that hangs up, and one that is something else.
    for (answer, known) in [("", "Gone"), ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", "Strange")] {
        let socket = folder.path().join(format!("{known}.sock"));
        let listener = tokio::net::UnixListener::bind(&socket).unwrap();
        let server = tokio::spawn(async move {
            use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
            while let Ok((mut caller, _)) = listener.accept().await {
                let _ = caller.read(&mut [0; 4096]).await;
                let _ = caller.write_all(answer.as_bytes()).await;
            }
        });
        let fault = Engine::at(&socket).await.err().unwrap();
        assert!(format!("{fault:?}").starts_with(known), "{fault:?}");
        server.abort();
    }
}

#[tokio::test]
async fn what_is_not_there() {
    let place = Place::new().await;
    assert_eq!(place.engine.image("localhost/skyport/none:1").await.unwrap(), None);
    assert_eq!(place.engine.look("none").await.unwrap(), None);
    let stop = place.engine.stop("none", std::time::Duration::ZERO).await;
    assert!(matches!(stop, Err(Fault::NotThere { .. })), "{stop:?}");
    let nothing = format!("sha256:{}", "0".repeat(64));
    let wish = Wish { image: nothing.clone(), ..place.wish("tiny").await };
    let fault = place.engine.start(&wish).await.unwrap_err();
    assert!(matches!(&fault, Fault::ImageMissing { image } if *image == nothing), "{fault:?}");
    assert!(!fault.is_passing());
    // Its network was made: it is found and removed by its name.
    let seen = place.engine.look(&wish.name).await.unwrap().unwrap();
    assert_eq!((seen.state, seen.operation.as_deref()), (State::Making, Some(wish.operation.as_str())));
    place.engine.remove(&wish.name).await.unwrap();
    assert_eq!(place.engine.look(&wish.name).await.unwrap(), None);

    let mut wish = place.wish("tiny").await;
    wish.command = Some(vec!["/no/such/program".to_owned()]);
    wish.init = false;
    let fault = place.engine.start(&wish).await.unwrap_err();
    assert!(matches!(fault, Fault::CommandMissing { .. }), "{fault:?}");
    place.engine.remove(&wish.name).await.unwrap();

    let mut wish = place.wish("tiny").await;
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("missing");
    wish.mounts = vec![Mount { source: source.clone(), target: "/data".to_owned(), access: Access::Read }];
    let fault = place.engine.start(&wish).await.unwrap_err();
    assert!(matches!(&fault, Fault::MountMissing { words } if words.contains("missing")), "{fault:?}");
    assert!(!source.exists(), "it is not made by the way");
    place.engine.remove(&wish.name).await.unwrap();
}

#[tokio::test]
async fn a_name_belongs_to_the_operation_that_took_it() {
    let place = Place::new().await;
    let wish = place.wish("tiny").await;
    let mine = place.engine.start(&wish).await.unwrap();
    let other = Wish { operation: "another".to_owned(), ..wish.clone() };
    let fault = place.engine.start(&other).await.unwrap_err();
    assert!(matches!(&fault, Fault::NameTaken { name } if *name == wish.name), "{fault:?}");
    assert_eq!(place.engine.look(&wish.name).await.unwrap().unwrap().id, mine.id, "it is left as it is");
    place.engine.remove(&wish.name).await.unwrap();
}

#[tokio::test]
async fn what_the_machine_cannot_do() {
    let place = Place::new().await;
    let mut wish = place.wish("tiny").await;
    wish.limits.open_files = 1 << 30;
    let fault = place.engine.start(&wish).await.unwrap_err();
    assert!(matches!(fault, Fault::LimitRefused { .. }), "{fault:?}");
    // What is there of it is no hindrance to a wish that can be had, once it is removed.
    until("removed", || async { place.engine.remove(&wish.name).await.ok() }).await;
    wish.limits.open_files = 1024;
    place.engine.start(&wish).await.unwrap();
    place.engine.remove(&wish.name).await.unwrap();
}

#[tokio::test]
async fn wishes_that_cannot_be_meant_are_refused_before_anything_is_asked() {
    let place = Place::new().await;
    let good = place.wish("tiny").await;
    let mount = |source: &str, target: &str| {
        vec![Mount { source: source.into(), target: target.to_owned(), access: Access::Read }]
    };
    let bad: Vec<(&str, Wish)> = vec![
        ("name", Wish { name: "../x".to_owned(), ..good.clone() }),
        ("name", Wish { name: String::new(), ..good.clone() }),
        ("operation", Wish { operation: String::new(), ..good.clone() }),
        ("image", Wish { image: "localhost/skyport/tiny:1".to_owned(), ..good.clone() }),
        ("mounts", Wish { mounts: mount("relative", "/data"), ..good.clone() }),
        ("mounts", Wish { mounts: mount("/a:b", "/data"), ..good.clone() }),
        ("mounts", Wish { mounts: mount("/a", "/"), ..good.clone() }),
        ("scratch", Wish { scratch: vec!["/tmp,exec".to_owned()], ..good.clone() }),
        ("capabilities", Wish { capabilities: vec!["ALL".to_owned()], ..good.clone() }),
        ("environment", Wish { environment: [("A=B".to_owned(), "c".to_owned())].into(), ..good.clone() }),
        (
            "labels",
            Wish {
                labels: [(containers::OPERATION_LABEL.to_owned(), "x".to_owned())].into(),
                ..good.clone()
            },
        ),
    ];
    for (part, wish) in bad {
        let fault = place.engine.start(&wish).await.unwrap_err();
        assert!(matches!(&fault, Fault::BadWish { what, .. } if *what == part), "{part}: {fault:?}");
    }
    let closed = Wish { network: Network::Closed, ..good.clone() };
    let fault = place.engine.with_reach(Reach::Loopback).start(&closed).await.unwrap_err();
    assert!(matches!(fault, Fault::BadWish { what: "network", .. }), "{fault:?}");
    assert_eq!(place.engine.look(&good.name).await.unwrap(), None, "nothing was made");
}
