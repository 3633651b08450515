//! wasm-bindgen's macro and its command-line half speak a private format: they must be of one version.

use std::error::Error;

fn locked(lock: &toml::Table, name: &str) -> Vec<String> {
    let packages = lock.get("package").and_then(toml::Value::as_array).into_iter().flatten();
    packages
        .filter(|package| package.get("name").and_then(toml::Value::as_str) == Some(name))
        .filter_map(|package| package.get("version").and_then(toml::Value::as_str).map(str::to_owned))
        .collect()
}

#[test]
fn the_bundle_binds_with_the_wasm_bindgen_of_the_lock_file() -> Result<(), Box<dyn Error>> {
    let lock = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../Cargo.lock"))?;
    let lock: toml::Table = lock.parse()?;
    let library = locked(&lock, "wasm-bindgen");
    assert_eq!(library.len(), 1, "one wasm-bindgen for the page and the bundle: {library:?}");
    assert_eq!(library, locked(&lock, "wasm-bindgen-cli-support"));
    Ok(())
}
