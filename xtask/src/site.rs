//! Puts together the folder that the server embeds: everything a browser downloads that is not a page.
//!
//! Names under `pkg/` carry a hash of their content, so browsers may keep them forever; `site.json` tells
//! the server the current names, and changes with any file, so that cargo builds the server again. Files of
//! `public/` keep their own names.

use std::fs;
use std::path::PathBuf;

use anyhow::Result;

use crate::browser_code::{self, BrowserCode, GLUE, MODULE};
use crate::fingerprint;
use crate::site_folder::{SiteFolder, Sizes, files_below};
use crate::stylesheet;
use crate::workspace::{Quality, Workspace, say};

/// What the first visit may cost, compressed; docs/adr/0001-toolchain.md.
const WASM_BUDGET: usize = 500_000;

/// Builds the site and answers where it is.
pub fn assemble(workspace: &Workspace, quality: Quality) -> Result<PathBuf> {
    let code = browser_code::build(workspace, quality)?;
    let css = stylesheet::bundle(&workspace.root.join("style/main.css"))?;
    let mut folder = SiteFolder::open(workspace.target.join(folder_name(quality)), quality)?;

    say("compressing what changed");
    let client = put_client(&mut folder, &code)?;
    let (js, wasm) = (format!("{client}/{GLUE}"), format!("{client}/{MODULE}"));
    let parts: Vec<_> = code.parts().map(|name| format!("{client}/{name}")).collect();
    let css = put_style(&mut folder, &css)?;
    put_public(&mut folder, workspace)?;
    let build = folder.fingerprint();
    let manifest = serde_json::json!({ "build": build, "js": js, "wasm": wasm, "parts": parts, "css": css });
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

/// All in one folder with the hash of all: they import each other by relative paths.
fn put_client(folder: &mut SiteFolder, code: &BrowserCode) -> Result<String> {
    let parts: Vec<&[u8]> =
        code.files.iter().flat_map(|(name, content)| [name.as_bytes(), content.as_slice()]).collect();
    let path = format!("pkg/{}", fingerprint::of(&parts));
    for (name, content) in &code.files {
        let sizes = folder.put(&format!("{path}/{name}"), content)?;
        say(describe(name, &sizes));
        if name == MODULE && sizes.brotli.is_some_and(|size| size > WASM_BUDGET) {
            say("WARNING: the first part of the WASM module is over its budget of 500 kB compressed");
        }
    }
    Ok(format!("/{path}"))
}

fn put_style(folder: &mut SiteFolder, css: &str) -> Result<String> {
    let name = format!("pkg/pms.{}.css", fingerprint::of(&[css.as_bytes()]));
    let sizes = folder.put(&name, css.as_bytes())?;
    say(describe(&name, &sizes));
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
    use super::{Sizes, describe};

    #[test]
    fn sizes_are_told_in_kilobytes() {
        let line = describe("pkg/pms.wasm", &Sizes { raw: 1_234_567, brotli: Some(300_050) });
        assert!(line.ends_with("1234.5 kB, brotli 300.0 kB"), "{line}");
    }
}
