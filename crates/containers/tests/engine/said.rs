//! What a container says is read while it runs and after it ended.

use crate::bed::{Place, ended};
use containers::{Engine, Fault, LogQuery, Said, Stream};
use futures::StreamExt as _;

pub(crate) async fn pieces(engine: &Engine, name: &str, query: LogQuery) -> Vec<Said> {
    engine.logs(name, query).map(Result::unwrap).collect().await
}

#[tokio::test]
async fn both_streams_with_times_also_after_the_end() {
    let place = Place::new().await;
    let wish = place.script("echo one; echo two >&2; printf three").await;
    place.engine.start(&wish).await.unwrap();
    let end = ended(&place.engine, &wish.name).await;
    let all = pieces(&place.engine, &wish.name, LogQuery::default()).await;
    let of = |stream| {
        all.iter().filter(|said| said.stream == stream).map(|said| said.text.trim_end()).collect::<Vec<_>>()
    };
    assert_eq!((of(Stream::Out), of(Stream::Err)), (vec!["one", "three"], vec!["two"]));
    assert!(
        all.iter().all(|said| said.at.is_some_and(|at| Some(at) <= end.finished) && !said.cut),
        "{all:?}"
    );

    let two = LogQuery { most_bytes: 6, ..LogQuery::default() };
    let cut = pieces(&place.engine, &wish.name, two).await;
    assert_eq!(cut.iter().map(|said| said.text.len()).sum::<usize>(), 6);
    assert!(cut.last().unwrap().cut, "{cut:?}");
    place.engine.remove(&wish.name).await.unwrap();
    let gone = place.engine.logs(&wish.name, LogQuery::default()).next().await.unwrap();
    assert!(matches!(gone, Err(Fault::NotThere { .. })), "{gone:?}");
}

#[tokio::test]
async fn followed_it_comes_as_it_is_said_and_ends_with_it() {
    let place = Place::new().await;
    let folder = tempfile::tempdir().unwrap();
    let mut wish = place.script("echo ready; until [ -e /data/go ]; do sleep 0.1; done; echo gone").await;
    wish.mounts = vec![containers::Mount {
        source: folder.path().to_owned(),
        target: "/data".to_owned(),
        access: containers::Access::Read,
    }];
    wish.uid = 0;
    place.engine.start(&wish).await.unwrap();
    let follow = LogQuery { follow: true, ..LogQuery::default() };
    let mut log = place.engine.logs(&wish.name, follow);
    assert_eq!(log.next().await.unwrap().unwrap().text, "ready\n");
    std::fs::write(folder.path().join("go"), "").unwrap();
    assert_eq!(log.next().await.unwrap().unwrap().text, "gone\n");
    assert!(log.next().await.is_none(), "it ends with the container");
    place.engine.remove(&wish.name).await.unwrap();
}
