//! A maker or a remover that was stopped anywhere leaves nothing that stands in the way.

use crate::place::Place;
use std::fs;

const ID: &str = "ddddddddddddddddddddddd1";

#[tokio::test]
async fn a_half_made_folder_of_each_stage_becomes_a_machine() {
    let stages: [&[&str]; 5] = [
        &[],
        &["seed/meta-data"],
        &["seed/meta-data", "seed.iso"],
        &["seed.iso", "disk.qcow2"],
        &["seed.iso", "disk.qcow2", "machine.json"],
    ];
    let place = Place::new();
    for (nth, files) in stages.iter().enumerate() {
        let half = place.machines().join(format!(".new-{ID}"));
        fs::create_dir_all(half.join("seed")).unwrap();
        for file in *files {
            fs::write(half.join(file), "half of somethi").unwrap();
        }
        assert_eq!(place.host.look(ID).await.unwrap(), None, "stage {nth}: it is no machine");
        assert_eq!(place.host.list().await.unwrap(), []);
        place.host.create(ID, &place.tiny()).await.unwrap();
        let folder = place.machines().join(ID);
        let names: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(names.len(), 2, "stage {nth}: seed and record, nothing of before: {names:?}");
        place.host.delete(ID).await.unwrap();
        assert_eq!(place.left(), Vec::<String>::new(), "stage {nth}");
    }
}

#[tokio::test]
async fn a_removal_that_was_stopped_is_finished() {
    let place = Place::new();
    place.host.create(ID, &place.tiny()).await.unwrap();
    let (folder, going) = (place.machines().join(ID), place.machines().join(format!(".gone-{ID}")));
    fs::rename(&folder, &going).unwrap();
    assert_eq!(place.host.look(ID).await.unwrap(), None);
    place.host.delete(ID).await.unwrap();
    assert_eq!(place.left(), Vec::<String>::new());

    // Or another of that id is made instead.
    place.host.create(ID, &place.tiny()).await.unwrap();
    fs::rename(&folder, &going).unwrap();
    place.host.create(ID, &place.tiny()).await.unwrap();
    assert!(folder.is_dir() && !going.exists());
}

#[tokio::test]
async fn what_lies_in_the_folder_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = Place::new();
    place.host.create(ID, &place.tiny()).await.unwrap();
    place.host.start(ID).await.unwrap();
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let folder = place.machines().join(ID);
    assert_eq!(
        (mode(&place.machines()), mode(&folder), mode(&folder.join("seed.iso"))),
        (0o700, 0o700, 0o600)
    );
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let is_log = path.extension().is_some_and(|end| end == "log" || end == "json");
        assert!(!is_log || mode(&path) == 0o600, "{} has mode {:o}", path.display(), mode(&path));
    }
}
