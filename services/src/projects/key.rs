//! The key of a new project.

use domain::{Error, Result, project::suggest_key, validate};
use std::collections::HashSet;
use store::Tx;

/// So that five characters and a number are no longer than a key may be.
const NUMBERS: std::ops::Range<u32> = 2..100_000;

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
    first_free(&base, &used.into_iter().collect())
        .ok_or_else(|| Error::field("key", "taken", "No key could be made from the name. Choose one."))
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

fn first_free(base: &str, used: &HashSet<String>) -> Option<String> {
    std::iter::once(base.to_owned())
        .chain(NUMBERS.map(|number| format!("{base}{number}")))
        .find(|key| !used.contains(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_suggested_key_gets_the_first_free_number() {
        let free = |keys: &[&str]| {
            let used = keys.iter().map(|key| (*key).to_owned()).collect();
            first_free("WEB", &used).expect("a free one")
        };
        assert_eq!(free(&[]), "WEB");
        assert_eq!(free(&["WEBSITE", "WEBX"]), "WEB");
        assert_eq!(free(&["WEB", "WEB2", "WEB4"]), "WEB3");
    }
}
