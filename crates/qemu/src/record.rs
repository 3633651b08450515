//! What is written down about a machine: once when it is made, and anew at each start.

use crate::fault::Fault;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs;
use std::io::{ErrorKind, Write as _};
use std::net::Ipv4Addr;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

/// `machine.json`: written last when a machine is made, and never again.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct MachineRecord {
    pub(crate) hostname: String,
    pub(crate) image: String,
    pub(crate) cores: u32,
    pub(crate) memory_mib: u64,
    pub(crate) disk_gib: u64,
    pub(crate) labels: BTreeMap<String, String>,
    pub(crate) address: Ipv4Addr,
    pub(crate) mac: String,
    /// The public half of the host key that was made for it.
    pub(crate) host_key: String,
    pub(crate) has_user_data: bool,
    pub(crate) access_user: String,
    pub(crate) made_us: i64,
}

/// `run.json`: the present or last run.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct RunRecord {
    pub(crate) started_us: i64,
    /// This machine's boot: after another one nothing runs any more.
    pub(crate) boot: String,
    pub(crate) port: u16,
    pub(crate) pid: Option<i32>,
    /// Where in the console's log it begins.
    pub(crate) console_from: u64,
    /// Milliseconds from the start until the marker was seen.
    pub(crate) ready_after_ms: Option<i64>,
    pub(crate) panicked: bool,
    /// When it was first asked to shut down.
    pub(crate) asked_off_us: Option<i64>,
    /// When its power button was last pressed.
    pub(crate) pressed_us: Option<i64>,
    /// Whether its process was killed, since that did not hear.
    #[serde(default)]
    pub(crate) switched_off: bool,
    /// Host keys that the console showed.
    pub(crate) host_keys: Vec<String>,
}

/// Reads a record; none where there is no file.
pub(crate) fn read<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, Fault> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            return Ok(None);
        }
        Err(error) => return Err(Fault::io(path, error)),
    };
    let damaged = |error: serde_json::Error| Fault::Damaged { path: path.to_owned(), why: error.to_string() };
    serde_json::from_slice(&bytes).map(Some).map_err(damaged)
}

/// Writes a record: the old or the new one is there, never half of one.
pub(crate) fn write<T: Serialize>(path: &Path, record: &T) -> Result<(), Fault> {
    let text = serde_json::to_vec_pretty(record)
        .map_err(|error| Fault::Damaged { path: path.to_owned(), why: error.to_string() })?;
    let new = path.with_extension("new");
    let written = (|| {
        let mut file =
            fs::OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(&new)?;
        file.write_all(&text)?;
        file.sync_all()?;
        fs::rename(&new, path)
    })();
    written.map_err(|error| Fault::io(path, error))
}

/// The boot that this machine is in.
pub(crate) fn this_boot() -> String {
    fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default().trim().to_owned()
}
