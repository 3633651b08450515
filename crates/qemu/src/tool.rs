//! Programs of others, bounded in time.

use crate::fault::Fault;
use std::ffi::OsStr;
use std::io::ErrorKind;
use std::path::Path;
use std::process::{Command, Stdio};

/// A program and the package that brings it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tool {
    pub(crate) program: &'static str,
    pub(crate) package: &'static str,
}

pub(crate) const QEMU: Tool = Tool { program: "qemu-system-x86_64", package: "qemu-system-x86" };
pub(crate) const QEMU_IMG: Tool = Tool { program: "qemu-img", package: "qemu-utils" };
pub(crate) const GENISOIMAGE: Tool = Tool { program: "genisoimage", package: "genisoimage" };
pub(crate) const SETSID: Tool = Tool { program: "setsid", package: "util-linux" };
pub(crate) const SHA256SUM: Tool = Tool { program: "sha256sum", package: "coreutils" };
pub(crate) const ALL: [Tool; 5] = [QEMU, QEMU_IMG, GENISOIMAGE, SETSID, SHA256SUM];

impl Tool {
    /// Whether it is on the path.
    pub(crate) fn is_there(self) -> bool {
        let path = std::env::var_os("PATH").unwrap_or_default();
        std::env::split_paths(&path).any(|folder| folder.join(self.program).is_file())
    }

    pub(crate) fn missing(self) -> Fault {
        Fault::ToolMissing { program: self.program, package: self.package }
    }

    /// Runs it to its end, at most `seconds`; gives its standard output.
    pub(crate) fn run<A: AsRef<OsStr>>(
        self,
        folder: &Path,
        arguments: impl IntoIterator<Item = A>,
        seconds: u32,
    ) -> Result<Vec<u8>, Fault> {
        if !self.is_there() {
            return Err(self.missing());
        }
        let output = Command::new("timeout")
            .arg("--kill-after=5")
            .arg(seconds.to_string())
            .arg(self.program)
            .args(arguments)
            .current_dir(folder)
            .stdin(Stdio::null())
            .output()
            .map_err(|error| match error.kind() {
                ErrorKind::NotFound => Fault::ToolMissing { program: "timeout", package: "coreutils" },
                _ => Fault::ToolFailed { program: self.program, words: error.to_string() },
            })?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        let words = last_words(&output.stderr);
        if words.contains("No space left") {
            return Err(Fault::DiskFull { path: folder.to_owned() });
        }
        let words = if output.status.code() == Some(124) {
            format!("no end after {seconds} s. {words}")
        } else {
            words
        };
        Err(Fault::ToolFailed { program: self.program, words })
    }
}

/// The end of what a program said, one line, at most 400 characters.
pub(crate) fn last_words(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let count = line.chars().count();
    line.chars().skip(count.saturating_sub(400)).filter(|c| !c.is_control()).collect()
}
