//! Base images: those that the build scripts put into the images folder, each with a description beside it, and those
//! from elsewhere by configuration.

use crate::fault::Fault;
use crate::folder::Root;
use crate::settings::{ExtraImage, Settings};
use crate::tool::{QEMU_IMG, SHA256SUM};
use serde::Deserialize;
use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Component, Path, PathBuf};

/// A base image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// Its name. It stays with one content for ever.
    pub name: String,
    /// What its successors have in common: "debian".
    pub family: String,
    /// Its title for people.
    pub title: String,
    /// "Debian".
    pub system: String,
    /// "12".
    pub version: String,
    /// Whom one signs in as.
    pub access_user: String,
    /// GiB; 0 for one that lives in memory alone.
    pub min_disk_gib: u64,
    /// MiB.
    pub min_memory_mib: u64,
    /// Whether cloud-init is in it.
    pub takes_user_data: bool,
    /// Whether it is the newest of its family.
    pub is_newest: bool,
}

/// An image with its files.
#[derive(Debug, Clone)]
pub(crate) struct Base {
    pub(crate) image: Image,
    built: String,
    /// What the console shows when ssh answers.
    pub(crate) ready: String,
    pub(crate) kernel: Option<Part>,
    pub(crate) initrd: Option<Part>,
    pub(crate) disk: Option<Part>,
}

/// One file of an image.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    pub(crate) path: PathBuf,
    sha256: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Description {
    family: String,
    built: String,
    title: String,
    system: String,
    version: String,
    access_user: String,
    ready: String,
    min_disk_gib: u64,
    min_memory_mib: u64,
    cloud_init: bool,
    kernel: Option<File>,
    initrd: Option<File>,
    disk: Option<File>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    file: PathBuf,
    sha256: String,
}

/// All images, by name. A description that cannot be read counts as none; [`find`] says what is wrong with it.
pub(crate) fn all(settings: &Settings) -> Result<Vec<Base>, Fault> {
    let mut bases: Vec<Base> = settings.extra_images.iter().map(extra).collect();
    let entries = match fs::read_dir(&settings.images) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(bases),
        Err(error) => return Err(Fault::io(&settings.images, error)),
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        if let Some(name) = name.to_str().and_then(|name| name.strip_suffix(".toml"))
            && !name.starts_with('.')
            && let Ok(base) = described(&settings.images, name)
        {
            bases.push(base);
        }
    }
    bases.sort_by(|a, b| a.image.name.cmp(&b.image.name));
    for at in 0..bases.len() {
        let (family, built) = (&bases[at].image.family, &bases[at].built);
        let newer = bases.iter().any(|other| other.image.family == *family && other.built > *built);
        bases[at].image.is_newest = !newer;
    }
    Ok(bases)
}

/// The image of that name, or the newest of that family.
pub(crate) fn find(settings: &Settings, name: &str) -> Result<Base, Fault> {
    let all = all(settings)?;
    if let Some(base) = all.iter().find(|base| base.image.name == name) {
        return Ok(base.clone());
    }
    if let Some(base) = all.iter().find(|base| base.image.family == name && base.image.is_newest) {
        return Ok(base.clone());
    }
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    if !name.is_empty() && name.bytes().all(plain) && settings.images.join(format!("{name}.toml")).is_file() {
        return described(&settings.images, name);
    }
    Err(Fault::ImageMissing { image: name.chars().take(80).collect() })
}

fn described(folder: &Path, name: &str) -> Result<Base, Fault> {
    let damaged = |why: String| Fault::ImageDamaged { image: name.to_owned(), why };
    let path = folder.join(format!("{name}.toml"));
    let text = fs::read_to_string(&path).map_err(|error| Fault::io(&path, error))?;
    let said: Description =
        toml::from_str(&text).map_err(|error| damaged(format!("its description: {}", error.message())))?;
    let part = |file: Option<File>| {
        let Some(file) = file else { return Ok(None) };
        if !file.file.components().all(|part| matches!(part, Component::Normal(_))) {
            return Err(damaged(format!("{} leads out of the folder", file.file.display())));
        }
        Ok(Some(Part { path: folder.join(file.file), sha256: file.sha256 }))
    };
    let base = Base {
        image: Image {
            name: name.to_owned(),
            family: said.family,
            title: said.title,
            system: said.system,
            version: said.version,
            access_user: said.access_user,
            min_disk_gib: said.min_disk_gib,
            min_memory_mib: said.min_memory_mib,
            takes_user_data: said.cloud_init,
            is_newest: true,
        },
        built: said.built,
        ready: said.ready,
        kernel: part(said.kernel)?,
        initrd: part(said.initrd)?,
        disk: part(said.disk)?,
    };
    if base.kernel.is_none() && base.disk.is_none() {
        return Err(damaged("it names neither a kernel nor a disk".to_owned()));
    }
    Ok(base)
}

fn extra(extra: &ExtraImage) -> Base {
    Base {
        image: Image {
            name: extra.name.clone(),
            family: extra.name.clone(),
            title: extra.title.clone(),
            system: extra.system.clone(),
            version: extra.version.clone(),
            access_user: extra.access_user.clone(),
            min_disk_gib: extra.min_disk_gib,
            min_memory_mib: extra.min_memory_mib,
            takes_user_data: true,
            is_newest: true,
        },
        built: String::new(),
        ready: crate::host_key::END.to_owned(),
        kernel: None,
        initrd: None,
        disk: Some(Part { path: extra.path.clone(), sha256: extra.sha256.to_ascii_lowercase() }),
    }
}

impl Base {
    /// Compares its files with their checksums: once, and again when a file was changed. A disk must stand alone, so
    /// that no image shows guests another file of this machine.
    pub(crate) fn check(&self, root: &Root) -> Result<(), Fault> {
        for part in [&self.kernel, &self.initrd, &self.disk].into_iter().flatten() {
            self.check_part(root, part)?;
        }
        Ok(())
    }

    fn check_part(&self, root: &Root, part: &Part) -> Result<(), Fault> {
        let damaged = |why: String| Fault::ImageDamaged { image: self.image.name.clone(), why };
        let shown = part.path.display();
        let found = fs::metadata(&part.path).map_err(|error| damaged(format!("{shown}: {error}")))?;
        let known = root.checked().join(format!("{}-{}", part.sha256, found.ino()));
        let state = format!("{} {} {}", found.len(), found.mtime(), found.mtime_nsec());
        if fs::read_to_string(&known).is_ok_and(|text| text == state) {
            return Ok(());
        }
        let folder = part.path.parent().unwrap_or(Path::new("/"));
        let sum = SHA256SUM.run(folder, ["--binary".as_ref(), part.path.as_os_str()], 600)?;
        let sum = String::from_utf8_lossy(&sum);
        // A name with a backslash in it makes the line begin with one.
        if !sum.trim_start_matches('\\').starts_with(&part.sha256) || part.sha256.len() != 64 {
            return Err(damaged(format!("{shown} has another checksum than its description says")));
        }
        if self.disk.as_ref().is_some_and(|disk| disk.path == part.path) {
            let told = QEMU_IMG.run(
                folder,
                [
                    "info".as_ref(),
                    "--output=json".as_ref(),
                    "-f".as_ref(),
                    "qcow2".as_ref(),
                    part.path.as_os_str(),
                ],
                60,
            )?;
            let told: serde_json::Value = serde_json::from_slice(&told).unwrap_or_default();
            let data_file = told.pointer("/format-specific/data/data-file");
            if told.get("backing-filename").is_some() || data_file.is_some() {
                return Err(damaged(format!("{shown} is a layer over another file")));
            }
        }
        fs::create_dir_all(root.checked())
            .and_then(|()| fs::write(&known, state))
            .map_err(|error| Fault::io(&known, error))
    }
}
