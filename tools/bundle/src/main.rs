//! Turns the compiled frontend and the style sheets into the files that the browser loads: cut into pages, glue and
//! module by wasm-bindgen, small by wasm-opt and esbuild, named by their content, compressed once for every request.
//!
//! `./dev web` calls it; README of the output: `site.json` in the output folder lists every file with its sizes.

mod bind;
mod cut;
mod error;
mod site;
mod squeeze;
mod style;
mod tools;
mod work_dir;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

use crate::error::BundleError;
use crate::site::Site;
use crate::tools::Tools;

/// Makes the folder of files that the server embeds.
#[derive(Debug, Parser)]
struct Arguments {
    /// The frontend as cargo built it for wasm32-unknown-unknown.
    #[arg(long)]
    wasm: PathBuf,
    /// The folder of style sheets, with `static/` for files served as they are.
    #[arg(long)]
    style: PathBuf,
    /// The `node_modules` that holds binaryen and esbuild.
    #[arg(long)]
    node_modules: PathBuf,
    /// The folder to fill; its earlier content is replaced once the new one is complete.
    #[arg(long)]
    out: PathBuf,
}

fn main() -> ExitCode {
    match bundle(&Arguments::parse()) {
        Ok(summary) => {
            println!("{summary}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{}", error::with_causes(&error));
            ExitCode::FAILURE
        }
    }
}

/// Runs the whole pipeline and answers with the lines to print.
fn bundle(arguments: &Arguments) -> Result<String, BundleError> {
    let tools = Tools::find(&arguments.node_modules)?;
    let mut site = Site::start(&arguments.out)?;
    let pieces = cut::cut(&arguments.wasm)?;
    let glue = bind::bind(pieces.main)?;
    site.add_module(&tools.shrink_wasm(&glue.wasm)?)?;
    let mut loader = pieces.loader;
    for (name, chunk) in &pieces.chunks {
        let hashed = site.add_chunk(name, &tools.shrink_wasm(chunk)?)?;
        loader = cut::rename(&loader, name, &hashed)?;
    }
    site.add_pages(pieces.pages);
    site.add_script(&tools.shrink_script(&glue.js, &loader)?)?;
    for (path, text) in &glue.snippets {
        site.add_snippet(path, text.as_bytes())?;
    }
    site.add_style(&tools.shrink_style(&style::entry(&arguments.style)?, &arguments.style)?)?;
    for (name, content) in style::static_files(&arguments.style)? {
        site.add_static(&name, &content)?;
    }
    site.finish()
}
