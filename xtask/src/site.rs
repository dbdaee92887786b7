//! Puts together the folder that the server embeds: everything a browser downloads that is not a page.
//!
//! Names under `pkg/` carry a hash of their content, so browsers may keep them forever; `site.json` tells
//! the server the current names, and changes with any file, so that cargo builds the server again. Files of
//! `public/` keep their own names.

use std::fs;
use std::path::PathBuf;

use anyhow::Result;

use crate::browser_code::{self, BrowserCode};
use crate::fingerprint;
use crate::site_folder::{SiteFolder, Sizes, files_below};
use crate::stylesheet;
use crate::workspace::{Quality, Workspace, say};

/// What the first visit may cost, compressed; docs/adr/0001-toolchain.md.
const WASM_BUDGET: usize = 500_000;

/// Builds the site and answers where it is.
pub fn assemble(workspace: &Workspace, quality: Quality) -> Result<PathBuf> {
    let mut code = browser_code::build(workspace, quality)?;
    let css = stylesheet::bundle(&workspace.root.join("style/main.css"))?;
    let mut folder = SiteFolder::open(workspace.target.join(folder_name(quality)), quality)?;

    say("compressing what changed");
    put_snippets(&mut folder, &mut code)?;
    let js = put_hashed(&mut folder, "js", code.js.as_bytes())?;
    let wasm = put_hashed(&mut folder, "wasm", &code.wasm)?;
    let css = put_hashed(&mut folder, "css", css.as_bytes())?;
    put_public(&mut folder, workspace)?;
    let build = folder.fingerprint();
    let manifest = serde_json::json!({ "build": build, "js": js, "wasm": wasm, "css": css });
    folder.put_plain("site.json", serde_json::to_string_pretty(&manifest)?.as_bytes())?;

    let path = folder.finish()?;
    say(format_args!("the site is in {}", path.display()));
    Ok(path)
}

fn folder_name(quality: Quality) -> &'static str {
    match quality {
        Quality::Release => "site",
        Quality::Dev => "site-dev",
    }
}

/// The glue imports these by a relative path, whose folder gets the hash of all of them.
fn put_snippets(folder: &mut SiteFolder, code: &mut BrowserCode) -> Result<()> {
    if code.snippets.is_empty() {
        return Ok(());
    }
    let parts: Vec<&[u8]> =
        code.snippets.iter().flat_map(|(name, content)| [name.as_bytes(), content.as_slice()]).collect();
    let hashed = format!("snippets.{}", fingerprint::of(&parts));
    code.js = import_snippets_from(&code.js, &hashed);
    for (name, content) in &code.snippets {
        folder.put(&format!("pkg/{hashed}/{name}"), content)?;
    }
    Ok(())
}

/// Only the import statements: elsewhere the old path is the name by which the WASM file asks for the module.
fn import_snippets_from(glue: &str, folder: &str) -> String {
    ['\'', '"'].into_iter().fold(glue.to_owned(), |glue, quote| {
        glue.replace(&format!("from {quote}./snippets/"), &format!("from {quote}./{folder}/"))
    })
}

fn put_hashed(folder: &mut SiteFolder, extension: &str, content: &[u8]) -> Result<String> {
    let name = format!("pkg/pms.{}.{extension}", fingerprint::of(&[content]));
    let sizes = folder.put(&name, content)?;
    say(describe(&name, &sizes));
    if extension == "wasm" && sizes.brotli.is_some_and(|size| size > WASM_BUDGET) {
        say("WARNING: the WASM file is over its budget of 500 kB compressed");
    }
    Ok(format!("/{name}"))
}

fn put_public(folder: &mut SiteFolder, workspace: &Workspace) -> Result<()> {
    let public = workspace.root.join("public");
    if !public.exists() {
        return Ok(());
    }
    for file in files_below(&public)? {
        let name = file.strip_prefix(&public)?.to_string_lossy().into_owned();
        folder.put(&name, &fs::read(&file)?)?;
    }
    Ok(())
}

fn describe(name: &str, sizes: &Sizes) -> String {
    let raw = kilobytes(sizes.raw);
    match sizes.brotli {
        Some(brotli) => format!("  {name:<34} {raw:>11}, brotli {}", kilobytes(brotli)),
        None => format!("  {name:<34} {raw:>11}"),
    }
}

fn kilobytes(bytes: usize) -> String {
    format!("{}.{} kB", bytes / 1000, bytes % 1000 / 100)
}

#[cfg(test)]
mod tests {
    use super::{Sizes, describe, import_snippets_from};

    #[test]
    fn the_glue_imports_snippets_from_the_hashed_folder_and_keeps_their_names() {
        let glue =
            "import * as i0 from './snippets/a/inline0.js';\nreturn { \"./snippets/a/inline0.js\": i0 };";
        assert_eq!(
            import_snippets_from(glue, "snippets.1f"),
            "import * as i0 from './snippets.1f/a/inline0.js';\nreturn { \"./snippets/a/inline0.js\": i0 };"
        );
    }

    #[test]
    fn sizes_are_told_in_kilobytes() {
        let line = describe("pkg/pms.wasm", &Sizes { raw: 1_234_567, brotli: Some(300_050) });
        assert!(line.ends_with("1234.5 kB, brotli 300.0 kB"), "{line}");
    }
}
