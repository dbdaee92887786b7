//! The columns that headings stand for.

use super::plan::{Plan, Step};
use domain::{
    Error, Result,
    board::{Column, STARTING_COLUMNS},
    checklist::Checklist,
    limits, validate,
};
use std::collections::HashSet;

/// A column's name as two are compared.
pub(super) fn names(columns: &[Column]) -> HashSet<String> {
    columns.iter().map(|column| validate::name_key(&column.name)).collect()
}

/// Those of a project that is yet to be made.
pub(super) fn starting_names() -> HashSet<String> {
    STARTING_COLUMNS.iter().map(|(name, _)| validate::name_key(name)).collect()
}

/// The name of the column that a heading stands for.
pub(super) fn name(document: &Checklist, heading: usize) -> String {
    let title = &document.nodes[heading].title;
    validate::visible_line(&title.chars().take(limits::NAME).collect::<String>())
}

/// The names of columns that open tasks go to and that are not there, in the document's order.
///
/// # Errors
/// [`Error::Refused`] with `too_many_columns`.
pub(super) fn missing(document: &Checklist, plan: &Plan, there: &HashSet<String>) -> Result<Vec<String>> {
    let mut known = there.clone();
    let mut missing = Vec::new();
    for ((node, step), heading) in document.nodes.iter().zip(&plan.steps).zip(&plan.heading) {
        let Some(heading) = heading else { continue };
        if node.done || !places(step) {
            continue;
        }
        let name = name(document, *heading);
        if known.insert(validate::name_key(&name)) {
            missing.push(name);
        }
    }
    if known.len() > limits::COLUMNS {
        return Err(Error::refused(
            "too_many_columns",
            format!(
                "The board would have {} columns and the limit is {}. Import the headings as tasks instead.",
                known.len(),
                limits::COLUMNS
            ),
        ));
    }
    Ok(missing)
}

/// Whether the step puts an open task somewhere.
fn places(step: &Step) -> bool {
    match step {
        Step::Create { .. } => true,
        Step::Update { before, .. } => before.category == domain::board::Category::Done,
        Step::Column | Step::Keep | Step::PutAway => false,
    }
}
