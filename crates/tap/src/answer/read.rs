//! Picks the answer out of a `VOTable`'s events: the first results table, and every word on how it went.

use std::io::Read;

use arrow_array::RecordBatch;
use tokio::sync::mpsc;
use votable::{Event, Info, Reader, Table};

use super::Completion;
use crate::excerpt::clean;

/// The most INFOs kept for the caller; `QUERY_STATUS` is heeded beyond that.
const MAX_INFOS: usize = 1_000;

/// What the reading thread hands over: a table, batches, an end.
pub(super) enum Piece {
    Table(Box<Table>),
    Batch(RecordBatch),
    End { completion: Completion, infos: Vec<Info> },
}

/// Why it stopped.
pub(super) enum Fault {
    Rejected(String),
    NoTable,
    Votable(votable::Error),
}

type Sender = mpsc::Sender<Result<Piece, Fault>>;

/// Where in the document the reader is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    Before,
    Inside,
    After,
}

/// Reads to the end, or until nobody listens. Returning drops the reader and with it the connection.
pub(super) fn read_votable<R: Read>(reader: Reader<R>, max_rows: u64, max_chars: usize, to: &Sender) {
    let last = match read_events(reader, max_rows, max_chars, to) {
        Ok(Some(end)) => Ok(end),
        Ok(None) => return,
        Err(fault) => Err(fault),
    };
    // Nobody listening is how a dropped answer looks from here.
    let _ = to.blocking_send(last);
}

/// The end, or `None` if nobody listens.
fn read_events<R: Read>(
    mut reader: Reader<R>,
    max_rows: u64,
    max_chars: usize,
    to: &Sender,
) -> Result<Option<Piece>, Fault> {
    let mut at = At::Before;
    // Per open RESOURCE, whether it only describes (type="meta", as for DataLink).
    let mut meta: Vec<bool> = Vec::new();
    let mut infos: Vec<Info> = Vec::new();
    let mut completion = Completion::Complete;
    let mut rows = 0_u64;
    while let Some(event) = reader.next_event().map_err(Fault::Votable)? {
        match event {
            Event::ResourceStart(resource) => {
                let outer = meta.last().is_some_and(|m| *m);
                meta.push(outer || resource.kind.as_deref().is_some_and(|k| k.eq_ignore_ascii_case("meta")));
            }
            Event::ResourceEnd => drop(meta.pop()),
            Event::Info(info) => {
                if info.name.eq_ignore_ascii_case("QUERY_STATUS") {
                    if info.value.eq_ignore_ascii_case("ERROR") {
                        return Err(Fault::Rejected(clean(&info.content, max_chars)));
                    }
                    if info.value.eq_ignore_ascii_case("OVERFLOW") {
                        completion = Completion::Overflow;
                    }
                }
                if infos.len() < MAX_INFOS {
                    infos.push(info);
                }
            }
            Event::TableStart(table) if at == At::Before && !meta.last().is_some_and(|m| *m) => {
                at = At::Inside;
                if to.blocking_send(Ok(Piece::Table(Box::new(table)))).is_err() {
                    return Ok(None);
                }
            }
            Event::Batch(batch) if at == At::Inside => {
                let left = max_rows - rows;
                let over = batch.num_rows() as u64 > left;
                let batch = if over { batch.slice(0, left as usize) } else { batch };
                rows += batch.num_rows() as u64;
                if batch.num_rows() > 0 && to.blocking_send(Ok(Piece::Batch(batch))).is_err() {
                    return Ok(None);
                }
                if over {
                    completion = Completion::RowLimit { limit: max_rows };
                    return Ok(Some(Piece::End { completion, infos }));
                }
            }
            Event::TableEnd { .. } if at == At::Inside => at = At::After,
            _ => {}
        }
    }
    if at == At::Before { Err(Fault::NoTable) } else { Ok(Some(Piece::End { completion, infos })) }
}
