//! What can go wrong while bundling, said so that the reader knows which file or tool to look at.

use std::error::Error;
use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};

/// A failure of the bundle.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BundleError {
    /// A file or folder could not be read or written.
    #[error("cannot {action} {}", path.display())]
    File {
        /// What was tried, as a verb.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The module could not be cut into pages.
    #[error("cannot cut {} into pages: {reason}. Was it linked with --emit-relocs, as .cargo/config.toml says?", path.display())]
    Cut {
        /// The module.
        path: PathBuf,
        /// The reason, in the words of the library that cuts.
        reason: String,
    },
    /// The loader does not fetch a chunk by the name that it was cut under.
    #[error(
        "the loader does not name the chunk {chunk}: has wasm_split_cli_support changed how it writes it?"
    )]
    Loader {
        /// The chunk.
        chunk: String,
    },
    /// wasm-bindgen refused the module.
    #[error(
        "wasm-bindgen cannot read the module: {reason}. Was it built with the wasm-bindgen of Cargo.lock?"
    )]
    Bind {
        /// wasm-bindgen's own words.
        reason: String,
    },
    /// A tool of `node_modules` is not there.
    #[error("{} is missing; `./dev web` installs it", path.display())]
    NoTool {
        /// Where it should be.
        path: PathBuf,
    },
    /// A tool ended with an error.
    #[error("{tool} failed:\n{output}")]
    Tool {
        /// Its name.
        tool: &'static str,
        /// What it printed.
        output: String,
    },
    /// A code path of wasm-bindgen that this bundle does not serve.
    #[error(
        "the frontend imports the npm packages {0}, and the bundle has no place for them: write the import as a snippet"
    )]
    NpmImport(String),
    /// The list of files could not be written down.
    #[error("cannot write the list of files")]
    Manifest(#[from] serde_json::Error),
}

/// Adds the path and the verb to an I/O error.
pub(crate) fn at(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> BundleError {
    let path = path.to_path_buf();
    move |source| BundleError::File { action, path, source }
}

/// An error with everything that led to it, on one line.
pub(crate) fn with_causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        // Writing to a String cannot fail.
        let _ = write!(text, ": {inner}");
        cause = inner.source();
    }
    text
}
