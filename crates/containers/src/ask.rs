//! One question to the engine: its deadline, and its faults in our words.

use crate::engine::Engine;
use crate::fault::Fault;
use crate::refused;
use bollard::errors::Error;
use std::io;
use std::time::Duration;

/// A look takes milliseconds; an engine that is busy with an image's layers answers late.
pub(crate) const LOOK: Duration = Duration::from_secs(30);
/// So often it is asked again while a container is between two states.
const BETWEEN_STATES: u32 = 100;
const BETWEEN_TRIES: Duration = Duration::from_millis(20);
/// A change waits for mounts, networks and processes.
pub(crate) const CHANGE: Duration = Duration::from_mins(2);

impl Engine {
    /// Asks, and gives up after `patience`. `subject` is the image or container in question.
    pub(crate) async fn ask<T>(
        &self,
        asked: &'static str,
        subject: &str,
        patience: Duration,
        answer: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Fault> {
        match tokio::time::timeout(patience, answer).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => Err(self.fault(asked, subject, &error)),
            Err(_) => Err(Fault::Silent { asked, waited_s: patience.as_secs() }),
        }
    }

    /// The same, where "there is no such thing" is an answer.
    pub(crate) async fn ask_maybe<T>(
        &self,
        asked: &'static str,
        subject: &str,
        patience: Duration,
        answer: impl Future<Output = Result<T, Error>>,
    ) -> Result<Option<T>, Fault> {
        match self.ask(asked, subject, patience, answer).await {
            Ok(answer) => Ok(Some(answer)),
            Err(Fault::NotThere { .. } | Fault::ImageMissing { .. }) => Ok(None),
            Err(fault) => Err(fault),
        }
    }

    /// The same, asked again while a container is between two states: one may be in the way of what is asked about others.
    pub(crate) async fn ask_settled<T, A: Future<Output = Result<T, Error>>>(
        &self,
        asked: &'static str,
        subject: &str,
        answer: impl Fn() -> A,
    ) -> Result<Option<T>, Fault> {
        let mut tries = 0;
        loop {
            match self.ask_maybe(asked, subject, LOOK, answer()).await {
                Err(fault) if fault.is_between_states() && tries < BETWEEN_STATES => tries += 1,
                other => return other,
            }
            tokio::time::sleep(BETWEEN_TRIES).await;
        }
    }

    /// The client's error as a fault.
    pub(crate) fn fault(&self, asked: &'static str, subject: &str, error: &Error) -> Fault {
        let socket = || self.socket().to_owned();
        match error {
            Error::DockerResponseServerError { status_code, message } => {
                refused::fault(asked, subject, *status_code, message)
            }
            Error::DockerStreamError { error } => refused::fault(asked, subject, 500, error),
            Error::SocketNotFoundError(_) => Fault::SocketMissing { socket: socket() },
            Error::RequestTimeoutError => Fault::Silent { asked, waited_s: CHANGE.as_secs() },
            Error::JsonDataError { .. }
            | Error::JsonSerdeError { .. }
            | Error::APIVersionParseError {}
            | Error::StrParseError { .. } => Fault::Strange { asked, words: error.to_string() },
            other => match io_kind(other) {
                Some(io::ErrorKind::NotFound) => Fault::SocketMissing { socket: socket() },
                Some(io::ErrorKind::PermissionDenied) => Fault::NotAllowed { socket: socket() },
                _ => Fault::Gone { socket: socket(), words: chain(other) },
            },
        }
    }
}

/// The kind of the system's error somewhere below.
fn io_kind(error: &(dyn std::error::Error + 'static)) -> Option<io::ErrorKind> {
    let mut below = Some(error);
    while let Some(error) = below {
        if let Some(found) = error.downcast_ref::<io::Error>() {
            return Some(found.kind());
        }
        below = error.source();
    }
    None
}

/// All words from top to bottom, each once.
fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut words = error.to_string();
    let mut below = error.source();
    while let Some(error) = below {
        let more = error.to_string();
        if !words.contains(&more) {
            words = format!("{words}: {more}");
        }
        below = error.source();
    }
    words
}
