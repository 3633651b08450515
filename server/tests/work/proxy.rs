//! A wire to a server that can be cut and joined again.

use std::net::SocketAddr;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

/// Passes connections on to a server.
pub struct Wire {
    to: SocketAddr,
    pub address: SocketAddr,
    passing: Option<JoinHandle<()>>,
}

impl Wire {
    pub async fn to(port: u16) -> Self {
        let to = SocketAddr::from(([127, 0, 0, 1], port));
        let mut wire = Self { to, address: SocketAddr::from(([127, 0, 0, 1], 0)), passing: None };
        wire.join().await;
        wire
    }

    /// Breaks every connection and takes no new one.
    pub async fn cut(&mut self) {
        if let Some(passing) = self.passing.take() {
            passing.abort();
            let _ = passing.await;
        }
    }

    /// Takes connections again, at the same address.
    pub async fn join(&mut self) {
        let listener = TcpListener::bind(self.address).await.unwrap();
        self.address = listener.local_addr().unwrap();
        let to = self.to;
        self.passing = Some(tokio::spawn(async move {
            // Ends with the task, and with it every connection.
            let mut connections = JoinSet::new();
            while let Ok((mut here, _)) = listener.accept().await {
                connections.spawn(async move {
                    if let Ok(mut there) = TcpStream::connect(to).await {
                        let _ = copy_bidirectional(&mut here, &mut there).await;
                    }
                });
            }
        }));
    }
}
