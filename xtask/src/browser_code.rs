//! The client: compiled to WASM, given its JavaScript glue, made small.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::fingerprint;
use crate::site_folder::files_below;
use crate::workspace::{Quality, Workspace, say};

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

pub struct BrowserCode {
    pub js: String,
    pub wasm: Vec<u8>,
    /// Script files that crates bring along, by their path below the glue.
    pub snippets: BTreeMap<String, Vec<u8>>,
}

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
    let stamp = folder.join("inputs");
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
    say("writing the JavaScript glue");
    wasm_bindgen_cli_support::Bindgen::new()
        .web(true)?
        .typescript(false)
        .input_path(compiled)
        .out_name("pms")
        .remove_name_section(optimiser.is_some())
        .remove_producers_section(optimiser.is_some())
        .generate(folder)?;
    if let Some(optimiser) = optimiser {
        optimise(optimiser, &folder.join("pms_bg.wasm"))?;
    }
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
    let mut snippets = BTreeMap::new();
    let root = folder.join("snippets");
    if root.exists() {
        for file in files_below(&root)? {
            let name = file.strip_prefix(&root)?.to_string_lossy().into_owned();
            snippets.insert(name, fs::read(&file)?);
        }
    }
    Ok(BrowserCode {
        js: fs::read_to_string(folder.join("pms.js"))?,
        wasm: fs::read(folder.join("pms_bg.wasm"))?,
        snippets,
    })
}
