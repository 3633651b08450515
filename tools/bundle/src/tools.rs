//! The two tools from the pinned npm packages that make things small: binaryen's wasm-opt and esbuild.
//!
//! They read and write files, so each call works in a folder of its own that is removed afterwards.

use std::ffi::OsStr;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::cut;
use crate::error::{BundleError, at};
use crate::work_dir::WorkDir;

/// What rustc lets wasm32 use by default: wasm-opt must know, since the section that says so is gone by then.
/// Source: rustc's platform support page of wasm32-unknown-unknown, "Enabled WebAssembly features".
const WASM_FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// What wasm-opt does, in this order: what every browser gains from, and nothing that brotli loses by.
/// `-Oz` makes the module a sixth smaller but its compressed form, which is what travels, a tenth larger (measured:
/// 548 kB against 498 kB), since it folds away the likeness of the many instances of one generic function.
const PASSES: [&str; 11] = [
    "--strip-debug",
    "--strip-producers",
    "--duplicate-function-elimination",
    "--remove-unused-module-elements",
    "--precompute",
    "--optimize-instructions",
    "--vacuum",
    "--remove-unused-brs",
    "--remove-unused-names",
    "--merge-blocks",
    "--duplicate-function-elimination",
];

/// Browsers that run WebAssembly with those features also read this JavaScript and CSS unchanged.
const BROWSERS: &str = "--target=chrome111,firefox114,safari16.4";

/// Where the tools are.
pub(crate) struct Tools {
    wasm_opt: PathBuf,
    esbuild: PathBuf,
}

impl Tools {
    /// Looks the tools up in a `node_modules` folder.
    pub(crate) fn find(node_modules: &Path) -> Result<Self, BundleError> {
        // Absolute, since esbuild runs in the folder of the style sheets.
        let node_modules = node_modules.canonicalize().map_err(at("find", node_modules))?;
        let find = |name: &str| {
            let path = node_modules.join(".bin").join(name);
            if path.exists() { Ok(path) } else { Err(BundleError::NoTool { path }) }
        };
        Ok(Self { wasm_opt: find("wasm-opt")?, esbuild: find("esbuild")? })
    }

    /// The module or a chunk of it, made small for the way to the browser.
    pub(crate) fn shrink_wasm(&self, wasm: &[u8]) -> Result<Vec<u8>, BundleError> {
        let work = WorkDir::new("wasm")?;
        let (from, to) = (work.write("in.wasm", wasm)?, work.path().join("out.wasm"));
        let mut command = Command::new(&self.wasm_opt);
        command.args(WASM_FEATURES).args(PASSES);
        run("wasm-opt", command.arg(&from).arg("-o").arg(&to), &[])?;
        read(&to)
    }

    /// Glue and loader, which import each other, as one minified module; exports and behaviour stay.
    pub(crate) fn shrink_script(&self, glue: &str, loader: &str) -> Result<Vec<u8>, BundleError> {
        let work = WorkDir::new("js")?;
        let (from, to) = (work.write(cut::GLUE, glue.as_bytes())?, work.path().join("out.js"));
        work.write(cut::LOADER, loader.as_bytes())?;
        let mut command = self.esbuild(&to);
        command.args(["--bundle", "--format=esm", "--legal-comments=none", "--external:./snippets/*"]);
        run("esbuild", command.arg(&from), &[])?;
        read(&to)
    }

    /// The style sheet with all its imports in one text, minified. Imports are looked up in `folder`.
    pub(crate) fn shrink_style(&self, entry: &str, folder: &Path) -> Result<Vec<u8>, BundleError> {
        let work = WorkDir::new("css")?;
        let to = work.path().join("out.css");
        let mut command = self.esbuild(&to);
        // From standard input, so that its imports are those of the folder it runs in.
        command.args(["--bundle", "--loader=css", "--external:/pkg/*"]).current_dir(folder);
        run("esbuild", &mut command, entry.as_bytes())?;
        read(&to)
    }

    fn esbuild(&self, to: &Path) -> Command {
        let mut outfile = OsStr::new("--outfile=").to_owned();
        outfile.push(to);
        let mut command = Command::new(&self.esbuild);
        command.args(["--minify", "--charset=utf8", "--log-level=warning", BROWSERS]).arg(outfile);
        command
    }
}

/// Runs a tool to its end with `input` as its standard input; what it printed is kept for the error.
fn run(tool: &'static str, command: &mut Command, input: &[u8]) -> Result<(), BundleError> {
    let program = PathBuf::from(command.get_program());
    let started = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn();
    let mut child = started.map_err(at("start", &program))?;
    if let Some(mut pipe) = child.stdin.take() {
        // A tool that ends early says why itself.
        let _ = pipe.write_all(input);
    }
    let output = child.wait_with_output().map_err(at("run", &program))?;
    if output.status.success() {
        return Ok(());
    }
    Err(BundleError::Tool { tool, output: String::from_utf8_lossy(&output.stderr).into_owned() })
}

fn read(path: &Path) -> Result<Vec<u8>, BundleError> {
    fs::read(path).map_err(at("read", path))
}
