//! The style sheets in their order, and the files beside them that are served as they are.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::error::{BundleError, at};

/// The sheet that imports the others in the order that matters, where there is one.
const ENTRY: &str = "skyport.css";

/// Sheets that come before all others where no entry sheet says the order.
const FIRST: [&str; 3] = ["tokens.css", "reset.css", "base.css"];

/// The text of the entry sheet: `skyport.css` if it exists, else imports of every sheet of the folder and of its
/// sub-folders (one level), first those of [`FIRST`], then by name.
pub(crate) fn entry(folder: &Path) -> Result<String, BundleError> {
    let entry = folder.join(ENTRY);
    if entry.is_file() {
        return fs::read_to_string(&entry).map_err(at("read", &entry));
    }
    let mut sheets = Vec::new();
    collect_sheets(folder, "", &mut sheets)?;
    sheets.sort_by_key(|name| {
        (FIRST.iter().position(|first| first == name).unwrap_or(FIRST.len()), name.clone())
    });
    let mut text = String::new();
    for name in sheets {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "@import \"./{name}\";");
    }
    Ok(text)
}

fn collect_sheets(folder: &Path, prefix: &str, into: &mut Vec<String>) -> Result<(), BundleError> {
    if !folder.is_dir() {
        return Ok(());
    }
    for item in fs::read_dir(folder).map_err(at("list", folder))? {
        let item = item.map_err(at("list", folder))?;
        let Ok(name) = item.file_name().into_string() else { continue };
        let path = item.path();
        if path.is_dir() {
            if prefix.is_empty() && name != "static" {
                collect_sheets(&path, &format!("{name}/"), into)?;
            }
        } else if !name.starts_with('.') && path.extension().is_some_and(|extension| extension == "css") {
            into.push(format!("{prefix}{name}"));
        }
    }
    Ok(())
}

/// The files of `static/`, by name, sorted.
pub(crate) fn static_files(folder: &Path) -> Result<Vec<(String, Vec<u8>)>, BundleError> {
    let folder = folder.join("static");
    let mut files = Vec::new();
    if !folder.is_dir() {
        return Ok(files);
    }
    for item in fs::read_dir(&folder).map_err(at("list", &folder))? {
        let path = item.map_err(at("list", &folder))?.path();
        let name = path.file_name().and_then(|name| name.to_str()).map(str::to_owned);
        if let Some(name) = name
            && path.is_file()
            && !name.starts_with('.')
        {
            files.push((name, fs::read(&path).map_err(at("read", &path))?));
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests;
