//! wasm-bindgen, called as a library so that its version is the one of Cargo.lock and no extra tool is needed.

use std::collections::BTreeMap;

use wasm_bindgen_cli_support::Bindgen;

use crate::error::BundleError;

/// The module and its JavaScript half, before they are made small.
pub(crate) struct Glue {
    /// An ES module whose default export starts the module whose address it is given.
    pub(crate) js: String,
    /// The module with its imports rewritten to what `js` offers.
    pub(crate) wasm: Vec<u8>,
    /// JavaScript that crates brought along, by the path that `js` imports it from.
    pub(crate) snippets: BTreeMap<String, String>,
}

/// Splits the main piece into module and glue.
pub(crate) fn bind(main: Vec<u8>) -> Result<Glue, BundleError> {
    let refused = |reason: String| BundleError::Bind { reason };
    let mut output = Bindgen::new()
        .input_bytes("skyport", main)
        .out_name("skyport")
        .web(true)
        .map_err(|error| refused(format!("{error:#}")))?
        .typescript(false)
        .demangle(false)
        // What the chunks take from the main module.
        .keep_lld_exports(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        // The page names the module, since its name carries a hash that the glue cannot know.
        .omit_default_module_path(true)
        .generate_output()
        .map_err(|error| refused(format!("{error:#}")))?;
    if !output.npm_dependencies().is_empty() {
        let names: Vec<_> = output.npm_dependencies().keys().cloned().collect();
        return Err(BundleError::NpmImport(names.join(", ")));
    }
    let mut snippets = BTreeMap::new();
    for (krate, texts) in output.snippets() {
        for (index, text) in texts.iter().enumerate() {
            snippets.insert(format!("snippets/{krate}/inline{index}.js"), text.clone());
        }
    }
    for (path, text) in output.local_modules() {
        snippets.insert(format!("snippets/{path}"), text.clone());
    }
    let js = output.js().to_owned();
    let wasm = output.wasm_mut().emit_wasm();
    Ok(Glue { js, wasm, snippets })
}
