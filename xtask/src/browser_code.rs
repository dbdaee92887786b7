//! The client: compiled to WASM, given its JavaScript glue, made small.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, anyhow, ensure};

use crate::fingerprint;
use crate::site_folder::files_below;
use crate::workspace::{Quality, Workspace, say};

/// Says from what the folder was made.
const STAMP: &str = "inputs";
const TARGET: &str = "wasm32-unknown-unknown";

/// What rustc emits for this target since 1.82; without naming them wasm-opt refuses the file.
const WASM_OPT: [&str; 8] = [
    "-Oz",
    "--enable-bulk-memory",
    "--enable-call-indirect-overlong",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// The files of the client by their names in one folder, in which they find each other.
pub struct BrowserCode {
    pub files: BTreeMap<String, Vec<u8>>,
}

impl BrowserCode {
    /// The module's parts but the first.
    pub fn parts(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str).filter(|name| is_module(Path::new(name)) && *name != MODULE)
    }
}

fn is_module(file: &Path) -> bool {
    file.extension().is_some_and(|extension| extension == "wasm")
}

/// The file that the page imports.
pub const GLUE: &str = "pms.js";
/// The part of the module with which every page starts.
pub const MODULE: &str = "pms.wasm";
/// What loads the other part when it is needed.
const LOADER: &str = "later.js";

/// Compiles the client and prepares it for download; an unchanged client is taken from the last time.
pub fn build(workspace: &Workspace, quality: Quality) -> Result<BrowserCode> {
    let compiled = compile(workspace, quality)?;
    let optimiser = match quality {
        Quality::Release => find_optimiser(&workspace.root),
        Quality::Dev => None,
    };
    let folder = workspace.target.join(match quality {
        Quality::Release => "site-work/release",
        Quality::Dev => "site-work/dev",
    });
    let wasm = fs::read(&compiled).with_context(|| format!("{} could not be read", compiled.display()))?;
    let inputs = fingerprint::of(&[
        &wasm,
        include_bytes!("browser_code.rs"),
        optimiser.as_ref().map_or("none", |_| "binaryen").as_bytes(),
    ]);
    let stamp = folder.join(STAMP);
    if fs::read_to_string(&stamp).ok().as_deref() != Some(&inputs) {
        prepare(&compiled, &folder, optimiser.as_deref())?;
        fs::write(&stamp, inputs)?;
    }
    load(&folder)
}

fn compile(workspace: &Workspace, quality: Quality) -> Result<PathBuf> {
    say("compiling the client to WASM");
    let (profile, folder) = match quality {
        Quality::Release => ("wasm-release", "wasm-release"),
        Quality::Dev => ("dev", "debug"),
    };
    workspace.cargo(&["build", "-p", "frontend", "--target", TARGET, "--profile", profile], &[])?;
    Ok(workspace.target.join(TARGET).join(folder).join("frontend.wasm"))
}

/// The binaryen of npm, not the distribution's: Debian 12's version 108 writes files that browsers refuse.
fn find_optimiser(root: &Path) -> Option<PathBuf> {
    let path = root.join("end2end/node_modules/.bin/wasm-opt");
    if path.exists() {
        return Some(path);
    }
    say(
        "WARNING: npm's binaryen is missing (scripts/setup run brings it); the WASM file stays a third larger",
    );
    None
}

fn prepare(compiled: &Path, folder: &Path, optimiser: Option<&Path>) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder)?;
    let cut = tempfile::tempdir()?;
    let main = cut.path().join("main.wasm");
    split(compiled, folder, &main)?;
    say("writing the JavaScript glue");
    wasm_bindgen_cli_support::Bindgen::new()
        .web(true)?
        .typescript(false)
        .input_path(&main)
        .out_name("pms")
        // The other part imports from this one.
        .keep_lld_exports(true)
        .remove_name_section(optimiser.is_some())
        .remove_producers_section(optimiser.is_some())
        .generate(folder)?;
    fs::rename(folder.join("pms_bg.wasm"), folder.join(MODULE))?;
    for file in files_below(folder)?.iter().filter(|file| is_module(file)) {
        if let Some(optimiser) = optimiser {
            optimise(optimiser, file)?;
        }
    }
    Ok(())
}

/// Cuts the module at the client's functions marked `wasm_split`.
fn split(compiled: &Path, folder: &Path, main: &Path) -> Result<()> {
    say("cutting the module");
    let module = fs::read(compiled)?;
    let (loader, glue) = (format!("./{LOADER}"), format!("./{GLUE}"));
    let mut options = wasm_split_cli_support::Options::new(&module);
    options.output_dir = folder;
    options.main_out_path = main;
    options.link_name = &loader;
    options.main_module = &glue;
    let cut = wasm_split_cli_support::transform(options).map_err(|error| anyhow!("{error:#}"))?;
    ensure!(!cut.split_modules.is_empty(), "the client has no function marked wasm_split");
    Ok(())
}

fn optimise(optimiser: &Path, wasm: &Path) -> Result<()> {
    say("optimising the WASM file for size");
    let output =
        Command::new(optimiser).args(WASM_OPT).arg(wasm).arg("-o").arg(wasm).output().with_context(|| {
            format!("{} could not be started; is Node.js installed?", optimiser.display())
        })?;
    ensure!(output.status.success(), "wasm-opt failed: {}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}

fn load(folder: &Path) -> Result<BrowserCode> {
    let mut files = BTreeMap::new();
    for file in files_below(folder)? {
        let name = file.strip_prefix(folder)?.to_string_lossy().into_owned();
        if name != STAMP {
            files.insert(name, fs::read(&file)?);
        }
    }
    Ok(BrowserCode { files })
}
