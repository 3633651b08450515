//! `skyport outlet`: one connection of a server on this machine to the outside. QEMU starts it for each, in the machine's
//! folder, with the connection as standard input and output; it serves the connection, and ends with it.
//!
//! It needs neither the portal nor its configuration, since machines outlive both: what is let through stands in a file.

use crate::providers::local::outlet::Standing;
use outlet::{Place, serve};
use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::os::fd::AsFd as _;
use std::path::Path;
use std::time::Duration;

/// Places of a machine's connections, in its folder.
const PLACES: &str = "outlet";

/// How long a guest that is turned away may go on talking.
const LAST_WORDS: Duration = Duration::from_secs(5);
const MOST_UNREAD: u64 = 64 * 1024;

/// Serves the connection that standard input is.
///
/// # Errors
/// There is none, or the file cannot be read. The guest is told so too: standard error is its connection.
pub fn run(standing: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let connection = TcpStream::from(io::stdin().as_fd().try_clone_to_owned()?);
    let (standing, _place) = match admitted(standing) {
        Ok(admitted) => admitted,
        Err(why) => return Ok(turn_away(connection, &why)?),
    };
    connection.set_nonblocking(true)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        serve(tokio::net::TcpStream::from_std(connection)?, standing.policy).await;
        Ok(())
    })
}

fn admitted(standing: &Path) -> Result<(Standing, Place), String> {
    let standing = Standing::read(standing).map_err(|_| "This server has no way out now".to_owned())?;
    let place = Place::take(Path::new(PLACES), standing.connections).map_err(|error| error.to_string())?;
    Ok((standing, place))
}

fn turn_away(mut connection: TcpStream, why: &str) -> io::Result<()> {
    let length = why.len() + 2;
    let head =
        "HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close";
    write!(connection, "{head}\r\nContent-Length: {length}\r\n\r\n{why}.\n")?;
    connection.shutdown(Shutdown::Write)?;
    // What is closed with something unread is reset, and the guest does not see the answer.
    connection.set_read_timeout(Some(LAST_WORDS))?;
    let _ = io::copy(&mut connection.take(MOST_UNREAD), &mut io::sink());
    Ok(())
}
