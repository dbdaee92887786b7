//! Where the workspace and its build artefacts are, and how cargo is called.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, ensure};

/// How much work goes into a build: small and fast to run, or fast to build.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Quality {
    Release,
    Dev,
}

pub struct Workspace {
    pub root: PathBuf,
    /// Honours `CARGO_TARGET_DIR` and cargo's configuration, because cargo itself is asked.
    pub target: PathBuf,
}

impl Workspace {
    pub fn find() -> Result<Self> {
        let metadata = metadata(&["--no-deps"])?;
        let path = |key: &str| {
            metadata[key].as_str().map(PathBuf::from).with_context(|| format!("cargo metadata has no {key}"))
        };
        Ok(Self { root: path("workspace_root")?, target: path("target_directory")? })
    }

    /// Runs cargo in the workspace, letting its progress through to the person.
    pub fn cargo(&self, arguments: &[&str], environment: &[(&str, PathBuf)]) -> Result<()> {
        let status = Command::new("cargo")
            .args(arguments)
            .envs(environment.iter().map(|(name, value)| (name, value)))
            .current_dir(&self.root)
            .status()
            .context("cargo could not be started")?;
        ensure!(status.success(), "cargo {} failed", arguments.join(" "));
        Ok(())
    }
}

/// What `cargo metadata` knows of the checkout we are called in, narrowed by `arguments`.
pub fn metadata(arguments: &[&str]) -> Result<serde_json::Value> {
    let output = Command::new("cargo")
        .args(["metadata", "--format-version", "1"])
        .args(arguments)
        .output()
        .context("cargo could not be started")?;
    ensure!(output.status.success(), "cargo metadata failed: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).context("cargo metadata did not answer in JSON")
}

/// A line of progress. The standard output is left to results.
pub fn say(text: impl std::fmt::Display) {
    eprintln!("xtask: {text}");
}
