//! What goes on ends with the access that it goes on under.

use crate::world::{Guest, SESSION, World, interface};
use futures::{SinkExt as _, StreamExt as _};
use reqwest::Method;
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

/// A WebSocket, a download that does not end, and a stream of events, all under way.
pub struct Going {
    socket: WebSocketStream<TcpStream>,
    download: reqwest::Response,
    events: reqwest::Response,
}

impl Going {
    pub async fn begin(guest: &Guest) -> Self {
        let mut socket = guest.socket(&guest.origin).await.unwrap();
        socket.send(Message::text("a")).await.unwrap();
        assert_eq!(socket.next().await.unwrap().unwrap(), Message::text("a"));
        let mut download = guest.request(Method::GET, "/endless").send().await.unwrap();
        assert!(download.chunk().await.unwrap().is_some());
        let request = guest.request(Method::GET, "/events").header("accept", "text/event-stream");
        let mut events = request.send().await.unwrap();
        assert!(events.chunk().await.unwrap().is_some());
        Self { socket, download, events }
    }

    /// Waits until all of it has ended, and none of it well.
    pub async fn cut(mut self) {
        assert!(!matches!(self.socket.next().await, Some(Ok(_))), "the socket is closed");
        while self.download.chunk().await.expect_or_cut().is_some() {}
        while self.events.chunk().await.expect_or_cut().is_some() {}
    }
}

trait OrCut<T> {
    /// What came; none where it broke off. A body that ends well fails the test.
    fn expect_or_cut(self) -> Option<T>;
}

impl OrCut<bytes::Bytes> for reqwest::Result<Option<bytes::Bytes>> {
    fn expect_or_cut(self) -> Option<bytes::Bytes> {
        match self {
            Ok(Some(bytes)) => Some(bytes),
            Ok(None) => panic!("it ended as if it were whole"),
            Err(_) => None,
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signing_out_ends_it() {
    let mut world = World::new().await;
    let guest = world.open().await;
    let going = Going::begin(&guest).await;
    world.owner.post("/auth/sign-out", &[]).await;
    going.cut().await;
    guest.until(401).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_that_ends_ends_it_at_once_where_it_is_said() {
    let mut world = World::new().await;
    let guest = world.open().await;
    let going = Going::begin(&guest).await;
    world.change("UPDATE sessions SET state = 'ending', address = NULL").await;
    world.portal.skyport.opening.forget(SESSION);
    assert_eq!(guest.get("/").await.status, 410);
    going.cut().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_process_ending_it_is_noticed() {
    let mut world = World::new().await;
    let guest = world.open().await;
    let going = Going::begin(&guest).await;
    world.change("DELETE FROM session_accesses").await;
    going.cut().await;
    guest.until(401).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_share_taken_back_ends_the_others_alone() {
    let mut world = World::new().await;
    let mut other = world.portal.browser();
    other.sign_in("astronomer").await;
    let user = world.user("astronomer").await;
    world.share(&user, true).await;
    let (mine, theirs) = (world.open().await, world.open_as(&mut other, SESSION).await);
    let (mut kept, going) = (Going::begin(&mine).await, Going::begin(&theirs).await);
    world.change("DELETE FROM session_shares").await;
    world.portal.skyport.opening.forget(SESSION);
    going.cut().await;
    kept.socket.send(Message::text("still here")).await.unwrap();
    assert_eq!(kept.socket.next().await.unwrap().unwrap(), Message::text("still here"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_address_ends_what_went_to_the_old_one() {
    let mut world = World::new().await;
    let guest = world.open().await;
    let going = Going::begin(&guest).await;
    let elsewhere = interface().await.to_string();
    sqlx::query("UPDATE sessions SET address = $1")
        .bind(&elsewhere)
        .execute(&world.portal.skyport.db)
        .await
        .unwrap();
    world.portal.skyport.opening.forget(SESSION);
    assert_eq!(guest.get("/").await.status, 200);
    going.cut().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_access_outlives_a_restart_of_nothing_but_its_sign_in() {
    let mut world = World::new().await;
    let guest = world.open().await;
    // Long after, but used all the time: a sign-in idles out after a week.
    for _ in 0..3 {
        world.portal.clock.forward(6 * 86_400);
        guest.until(200).await;
        // The word of before holds two seconds: until it was asked anew, the sign-in was not used.
        world.portal.skyport.opening.forget(SESSION);
        guest.until(200).await;
    }
    world.portal.clock.forward(8 * 86_400);
    world.portal.skyport.opening.forget(SESSION);
    assert_eq!(guest.get("/").await.status, 401);
}
