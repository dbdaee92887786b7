//! `bench/RESULTS.md`: what is true of every run, then the runs, latest first.

use crate::say;
use anyhow::{Context as _, Result};
use std::{fs, path::PathBuf};

/// What stands above the runs.
const ABOVE: &str = include_str!("results_above.md");

/// Puts a run above those before it; gives the file. Called at the root of the checkout, as `make` does.
pub fn put(block: &str) -> Result<PathBuf> {
    let path = PathBuf::from("bench/RESULTS.md");
    let before = fs::read_to_string(&path).unwrap_or_default();
    fs::write(&path, with(&before, block)).with_context(|| format!("{} can't be written", path.display()))?;
    Ok(path)
}

/// Prints a run, and puts it into the file if that is wanted.
pub fn print(block: &str, write: bool) -> Result<()> {
    println!("{block}");
    if write {
        say(format_args!("the results are at the top of {}", put(block)?.display()));
    }
    Ok(())
}

/// The file with one more run. A later run of the same day, tier and commit does not replace an earlier one: both are true.
fn with(before: &str, block: &str) -> String {
    let runs = before.find("\n## ").map_or("", |at| &before[at + 1..]);
    let text = format!("{ABOVE}\n{}\n\n{runs}", block.trim_end());
    format!("{}\n", text.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_run_stands_first_and_none_is_lost() {
        let one = with("", "## one\n\nfast\n");
        assert_eq!(one, format!("{ABOVE}\n## one\n\nfast\n"));
        let two = with(&one, "## two\n\nfaster\n\n");
        assert_eq!(two, format!("{ABOVE}\n## two\n\nfaster\n\n## one\n\nfast\n"));
    }
}
