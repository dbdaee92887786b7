//! What single keys do on a task's page: each presses a control that is there, or brings the focus to it.

use crate::features::{
    by_script::{find, focus, press},
    shortcuts::on_page_key,
};

/// Listens while the page stands. The keys are listed with the others, in `features::shortcuts`.
pub fn listen() {
    on_page_key(|key| match key.as_str() {
        "e" => press("#task-edit"),
        "x" => press("#task-done"),
        "m" => press("[popovertarget=task-move]"),
        "w" => press("#task-watch"),
        "a" => unfold("fold-assignees", "#task-assignees input"),
        "l" => unfold("fold-labels", "#task-labels input"),
        "c" => focus("#comment-body"),
        "s" => focus("#sub-task-title"),
        _ => false,
    });
}

/// Opens a fold and goes to the first control in it.
fn unfold(id: &str, control: &str) -> bool {
    let Some(fold) = find(&format!("#{id}")) else { return false };
    // An element takes any attribute of a valid name.
    drop(fold.set_attribute("open", ""));
    focus(&format!("{control}:not([hidden])"));
    true
}
