//! Names, compressed forms and the list, on a site of a few words.

use std::error::Error;
use std::fs;
use std::io::Read as _;

use super::Site;

#[test]
fn a_site_holds_hashed_files_their_compressed_forms_and_the_list() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let out = folder.path().join("site");
    // What an earlier run left behind is replaced, not mixed in.
    fs::create_dir_all(out.join("pkg"))?;
    fs::write(out.join("pkg/skyport.000000000000.js"), "old")?;

    let script = "export default function start() {}\n".repeat(100);
    let mut site = Site::start(&out)?;
    site.add_module(b"\0asm")?;
    site.add_script(script.as_bytes())?;
    site.add_style(b"a{}")?;
    site.add_static("favicon.svg", b"<svg/>")?;
    site.finish()?;

    let list: serde_json::Value = serde_json::from_slice(&fs::read(out.join("site.json"))?)?;
    // The first twelve digits of the SHA-256 of the four bytes "\0asm".
    assert_eq!(list["wasm"]["path"], "pkg/skyport.cd5d4935a48c.wasm");
    // Four bytes do not get smaller: no compressed form, and the list says so.
    assert!(list["wasm"]["br"].is_null());
    assert!(!out.join("pkg/skyport.cd5d4935a48c.wasm.br").exists());
    assert!(!out.join("pkg/skyport.000000000000.js").exists());
    assert!(
        list["static"]["favicon.svg"]["path"].as_str().is_some_and(|path| path.starts_with("pkg/favicon."))
    );

    let path = out.join(list["js"]["path"].as_str().ok_or("no script")?);
    assert_eq!(fs::read_to_string(&path)?, script);
    let mut unzipped = String::new();
    let zipped = fs::read(format!("{}.gz", path.display()))?;
    flate2::read::GzDecoder::new(&zipped[..]).read_to_string(&mut unzipped)?;
    assert_eq!(unzipped, script);
    let mut unpacked = Vec::new();
    let packed = fs::read(format!("{}.br", path.display()))?;
    brotli::BrotliDecompress(&mut &packed[..], &mut unpacked)?;
    assert_eq!(unpacked, script.as_bytes());
    assert_eq!(list["js"]["br"], packed.len());
    Ok(())
}

#[test]
fn a_page_with_chunks_is_counted_with_them() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let out = folder.path().join("site");
    let mut site = Site::start(&out)?;
    site.add_module(b"\0asm")?;
    let file = site.add_chunk("split_rows", b"\0asm1")?;
    site.add_pages([("rows".to_owned(), vec!["split_rows".to_owned()])].into());
    site.finish()?;

    let list: serde_json::Value = serde_json::from_slice(&fs::read(out.join("site.json"))?)?;
    assert_eq!(list["chunks"]["split_rows"]["path"], format!("pkg/{file}"));
    assert_eq!(fs::read(out.join("pkg").join(file))?, b"\0asm1");
    assert_eq!(list["pages"]["rows"], serde_json::json!(["split_rows"]));
    assert_eq!((&list["first_visit_br"], &list["first_visit_of_br"]["rows"]), (&4.into(), &9.into()));
    Ok(())
}
