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

/// Places of those that are turned away, while they are told so.
const TURNED_AWAY: &str = "outlet-turned-away";
/// How often a guest that is turned away is heard once more, and for how long each time.
const LAST_WORDS: usize = 8;
const LAST_WORD: Duration = Duration::from_millis(500);

/// Serves the connection that standard input is.
///
/// # Errors
/// There is none, or the file cannot be read. The guest is told so too: standard error is its connection.
pub fn run(standing: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let connection = TcpStream::from(io::stdin().as_fd().try_clone_to_owned()?);
    let Ok(standing) = Standing::read(standing) else {
        return Ok(turn_away(connection, "This server has no way out now", 1)?);
    };
    let _place = match Place::take(Path::new(PLACES), standing.connections) {
        Ok(place) => place,
        Err(why) => return Ok(turn_away(connection, &why.to_string(), standing.connections)?),
    };
    connection.set_nonblocking(true)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        serve(tokio::net::TcpStream::from_std(connection)?, standing.policy).await;
        Ok(())
    })
}

/// Says why not. There are no more places for that than for the others: whoever finds none is cut off at once.
fn turn_away(mut connection: TcpStream, why: &str, most: u16) -> io::Result<()> {
    let Ok(_place) = Place::take(Path::new(TURNED_AWAY), most) else { return Ok(()) };
    let length = why.len() + 2;
    let head =
        "HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close";
    write!(connection, "{head}\r\nContent-Length: {length}\r\n\r\n{why}.\n")?;
    connection.shutdown(Shutdown::Write)?;
    // What is closed with something unread is reset, and the guest does not see the answer.
    connection.set_read_timeout(Some(LAST_WORD))?;
    let mut unread = [0; 4096];
    for _ in 0..LAST_WORDS {
        if !matches!(connection.read(&mut unread), Ok(1..)) {
            break;
        }
    }
    Ok(())
}
