//! `skyport images build`: a base image of local servers, made on this machine out of Debian's packages. The scripts are in
//! the binary, so that no repository is needed.

use crate::clock::Entropy;
use crate::config::Config;
use crate::ids::new_id;
use clap::{Subcommand, ValueEnum};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What can be done with base images.
#[derive(Debug, Clone, Subcommand)]
pub enum ImagesCommand {
    /// Build an image into the configured folder (a minute, and some 200 MB of packages), unless it is there.
    Build {
        /// Which one.
        kind: ImageKind,
    },
    /// List the images of the configured folder.
    List,
}

/// The images that can be built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ImageKind {
    /// In memory alone, for trying things out: 17 MB.
    Tiny,
    /// A real Debian 12: 370 MB.
    Debian,
}

/// The scripts, by name.
const SCRIPTS: [(&str, &str); 3] = [
    ("build.sh", include_str!("../../tools/images/build.sh")),
    ("debian-guest.sh", include_str!("../../tools/images/debian-guest.sh")),
    ("init", include_str!("../../tools/images/init")),
];

/// The images cannot be built or listed.
#[derive(Debug, thiserror::Error)]
pub enum ImagesError {
    /// A file or folder cannot be used.
    #[error("{} cannot be used", path.display())]
    Folder {
        /// Which.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The scripts cannot be run.
    #[error("bash, which builds images, cannot be run")]
    NoShell(#[source] io::Error),
    /// A script said no; it has said why.
    #[error("the image was not built; the reason is above")]
    NotBuilt,
    /// The images cannot be read.
    #[error("the images cannot be listed")]
    NotListed(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Does it; what is printed on standard output is for scripts too: names.
pub async fn run(config: &Config, command: &ImagesCommand) -> Result<(), ImagesError> {
    match command {
        ImagesCommand::Build { kind } => build(&config.images_folder(), *kind),
        ImagesCommand::List => list(config).await,
    }
}

fn build(folder: &Path, kind: ImageKind) -> Result<(), ImagesError> {
    let at = |path: &Path| {
        let path = path.to_owned();
        move |source| ImagesError::Folder { path, source }
    };
    let scripts = folder.join(format!(".scripts-{}", new_id(&Entropy::system())));
    fs::create_dir_all(&scripts).map_err(at(&scripts))?;
    let built = (|| {
        for (name, text) in SCRIPTS {
            let path = scripts.join(name);
            fs::write(&path, text).map_err(at(&path))?;
        }
        let kind = match kind {
            ImageKind::Tiny => "tiny",
            ImageKind::Debian => "debian",
        };
        eprintln!("building the image {kind} into {}", folder.display());
        let ended = Command::new("bash")
            .arg(scripts.join("build.sh"))
            .arg(kind)
            .arg(folder)
            .stdin(Stdio::null())
            .status()
            .map_err(ImagesError::NoShell)?;
        if ended.success() { Ok(()) } else { Err(ImagesError::NotBuilt) }
    })();
    fs::remove_dir_all(&scripts).map_err(at(&scripts))?;
    built
}

async fn list(config: &Config) -> Result<(), ImagesError> {
    let site = crate::providers::local::LocalSite::new(
        config,
        crate::clock::Clock::system(),
        Entropy::system(),
        None,
    )
    .map_err(ImagesError::NotListed)?;
    let images = site.images().await.map_err(|fault| ImagesError::NotListed(Box::new(fault)))?;
    for image in images {
        let newest = if image.is_newest { "newest" } else { "older" };
        println!("{}\t{}\t{newest}", image.name, image.title);
    }
    Ok(())
}
