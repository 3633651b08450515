//! What a container says.

use crate::engine::Engine;
use crate::fault::Fault;
use bollard::container::LogOutput;
use bollard::query_parameters::LogsOptions;
use futures::stream::{self, BoxStream, StreamExt as _};
use jiff::Timestamp;

/// Where it was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Out,
    /// Standard error.
    Err,
}

/// A piece of what a container said: a line, or a part of one that was long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// When.
    pub at: Option<Timestamp>,
    /// Where.
    pub stream: Stream,
    /// What, with its line end. What is no UTF-8 is replaced.
    pub text: String,
    /// There was more, and it was not asked for.
    pub cut: bool,
}

/// Which part of a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogQuery {
    /// Only so many lines from the end.
    pub last_lines: Option<u32>,
    /// Only from this second on.
    pub since: Option<Timestamp>,
    /// Go on with what will be said, until it ends.
    pub follow: bool,
    /// End after so many bytes; the last piece then says so.
    pub most_bytes: u64,
}

impl Default for LogQuery {
    fn default() -> Self {
        Self { last_lines: None, since: None, follow: false, most_bytes: 1 << 20 }
    }
}

impl Engine {
    /// What a container says and said, also after it has ended, until it is removed. The stream ends with its first
    /// fault. Followed, it waits without a deadline: whoever reads it decides how long.
    pub fn logs(&self, name: &str, query: LogQuery) -> BoxStream<'static, Result<Said, Fault>> {
        let options = LogsOptions {
            follow: query.follow,
            stdout: true,
            stderr: true,
            timestamps: true,
            since: query.since.and_then(|since| i32::try_from(since.as_second()).ok()).unwrap_or(0),
            tail: query.last_lines.map_or_else(|| "all".to_owned(), |lines| lines.to_string()),
            ..LogsOptions::default()
        };
        let (engine, name) = (self.clone(), name.to_owned());
        let source = self.docker().logs(&name, Some(options)).boxed();
        let rest = Rest { source, left: query.most_bytes, over: false };
        stream::unfold(rest, move |mut rest| {
            let (engine, name) = (engine.clone(), name.clone());
            async move {
                if rest.over {
                    return None;
                }
                let piece = match rest.source.next().await? {
                    Ok(output) => Ok(bounded(said(&output), &mut rest)),
                    Err(error) => {
                        rest.over = true;
                        Err(engine.fault("tell what the container said", &name, &error))
                    }
                };
                Some((piece, rest))
            }
        })
        .boxed()
    }
}

struct Rest {
    source: BoxStream<'static, Result<LogOutput, bollard::errors::Error>>,
    left: u64,
    over: bool,
}

fn bounded(mut said: Said, rest: &mut Rest) -> Said {
    let length = said.text.len() as u64;
    if length > rest.left {
        let mut end = rest.left as usize;
        while !said.text.is_char_boundary(end) {
            end -= 1;
        }
        said.text.truncate(end);
        said.cut = true;
        rest.over = true;
    }
    rest.left = rest.left.saturating_sub(length);
    said
}

fn said(output: &LogOutput) -> Said {
    let stream = match output {
        LogOutput::StdErr { .. } => Stream::Err,
        LogOutput::StdOut { .. } | LogOutput::StdIn { .. } | LogOutput::Console { .. } => Stream::Out,
    };
    let text = String::from_utf8_lossy(output.as_ref()).into_owned();
    // The engine puts the time first.
    let (at, text) = match text.split_once(' ').map(|(first, rest)| (first.parse::<Timestamp>(), rest)) {
        Some((Ok(at), rest)) => (Some(at), rest.to_owned()),
        _ => (None, text),
    };
    Said { at, stream, text, cut: false }
}

/// Whether a text reads as if a disk was full. Engines do not say so of a container: its own words are all there is.
pub fn hints_at_full_disk(text: &str) -> bool {
    let low = text.to_lowercase();
    ["no space left on device", "disk quota exceeded", "disk full", "errno 28", "errno 122"]
        .iter()
        .any(|words| low.contains(words))
}

#[cfg(test)]
mod tests;
