//! What a keeper keeps, without a machine: a log within its bounds, whatever comes.

use super::{KEEPER, KEEPER_NAME, await_end, hold, is_held};
use crate::folder::{Folder, length};
use std::fs;
use std::io::{PipeWriter, Write as _};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

const MIB: u64 = 1 << 20;
const PATIENCE: Duration = Duration::from_mins(1);

/// A keeper of the console in a folder, with the pipe that leads to it.
fn keeper(folder: &Folder) -> (Child, PipeWriter) {
    let (reader, writer) = std::io::pipe().unwrap();
    let hold = hold(folder).unwrap().expect("nobody holds it");
    let mut command = Command::new("setsid");
    command.args(["sh", "-c", KEEPER, KEEPER_NAME, "console"]).current_dir(&folder.0);
    (command.stdin(reader).stdout(hold).stderr(Stdio::null()).spawn().unwrap(), writer)
}

#[test]
fn a_log_never_has_more_than_its_bounds_and_its_end_is_there() {
    let place = tempfile::tempdir().unwrap();
    let folder = Folder(place.path().to_owned());
    let (mut child, mut writer) = keeper(&folder);
    assert!(is_held(&folder), "as long as there is a keeper");
    for number in 0..700_000 {
        writeln!(writer, "{number:09}").unwrap();
        if number % 50_000 == 0 {
            assert!(length(&folder.console()) <= MIB && length(&folder.older_console()) <= MIB);
        }
    }
    writer.write_all(b"the last words").unwrap();
    drop(writer);
    assert!(child.wait().unwrap().success());
    assert!(await_end(&folder, PATIENCE) && !is_held(&folder));
    let (new, old) = (fs::read(folder.console()).unwrap(), fs::read(folder.older_console()).unwrap());
    assert!(new.len() as u64 <= MIB && old.len() as u64 <= MIB, "{} and {}", new.len(), old.len());
    assert_eq!(old.len() as u64, MIB, "it was full when it was put aside");
    assert!(new.ends_with(b"000699999\nthe last words"));
    let names = fs::read_dir(&folder.0).unwrap().count();
    assert_eq!(names, 3, "two logs and the lock");
}

#[test]
fn what_cannot_be_kept_is_read_all_the_same() {
    let place = tempfile::tempdir().unwrap();
    let folder = Folder(place.path().to_owned());
    // A folder in the log's place: it can neither be written nor be put aside, since that name is a folder with something in it.
    fs::create_dir(folder.console()).unwrap();
    fs::create_dir_all(folder.older_console().join("console.log/full")).unwrap();
    let (mut child, mut writer) = keeper(&folder);
    writer.write_all(&vec![b'x'; 4 << 20]).unwrap();
    drop(writer);
    assert!(child.wait().unwrap().success());
    assert!(await_end(&folder, PATIENCE));
}
