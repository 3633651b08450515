//! A client of QEMU's monitor (QMP): connect, ask, leave. One client at a time is heard; another that connects waits
//! until the first has left.

use crate::fault::Fault;
use serde_json::{Value, json};
use socket2::{Domain, SockAddr, Socket, Type};
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(5);
/// Between two tries at a queue that is full.
const PAUSE: Duration = Duration::from_millis(20);
/// No answer of the commands that are used here is near this.
const LINE_BYTES: u64 = 1 << 20;

/// Connects without waiting: a blocking connect to a process that stands still with a full queue waits for ever.
fn connect(path: &Path) -> std::io::Result<UnixStream> {
    let socket = Socket::new(Domain::UNIX, Type::STREAM, None)?;
    socket.set_nonblocking(true)?;
    socket.connect(&SockAddr::unix(path)?)?;
    socket.set_nonblocking(false)?;
    Ok(UnixStream::from(OwnedFd::from(socket)))
}

/// An open monitor.
pub(crate) struct Monitor {
    lines: BufReader<UnixStream>,
}

/// Why there is no monitor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoMonitor {
    /// Nobody listens.
    Absent,
    /// Somebody does, and says nothing.
    Silent,
}

impl Monitor {
    pub(crate) fn open(path: &Path) -> Result<Self, NoMonitor> {
        let start = Instant::now();
        let stream = loop {
            match connect(path) {
                Ok(stream) => break stream,
                // Its queue is full, so there is a process: others ask too, or it stands still.
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {
                    if start.elapsed() > PATIENCE {
                        return Err(NoMonitor::Silent);
                    }
                    std::thread::sleep(PAUSE);
                }
                Err(_) => return Err(NoMonitor::Absent),
            }
        };
        let bounded =
            stream.set_read_timeout(Some(PATIENCE)).and_then(|()| stream.set_write_timeout(Some(PATIENCE)));
        if bounded.is_err() {
            return Err(NoMonitor::Silent);
        }
        let mut monitor = Self { lines: BufReader::new(stream) };
        // The greeting. Closed without one: the process was ending.
        match monitor.line() {
            Some(greeting) if greeting.get("QMP").is_some() => {}
            None if monitor.is_closed() => return Err(NoMonitor::Absent),
            _ => return Err(NoMonitor::Silent),
        }
        monitor.ask("qmp_capabilities").map_err(|_| NoMonitor::Silent)?;
        Ok(monitor)
    }

    /// Gives a command; its answer.
    pub(crate) fn ask(&mut self, command: &'static str) -> Result<Value, Fault> {
        let silent = || Fault::MonitorSilent { command };
        let text = format!("{}\n", json!({ "execute": command }));
        self.lines.get_mut().write_all(text.as_bytes()).map_err(|_| silent())?;
        loop {
            let mut line = self.line().ok_or_else(silent)?;
            if let Some(error) = line.get("error") {
                let words = error.get("desc").and_then(Value::as_str).unwrap_or_default();
                return Err(Fault::MonitorRefused { command, words: words.to_owned() });
            }
            if let Some(answer) = line.get_mut("return") {
                return Ok(answer.take());
            }
        }
    }

    /// `running`, `paused`, `io-error` and so on.
    pub(crate) fn status(&mut self) -> Result<String, Fault> {
        let answer = self.ask("query-status")?;
        Ok(answer.get("status").and_then(Value::as_str).unwrap_or("unknown").to_owned())
    }

    fn line(&mut self) -> Option<Value> {
        let mut text = String::new();
        let read = std::io::Read::take(&mut self.lines, LINE_BYTES).read_line(&mut text).ok()?;
        if read == 0 { None } else { serde_json::from_str(&text).ok() }
    }

    fn is_closed(&mut self) -> bool {
        self.lines.fill_buf().is_ok_and(<[u8]>::is_empty)
    }
}
