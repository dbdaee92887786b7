//! The one file that people run: the server with the site inside.

use std::path::PathBuf;

use anyhow::Result;

use crate::site;
use crate::workspace::{Quality, Workspace, say};

/// Builds the site, then the server around it, and answers where the binary is.
pub fn build(workspace: &Workspace, quality: Quality) -> Result<PathBuf> {
    let site = site::assemble(workspace, quality)?;
    say("compiling the server");
    let (arguments, folder): (&[&str], _) = match quality {
        Quality::Release => (&["build", "-p", "server", "--release"], "release"),
        Quality::Dev => (&["build", "-p", "server"], "debug"),
    };
    workspace.cargo(arguments, &[("PMS_SITE", site)])?;
    Ok(workspace.target.join(folder).join("pms"))
}
