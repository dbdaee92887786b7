//! Says which folder the binary carries. `PMS_SITE` names the one that `xtask` puts together; without it the binary
//! carries the style sheet and the public files, which is all that pages need as long as no script runs.

use std::{
    env, fs,
    hash::{DefaultHasher, Hash, Hasher},
    io,
    path::{Path, PathBuf},
};

#[expect(clippy::disallowed_methods, reason = "cargo tells build scripts what they need by the environment")]
fn main() {
    println!("cargo::rerun-if-env-changed=PMS_SITE");
    if let Some(site) = env::var_os("PMS_SITE").map(PathBuf::from) {
        println!("cargo::rerun-if-changed={}", site.join("site.json").display());
        println!("cargo::rustc-env=PMS_SITE={}", site.display());
        return;
    }
    let site = PathBuf::from(env::var_os("OUT_DIR").expect("cargo names a folder for output")).join("site");
    scriptless(&site).expect("the style sheet and the public files can be copied");
    println!("cargo::rustc-env=PMS_SITE={}", site.display());
}

fn scriptless(site: &Path) -> io::Result<()> {
    let root = Path::new("..");
    println!("cargo::rerun-if-changed={}", root.join("style").display());
    println!("cargo::rerun-if-changed={}", root.join("public").display());
    if site.exists() {
        fs::remove_dir_all(site)?;
    }
    fs::create_dir_all(site.join("pkg"))?;
    let css = bundle(&root.join("style"))?;
    let mut hash = DefaultHasher::new();
    css.hash(&mut hash);
    let name = format!("pkg/pms.{:016x}.css", hash.finish());
    fs::write(site.join(&name), css)?;
    fs::write(site.join("site.json"), format!(r#"{{"js":"","wasm":"","parts":[],"css":"/{name}"}}"#))?;
    copy(&root.join("public"), site)
}

/// The main sheet with its imports put in.
fn bundle(folder: &Path) -> io::Result<String> {
    let Ok(main) = fs::read_to_string(folder.join("main.css")) else {
        return Ok(String::new());
    };
    let mut css = String::new();
    for line in main.lines() {
        match line.strip_prefix("@import \"").and_then(|rest| rest.split_once('"')) {
            Some((file, _)) => css.push_str(&fs::read_to_string(folder.join(file))?),
            None => css.push_str(line),
        }
        css.push('\n');
    }
    Ok(css)
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    let Ok(entries) = fs::read_dir(from) else {
        return Ok(());
    };
    fs::create_dir_all(to)?;
    for entry in entries {
        let path = entry?.path();
        let target = to.join(path.file_name().unwrap_or_default());
        if path.is_dir() { copy(&path, &target)? } else { fs::copy(&path, &target).map(drop)? }
    }
    Ok(())
}
