//! The key of a new project.

use domain::{Error, Result, project::suggest_key, validate};
use store::Tx;

/// Longest key.
const LONGEST: usize = 10;

/// The key that was asked for, or one made from the name that no project has yet: `WEB`, `WEB2`, `WEB3` …
///
/// # Errors
/// [`Error::Invalid`] for one that is not a key. Whether one that was asked for is taken, only the insert tells.
pub(super) async fn choose(tx: &mut Tx, wanted: &str, name: &str) -> Result<String> {
    if !wanted.trim().is_empty() {
        return validate::project_key(wanted)
            .map_err(|problem| Error::field("key", problem.code, problem.message));
    }
    let base = suggest_key(name);
    let used = store::projects::keys_beginning_with(tx, &base).await?;
    Ok(first_free(&base, &used))
}

/// What an insert says of a key that another project has.
pub(super) fn taken(error: store::Error) -> Error {
    match error {
        store::Error::Taken(_) => {
            Error::field("key", "taken", "Another project has this key. Choose another.")
        }
        other => other.into(),
    }
}

fn first_free(base: &str, used: &[String]) -> String {
    let free = |key: &String| !used.contains(key);
    std::iter::once(base.to_owned())
        .chain((2_u32..).map(|number| format!("{base}{number}")))
        .find(free)
        .filter(|key| key.len() <= LONGEST)
        .unwrap_or_else(|| base.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_suggested_key_gets_the_first_free_number() {
        let used = |keys: &[&str]| keys.iter().map(|key| (*key).to_owned()).collect::<Vec<_>>();
        assert_eq!(first_free("WEB", &used(&[])), "WEB");
        assert_eq!(first_free("WEB", &used(&["WEBSITE", "WEBX"])), "WEB");
        assert_eq!(first_free("WEB", &used(&["WEB", "WEB2", "WEB4"])), "WEB3");
    }
}
