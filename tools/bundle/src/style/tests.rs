//! The order of the sheets decides which rule wins, so it is held here.

use std::error::Error;
use std::fs;

use super::{entry, static_files};

#[test]
fn without_an_entry_sheet_tokens_come_first_and_the_rest_by_name() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    fs::create_dir_all(folder.path().join("ui"))?;
    fs::create_dir_all(folder.path().join("static"))?;
    for name in [
        "frame.css",
        "ui/button.css",
        "base.css",
        "tokens.css",
        ".draft.css",
        "static/print.css",
        "notes.txt",
    ] {
        fs::write(folder.path().join(name), "")?;
    }
    assert_eq!(
        entry(folder.path())?,
        "@import \"./tokens.css\";\n@import \"./base.css\";\n@import \"./frame.css\";\n@import \"./ui/button.css\";\n"
    );
    Ok(())
}

#[test]
fn an_entry_sheet_says_the_order_itself() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    fs::write(folder.path().join("tokens.css"), "")?;
    fs::write(folder.path().join("skyport.css"), "@import \"./late.css\";")?;
    assert_eq!(entry(folder.path())?, "@import \"./late.css\";");
    Ok(())
}

#[test]
fn static_files_are_listed_by_name_and_need_not_exist() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    assert!(static_files(folder.path())?.is_empty());
    fs::create_dir_all(folder.path().join("static"))?;
    fs::write(folder.path().join("static/b.svg"), "b")?;
    fs::write(folder.path().join("static/a.svg"), "a")?;
    let names: Vec<_> = static_files(folder.path())?.into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["a.svg", "b.svg"]);
    Ok(())
}
