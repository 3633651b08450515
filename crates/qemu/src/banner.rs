//! Whether ssh really answers. QEMU takes a connection before the guest listens, so that a connection alone proves
//! nothing; and each one costs the guest a process. So: one connection, after the console showed the marker, with time.

use std::net::Ipv4Addr;
use std::time::Duration;
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;
use tokio::time::timeout;

/// ssh does not answer.
#[derive(Debug, thiserror::Error)]
pub enum NoBanner {
    /// There is no connection.
    #[error("no connection to the ssh port")]
    Refused(#[source] std::io::Error),
    /// It says nothing in time.
    #[error("the ssh port takes connections, but says nothing")]
    Silent,
    /// It says something else.
    #[error("what answers at the ssh port is no ssh server")]
    NotSsh,
}

/// Most bytes of a banner (RFC 4253, 4.2).
const BANNER_BYTES: usize = 255;

/// Connects once and reads the server's banner, such as `SSH-2.0-OpenSSH_9.2p1`.
pub async fn probe_ssh(address: Ipv4Addr, port: u16, patience: Duration) -> Result<String, NoBanner> {
    match timeout(patience, read_banner(address, port)).await {
        Ok(result) => result,
        Err(_) => Err(NoBanner::Silent),
    }
}

async fn read_banner(address: Ipv4Addr, port: u16) -> Result<String, NoBanner> {
    let mut stream = TcpStream::connect((address, port)).await.map_err(NoBanner::Refused)?;
    let mut bytes = Vec::new();
    let mut piece = [0; BANNER_BYTES];
    while !bytes.contains(&b'\n') && bytes.len() < BANNER_BYTES {
        match stream.read(&mut piece).await {
            Ok(0) => break,
            Ok(read) => bytes.extend_from_slice(&piece[..read]),
            Err(error) => return Err(NoBanner::Refused(error)),
        }
    }
    if bytes.is_empty() {
        return Err(NoBanner::Silent);
    }
    let text = String::from_utf8_lossy(&bytes);
    let line = text.lines().next().unwrap_or_default();
    if !line.starts_with("SSH-") {
        return Err(NoBanner::NotSsh);
    }
    Ok(line.chars().filter(|c| !c.is_control()).collect())
}
