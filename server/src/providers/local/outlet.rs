//! The way out of servers on this machine: what QEMU starts for each connection, and what that lets through.

use crate::config::Config;
use crate::files::write_whole;
use crate::providers::StartError;
use outlet::Policy;
use serde::{Deserialize, Serialize};
use std::fs;
use std::io;
use std::path::Path;

/// What is let through, as it stands in the file that each connection reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Where to.
    pub policy: Policy,
    /// How many connections of one machine at once.
    pub connections: u16,
}

impl Standing {
    /// Reads it.
    ///
    /// # Errors
    /// The file is not there or says something else.
    pub fn read(path: &Path) -> io::Result<Self> {
        Ok(serde_json::from_slice(&fs::read(path)?)?)
    }
}

/// What QEMU starts for each connection out; nothing where there is no way out. What is let through is written down also
/// when that is nothing any more: machines that were started with a way out still ask.
///
/// # Errors
/// A sentence for the operator: it cannot be written down, or this program's own place is not known.
pub fn command(config: &Config) -> Result<Option<Vec<String>>, StartError> {
    let (outlet, file) = (&config.servers.local.outlet, config.outlet_file());
    if outlet.is_open() || file.exists() {
        let standing = Standing { policy: outlet.policy(), connections: outlet.connections };
        write_whole(&file, &serde_json::to_vec(&standing)?)
            .map_err(|error| format!("{} cannot be written: {error}", file.display()))?;
    }
    if !outlet.is_open() {
        return Ok(None);
    }
    let words = [std::env::current_exe()?, "outlet".into(), std::path::absolute(file)?];
    let mut line = Vec::new();
    for word in words {
        line.push(
            word.into_os_string().into_string().map_err(|word| format!("{} is not UTF-8", word.display()))?,
        );
    }
    Ok(Some(line))
}
