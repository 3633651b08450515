//! Names of the site's files, which carry a hash of their content; the server reads them from its own binary.

/// Addresses of the built files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Assets {
    /// `/pkg/skyport.<hash>.js`
    pub js: String,
    /// `/pkg/skyport.<hash>.wasm`
    pub wasm: String,
    /// `/pkg/skyport.<hash>.css`
    pub css: String,
}
