//! Why a machine is off, from what its monitor wrote down and from QEMU's last words.

use crate::folder::Folder;
use crate::look::OffReason;
use crate::record::{self, RunRecord};
use crate::tool::last_words;
use serde_json::Value;
use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::Path;

/// At most so much of a log is read: its end counts.
const TAIL_BYTES: u64 = 256 * 1024;

/// A file from an offset on, or its end where that is too much. Nothing where there is no file.
pub(crate) fn read_from(path: &Path, from: u64) -> Vec<u8> {
    let read = || -> std::io::Result<Vec<u8>> {
        let mut file = File::open(path)?;
        let length = file.metadata()?.len();
        // Shorter than it was: it was cut, so everything is new.
        let from = if from > length { 0 } else { from };
        file.seek(SeekFrom::Start(from.max(length.saturating_sub(TAIL_BYTES))))?;
        let mut bytes = Vec::new();
        file.take(TAIL_BYTES).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    read().unwrap_or_default()
}

/// All that QEMU said in this run; its end, where that is much.
fn said(folder: &Folder) -> String {
    let mut bytes = read_from(&folder.older_words(), 0);
    bytes.extend(read_from(&folder.words(), 0));
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A line of the monitor's; none for words. Words without an end of line may stand before it.
fn of_monitor(line: &str) -> Option<Value> {
    let beginnings = ["{\"timestamp\"", "{\"QMP\"", "{\"return\""];
    let at = beginnings.iter().filter_map(|beginning| line.find(beginning)).min()?;
    serde_json::from_str(&line[at..]).ok()
}

/// QEMU's last words in this run, one line; empty where it said none.
pub(crate) fn words(folder: &Folder) -> String {
    let said = said(folder);
    let words: Vec<&str> = said.lines().filter(|line| of_monitor(line).is_none()).collect();
    last_words(words.join("\n").as_bytes())
}

/// Why the machine of this run is off.
pub(crate) fn off_reason(folder: &Folder, run: Option<&RunRecord>) -> OffReason {
    let Some(run) = run else { return OffReason::NeverStarted };
    let mut was_asked = false;
    let mut reason = None;
    for event in said(folder).lines().filter_map(of_monitor) {
        match event.get("event").and_then(Value::as_str) {
            Some("POWERDOWN") => was_asked = true,
            Some("SHUTDOWN") => {
                reason = event.pointer("/data/reason").and_then(Value::as_str).map(str::to_owned);
            }
            _ => {}
        }
    }
    match reason.as_deref() {
        Some("guest-shutdown") if was_asked => OffReason::AskedTo,
        Some("guest-shutdown" | "guest-reset") => OffReason::ByItself,
        Some("guest-panic") => OffReason::Panicked,
        Some("host-qmp-quit" | "host-qmp-system-reset") => OffReason::SwitchedOff,
        Some("host-signal") => OffReason::Signalled,
        _ if run.switched_off => OffReason::SwitchedOff,
        _ if run.boot != record::this_boot() => OffReason::HostRestarted,
        _ => match words(folder) {
            words if words.is_empty() => OffReason::Vanished,
            words => OffReason::Failed { words },
        },
    }
}
