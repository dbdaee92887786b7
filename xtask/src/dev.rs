//! While developing: builds and restarts the server whenever a source file changes.

use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::thread::sleep;
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result};

use crate::server_binary;
use crate::site_folder::files_below;
use crate::workspace::{Quality, Workspace, say};

const WATCHED: [&str; 9] =
    ["app", "domain", "frontend", "migrations", "public", "server", "services", "store", "style"];

/// Looking at a few hundred files twice a second costs nothing and needs no watcher for each system.
const PAUSE: Duration = Duration::from_millis(500);

/// Serves until it is stopped by the person. A build that fails leaves the last server running.
pub fn serve(workspace: &Workspace, arguments: &[&str]) -> Result<()> {
    let mut server: Option<Child> = None;
    loop {
        let seen = newest_change(&workspace.root)?;
        match server_binary::build(workspace, Quality::Dev) {
            Ok(binary) => {
                stop(server.take())?;
                server = Some(start(workspace, &binary, arguments)?);
            }
            Err(error) => say(format_args!("{error:#}; waiting for a change")),
        }
        while newest_change(&workspace.root)? == seen {
            sleep(PAUSE);
        }
        say("something changed");
    }
}

fn start(workspace: &Workspace, binary: &Path, arguments: &[&str]) -> Result<Child> {
    Command::new(binary)
        .arg("serve")
        .args(arguments)
        .current_dir(&workspace.root)
        .spawn()
        .with_context(|| format!("{} could not be started", binary.display()))
}

fn stop(server: Option<Child>) -> Result<()> {
    if let Some(mut server) = server {
        server.kill()?;
        server.wait()?;
    }
    Ok(())
}

/// Counts files too, so that a deletion is a change.
fn newest_change(root: &Path) -> Result<(usize, Option<SystemTime>)> {
    let mut files: Vec<PathBuf> = vec![root.join("Cargo.toml"), root.join("Cargo.lock")];
    for name in WATCHED {
        let folder = root.join(name);
        if folder.exists() {
            files.extend(files_below(&folder)?);
        }
    }
    // A file may vanish between being listed and being looked at: editors save through temporary files.
    let newest = files.iter().filter_map(|file| file.metadata().ok()?.modified().ok()).max();
    Ok((files.len(), newest))
}
