//! Names of the site's files, which carry a hash of their content; the server reads them from its own binary.

use std::collections::BTreeMap;

/// Addresses of the built files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Assets {
    /// `/pkg/skyport.<hash>.js`
    pub js: String,
    /// `/pkg/skyport.<hash>.wasm`
    pub wasm: String,
    /// `/pkg/skyport.<hash>.css`
    pub css: String,
    /// `/pkg/<piece>.<hash>.wasm`: the pieces of each page that is fetched when it is opened, by the page's name.
    pub pages: BTreeMap<String, Vec<String>>,
}
