//! What the items of a document wait for.

use super::plan::{Plan, Step};
use crate::{
    Actor, Services,
    dependencies::{self, Batch, Fate, Stuck},
};
use domain::{
    Result,
    board::Category,
    checklist::{After, Checklist},
    error::Fields,
    ids::TaskId,
    import::{ImportReport, RefusedLink},
    permission::Permission,
};
use std::collections::{BTreeSet, HashMap};
use store::{Tx, dependencies::Node};

/// Looks at every “after” of the document and notes in the report what becomes of it; gives what is to be made.
pub(super) async fn look(
    tx: &mut Tx,
    actor: &Actor,
    (document, plan): (&Checklist, &Plan),
    report: &mut ImportReport,
) -> Result<Batch> {
    let keyed = keyed(tx, document).await?;
    let marked = document.nodes.iter().any(|node| !node.after.is_empty());
    let mut ids: Vec<TaskId> = keyed.values().map(|node| node.id).collect();
    if marked {
        ids.extend(&plan.ids);
    }
    ids.extend(
        plan.new_parents()
            .flat_map(|(task, before, after)| [Some(task), before, after].into_iter().flatten()),
    );
    let mut batch = Batch::begin(tx, &ids).await?;
    for (task, before, after) in plan.new_parents() {
        batch.parent(task, (before, after));
    }
    let names: HashMap<_, _> =
        plan.ids.iter().zip(&document.nodes).map(|(id, node)| (*id, format!("“{}”", node.title))).collect();
    for (at, node) in document.nodes.iter().enumerate() {
        for after in &node.after {
            let fate = match target(actor, (document, plan), &keyed, (at, after)) {
                Ok(blocker) => batch.wish(tx, actor, (blocker, plan.ids[at]), &names).await?,
                Err((code, message)) => Fate::Refused(code, message),
            };
            match fate {
                Fate::Create => report.links_created += 1,
                Fate::Keep => report.links_kept += 1,
                Fate::Refused(code, message) => report.refused.push(RefusedLink {
                    line: i64::try_from(node.line).unwrap_or(i64::MAX),
                    title: node.title.clone(),
                    after: name(document, after),
                    code: code.into(),
                    message,
                }),
            }
        }
    }
    Ok(batch)
}

/// Refuses the whole import if any of it is.
///
/// # Errors
/// [`domain::Error::Invalid`] with every refused line.
pub(super) fn refuse(report: &ImportReport) -> Result<()> {
    let mut fields = Fields::new();
    for refused in &report.refused {
        let message = format!("Line {}, after “{}”: {}", refused.line, refused.after, refused.message);
        fields.add("markdown", &refused.code, message);
    }
    fields.finish()
}

/// The tasks that the document names by key.
async fn keyed(tx: &mut Tx, document: &Checklist) -> Result<HashMap<(String, i64), Node>> {
    let all = document.nodes.iter().flat_map(|node| &node.after);
    let keys: BTreeSet<_> = all
        .filter_map(|after| match after {
            After::Key { key, number } => Some((key.clone(), *number)),
            _ => None,
        })
        .collect();
    let keys: Vec<_> = keys.into_iter().collect();
    let nodes = store::dependencies::nodes_by_key(tx, &keys).await?;
    let split = |node: &Node| {
        let (project, number) = node.key.rsplit_once('-')?;
        Some((project.to_owned(), number.parse().ok()?))
    };
    Ok(nodes.into_iter().filter_map(|node| Some((split(&node)?, node))).collect())
}

/// The task that an item waits for.
fn target(
    actor: &Actor,
    (document, plan): (&Checklist, &Plan),
    keyed: &HashMap<(String, i64), Node>,
    (at, after): (usize, &After),
) -> Result<TaskId, (&'static str, String)> {
    let in_use = |at: usize| match plan.steps[at] {
        Step::Column => Err(("column", "A heading that becomes a column is no task.".to_owned())),
        Step::PutAway => Err((
            "put_away",
            format!("The task “{}” was archived or deleted. Take it back first.", document.nodes[at].title),
        )),
        Step::Create { .. } | Step::Update { .. } | Step::Keep => Ok(plan.ids[at]),
    };
    in_use(at)?;
    match after {
        After::Node(other) => in_use(*other),
        After::Key { key, number } => {
            let node = keyed
                .get(&(key.clone(), *number))
                .filter(|node| dependencies::sees(actor, node.project_id, node.lifecycles));
            match node {
                Some(node) if node.in_use => Ok(node.id),
                Some(node) => Err((
                    "put_away",
                    format!("{} or its project is archived or deleted. Take it back first.", node.key),
                )),
                None => Err((
                    "unknown",
                    format!("There is no task {key}-{number}, or you do not have access to it."),
                )),
            }
        }
        After::Unknown(text) => Err((
            "unknown",
            format!("Nothing in this document is called “{text}”. Write the title as it stands, or a key."),
        )),
        After::Ambiguous(text) => Err((
            "ambiguous",
            format!("Several lines of this document are called “{text}”. Give them titles of their own."),
        )),
    }
}

fn name(document: &Checklist, after: &After) -> String {
    match after {
        After::Key { key, number } => format!("{key}-{number}"),
        After::Node(at) => document.nodes[*at].title.clone(),
        After::Unknown(text) | After::Ambiguous(text) => text.clone(),
    }
}

/// What the links need besides `task.create`.
pub(super) fn needed(report: &ImportReport) -> Option<Permission> {
    (report.links_created > 0).then_some(Permission::TaskLink)
}

/// Refuses a tick at a task that has to wait for one that stays open.
///
/// # Errors
/// [`domain::Error::Blocked`].
pub(super) async fn refuse_blocked(
    tx: &mut Tx,
    who: (&Services, &Actor),
    (document, plan): (&Checklist, &Plan),
) -> Result<()> {
    let ticked = document.nodes.iter().zip(&plan.steps).filter_map(|(node, step)| match step {
        Step::Update { before, .. } if node.done && before.category != Category::Done => Some(before),
        _ => None,
    });
    let closing = ticked.clone().map(|task| task.id).collect();
    let waiting = ticked.filter(|task| task.blocker_count > 0 && !task.overridden);
    let stuck = waiting.map(|task| Stuck::new(task.id, &format!("“{}”", task.title), &task.title));
    dependencies::refuse_blocked(tx, who, stuck.collect(), &closing).await
}

/// Refuses a task that would be part of what waits for it.
///
/// # Errors
/// [`domain::Error::Cycle`].
pub(super) async fn refuse_parent_loops(tx: &mut Tx, who: (&Services, &Actor), plan: &Plan) -> Result<()> {
    let moved: Vec<_> = plan
        .steps
        .iter()
        .filter_map(|step| match step {
            Step::Update { before, after } if before.parent_id != after.parent_id => {
                Some((before.id, before.parent_id, after.parent_id))
            }
            _ => None,
        })
        .collect();
    if moved.is_empty() {
        return Ok(());
    }
    let made = plan.steps.iter().zip(&plan.ids).filter_map(|(step, id)| match step {
        Step::Create { parent: Some(parent) } => Some((*id, *parent)),
        _ => None,
    });
    dependencies::refuse_parent_loops(tx, who, &made.collect::<Vec<_>>(), &moved).await
}
