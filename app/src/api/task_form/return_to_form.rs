//! A browser without script has left the form by the time it is refused: it goes back with all that was typed.

use super::{CreateTask, TaskForm};
use crate::{AppError, api::account::landing};
use server_fn::{ServerFn as _, error::ServerFnUrlError};

/// Bytes of an address that every proxy on the way takes.
const LONGEST: usize = 6_000;

/// Goes to the form at `path`, filled in, with the refusal. A description too long for an address stays behind, and
/// the form says where it is.
pub fn without_script(form: &TaskForm, path: &str, error: &AppError) {
    landing::without_script(&address(form, path, error));
}

fn address(form: &TaskForm, path: &str, error: &AppError) -> String {
    let mut to = form.address(path);
    if to.len() > LONGEST {
        let short = TaskForm { description: String::new(), ..form.clone() };
        to = super::address(&short.address(path), &[("left", "description")]);
    }
    let told = ServerFnUrlError::new(CreateTask::PATH, error.clone()).to_url("http://form");
    let told = told.ok().and_then(|url| url.query().map(str::to_owned)).unwrap_or_default();
    format!("{to}{}{told}", if to.contains('?') { '&' } else { '?' })
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Error;

    #[test]
    fn what_was_typed_goes_back_with_the_refusal() {
        let error = AppError::Service(Error::field("due_on", "before_start", "Choose a later day."));
        let form = TaskForm { title: "One".into(), description: "Two".into(), ..TaskForm::default() };
        let to = address(&form, "/projects/WEB/tasks/new", &error);
        assert!(to.starts_with(
            "/projects/WEB/tasks/new?title=One&description=Two&__path=%2Ffn%2Ftask%2Fcreate&__err="
        ));
        let long = TaskForm { description: "x".repeat(LONGEST), ..form };
        let to = address(&long, "/projects/WEB/tasks/new", &error);
        assert!(to.starts_with("/projects/WEB/tasks/new?title=One&left=description&__path="));
    }
}
