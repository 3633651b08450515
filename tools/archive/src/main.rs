//! Makes the local archive: Parquet files that a cone search can skip through, and `archive.toml`, which says what
//! every table and column means. The same input gives the same bytes.
//!
//! The catalogues are those of the npm package d3-celestial (BSD-3-Clause); `./dev archive` fetches it and calls this.

mod describe;
mod error;
mod kinds;
mod source;
mod table;
mod tables;
mod write;

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;

use crate::error::ArchiveError;

/// Makes the folder of tables that the server serves as its local archive.
#[derive(Debug, Parser)]
struct Arguments {
    /// The folder `data` of the package d3-celestial.
    #[arg(long)]
    data: PathBuf,
    /// The folder to fill.
    #[arg(long)]
    out: PathBuf,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match make(&arguments.data, &arguments.out) {
        Ok(summary) => {
            print!("{summary}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprint!("{error}");
            let mut cause = error.source();
            while let Some(inner) = cause {
                eprint!(": {inner}");
                cause = inner.source();
            }
            eprintln!();
            ExitCode::FAILURE
        }
    }
}

/// Reads the catalogues, writes tables and description, answers with a line for each table.
fn make(data: &Path, out: &Path) -> Result<String, ArchiveError> {
    std::fs::create_dir_all(out).map_err(|source| ArchiveError::File {
        action: "create",
        path: out.into(),
        source,
    })?;
    let mut summary = String::new();
    let mut described = Vec::new();
    for table in tables::read_all(data)? {
        let bytes = write::write(&table, &out.join(table.file_name()))?;
        // Writing to a String cannot fail.
        let _ = writeln!(summary, "{:>9} rows {bytes:>9} bytes  {}", table.rows(), table.qualified_name());
        described.push(describe::table(&table));
    }
    describe::write(described, &out.join("archive.toml"))?;
    Ok(summary)
}
