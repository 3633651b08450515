//! The output folder: every file named by its content, with its compressed forms beside it, and the list of them.
//!
//! The folder is filled under another name and moved into place at the end, so that a reader never sees half of it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::error::{BundleError, at};
use crate::squeeze;

/// One file of the site, as `site.json` tells it. Sizes in bytes.
#[derive(Debug, Serialize)]
struct Asset {
    /// Path below the site's folder and below the site's root in the browser, without the leading slash.
    path: String,
    raw: usize,
    /// Size of `<path>.br`; absent where compression gains nothing and no such file exists.
    br: Option<usize>,
    /// Size of `<path>.gz`; absent like `br`.
    gz: Option<usize>,
}

impl Asset {
    /// Bytes on the way to a browser of today.
    fn travels(&self) -> usize {
        self.br.unwrap_or(self.raw)
    }
}

/// `site.json`.
#[derive(Debug, Default, Serialize)]
struct Manifest {
    js: Option<Asset>,
    wasm: Option<Asset>,
    css: Option<Asset>,
    /// By the name in `style/static`.
    #[serde(rename = "static")]
    statics: BTreeMap<String, Asset>,
    /// By the path that the glue imports.
    snippets: BTreeMap<String, Asset>,
    /// Pieces of the module, by name.
    chunks: BTreeMap<String, Asset>,
    /// The chunks of each page that is fetched when it is opened.
    pages: BTreeMap<String, Vec<String>>,
    /// What a first visit of the home page loads, compressed by brotli: glue, module, style, snippets.
    first_visit_br: usize,
    /// The same of each page that has chunks: these and all of the home page's.
    first_visit_of_br: BTreeMap<String, usize>,
}

/// A site being made.
pub(crate) struct Site {
    work: PathBuf,
    out: PathBuf,
    manifest: Manifest,
}

impl Site {
    /// Starts an empty site that will become `out`.
    pub(crate) fn start(out: &Path) -> Result<Self, BundleError> {
        let work = out.with_extension(format!("new-{}", std::process::id()));
        fs::create_dir_all(work.join("pkg")).map_err(at("create", &work))?;
        Ok(Self { work, out: out.to_path_buf(), manifest: Manifest::default() })
    }

    /// The WebAssembly module.
    pub(crate) fn add_module(&mut self, content: &[u8]) -> Result<(), BundleError> {
        self.manifest.wasm = Some(self.add(&hashed("skyport.wasm", content), content)?);
        Ok(())
    }

    /// A piece of the module; answers with the name of its file.
    pub(crate) fn add_chunk(&mut self, name: &str, content: &[u8]) -> Result<String, BundleError> {
        let file = hashed(&format!("{name}.wasm"), content);
        self.manifest.chunks.insert(name.to_owned(), self.add(&file, content)?);
        Ok(file)
    }

    /// Which chunks each page is made of.
    pub(crate) fn add_pages(&mut self, pages: BTreeMap<String, Vec<String>>) {
        self.manifest.pages = pages;
    }

    /// The JavaScript glue.
    pub(crate) fn add_script(&mut self, content: &[u8]) -> Result<(), BundleError> {
        self.manifest.js = Some(self.add(&hashed("skyport.js", content), content)?);
        Ok(())
    }

    /// The style sheet.
    pub(crate) fn add_style(&mut self, content: &[u8]) -> Result<(), BundleError> {
        self.manifest.css = Some(self.add(&hashed("skyport.css", content), content)?);
        Ok(())
    }

    /// A file that the glue imports by a path which already carries a hash.
    pub(crate) fn add_snippet(&mut self, path: &str, content: &[u8]) -> Result<(), BundleError> {
        let asset = self.add(path, content)?;
        self.manifest.snippets.insert(path.to_owned(), asset);
        Ok(())
    }

    /// A file served as it is, under a hashed name.
    pub(crate) fn add_static(&mut self, name: &str, content: &[u8]) -> Result<(), BundleError> {
        let asset = self.add(&hashed(name, content), content)?;
        self.manifest.statics.insert(name.to_owned(), asset);
        Ok(())
    }

    fn add(&self, name: &str, content: &[u8]) -> Result<Asset, BundleError> {
        let path = format!("pkg/{name}");
        let file = self.work.join(&path);
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder).map_err(at("create", folder))?;
        }
        fs::write(&file, content).map_err(at("write", &file))?;
        let br = beside(&file, "br", content, &squeeze::brotli(content).map_err(at("compress", &file))?)?;
        let gz = beside(&file, "gz", content, &squeeze::gzip(content).map_err(at("compress", &file))?)?;
        Ok(Asset { path, raw: content.len(), br, gz })
    }

    /// Writes the list, moves the folder into place and answers with a table of sizes.
    pub(crate) fn finish(mut self) -> Result<String, BundleError> {
        let mut table = String::new();
        let manifest = &self.manifest;
        let loaded = [&manifest.js, &manifest.wasm, &manifest.css].into_iter().flatten();
        let loaded: Vec<&Asset> = loaded.chain(manifest.snippets.values()).collect();
        for asset in loaded.iter().copied().chain(manifest.chunks.values()) {
            let (gz, br) = (asset.gz.unwrap_or(asset.raw), asset.travels());
            // Writing to a String cannot fail.
            let _ = writeln!(table, "{:>9} raw {gz:>8} gzip {br:>8} brotli  {}", asset.raw, asset.path);
        }
        let total: usize = loaded.iter().map(|asset| asset.travels()).sum();
        let _ = write!(table, "first visit: {total} bytes brotli ({:.1} kB)", total as f64 / 1000.0);
        let mut totals = BTreeMap::new();
        for (page, names) in &manifest.pages {
            let own: usize =
                names.iter().filter_map(|name| manifest.chunks.get(name)).map(Asset::travels).sum();
            let _ = write!(table, "\n  {page}: {own} more ({:.1} kB)", (total + own) as f64 / 1000.0);
            totals.insert(page.clone(), total + own);
        }
        self.manifest.first_visit_br = total;
        self.manifest.first_visit_of_br = totals;
        let list = self.work.join("site.json");
        fs::write(&list, serde_json::to_vec_pretty(&self.manifest)?).map_err(at("write", &list))?;
        if self.out.exists() {
            fs::remove_dir_all(&self.out).map_err(at("remove", &self.out))?;
        }
        fs::rename(&self.work, &self.out).map_err(at("move into place", &self.out))?;
        Ok(table)
    }
}

/// Writes a compressed form, unless it is no smaller.
fn beside(file: &Path, extension: &str, content: &[u8], packed: &[u8]) -> Result<Option<usize>, BundleError> {
    if packed.len() >= content.len() {
        return Ok(None);
    }
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(extension);
    let path = PathBuf::from(name);
    fs::write(&path, packed).map_err(at("write", &path))?;
    Ok(Some(packed.len()))
}

/// `name.ext` with twelve hexadecimal digits of the content's SHA-256 before the extension.
fn hashed(name: &str, content: &[u8]) -> String {
    let digest = Sha256::digest(content);
    let mut hash = String::new();
    for byte in &digest[..6] {
        let _ = write!(hash, "{byte:02x}");
    }
    match name.rsplit_once('.') {
        Some((stem, extension)) => format!("{stem}.{hash}.{extension}"),
        None => format!("{name}.{hash}"),
    }
}

#[cfg(test)]
mod tests;
