//! Cuts the module where pages begin: what only one page needs becomes a chunk that is fetched when the page is opened.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::error::{BundleError, at};
use crate::work_dir::WorkDir;

/// The module in pieces, not yet bound to JavaScript.
pub(crate) struct Pieces {
    /// What every page needs.
    pub(crate) main: Vec<u8>,
    /// The rest, by the name that `loader` fetches it under, without `.wasm`.
    pub(crate) chunks: BTreeMap<String, Vec<u8>>,
    /// The script that fetches chunks and joins them with the main module.
    pub(crate) loader: String,
    /// For each page the chunks that it is made of.
    pub(crate) pages: BTreeMap<String, Vec<String>>,
}

/// How the module names the loader, and the loader the glue. Both end up in one file.
pub(crate) const LOADER: &str = "./loader.js";
/// The glue's name for the loader.
pub(crate) const GLUE: &str = "./skyport.js";

/// Cuts what cargo built; it must be linked with `--emit-relocs`.
pub(crate) fn cut(wasm: &Path) -> Result<Pieces, BundleError> {
    let input = fs::read(wasm).map_err(at("read", wasm))?;
    let work = WorkDir::new("cut")?;
    let main = work.path().join("main.wasm");
    let mut options = wasm_split_cli_support::Options::new(&input);
    options.output_dir = work.path();
    options.main_out_path = &main;
    options.main_module = GLUE;
    options.link_name = LOADER;
    let done = wasm_split_cli_support::transform(options)
        .map_err(|error| BundleError::Cut { path: wasm.to_path_buf(), reason: format!("{error:#}") })?;
    let mut chunks = BTreeMap::new();
    for path in &done.split_modules {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        chunks.insert(name, fs::read(path).map_err(at("read", path))?);
    }
    let loader = work.path().join(LOADER);
    let mut pages: BTreeMap<String, Vec<String>> = done.prefetch_map.into_iter().collect();
    for names in pages.values_mut() {
        // Pages without code of their own are listed with chunks that were not written.
        names.retain(|name| chunks.contains_key(name));
    }
    Ok(Pieces {
        main: fs::read(&main).map_err(at("read", &main))?,
        loader: fs::read_to_string(&loader).map_err(at("read", &loader))?,
        chunks,
        pages,
    })
}

/// The loader with a chunk's name replaced by that of its file.
pub(crate) fn rename(loader: &str, name: &str, file: &str) -> Result<String, BundleError> {
    let named = format!("\"./{name}.wasm\"");
    if !loader.contains(&named) {
        return Err(BundleError::Loader { chunk: name.to_owned() });
    }
    Ok(loader.replace(&named, &format!("\"./{file}\"")))
}

#[cfg(test)]
mod tests {
    use super::rename;

    #[test]
    fn a_chunk_is_fetched_under_its_files_name_or_the_bundle_fails() {
        let loader = "fetch(new URL(\"./split_rows.wasm\", import.meta.url))";
        let renamed = rename(loader, "split_rows", "split_rows.00.wasm");
        assert_eq!(
            renamed.ok().as_deref(),
            Some("fetch(new URL(\"./split_rows.00.wasm\", import.meta.url))")
        );
        assert!(rename(loader, "rows", "rows.00.wasm").is_err());
    }
}
