//! What a row of the history says, without its looks.

use domain::activity::{Activity, Change};

/// Where a feed stands: it leaves out what is plain from its place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FeedScope {
    /// On a project's page.
    Project,
    /// On a task's page.
    Task,
}

/// A sentence after the name of who did it, and what changed where that does not fit in.
#[derive(PartialEq, Eq, Debug)]
pub struct Sentence {
    pub parts: Vec<Part>,
    pub changes: Vec<Change>,
}

/// A part of a sentence.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Part {
    /// As it stands.
    Words(String),
    /// A name or value.
    Strong(String),
    /// A task, to be linked.
    Task { key: String, title: String },
}

/// Tells what happened.
pub fn sentence(activity: &Activity, scope: FeedScope) -> Sentence {
    let (thing, verb) = activity.action.split_once('.').unwrap_or((activity.action.as_str(), ""));
    match (thing, verb) {
        ("task", "updated" | "moved") => task_changed(activity, scope),
        ("task", "blocked") => blocked(activity, scope),
        ("task", "released" | "unblocked") => released(activity, scope, verb),
        ("task", "override_ended") => {
            plain([words("ended the unblocking by hand of"), the_task(activity, scope)])
        }
        ("task", _) => put_away(activity, scope, verb),
        ("dependency", _) => linked(activity, scope, verb),
        ("comment", "created") => plain([words("commented on"), the_task(activity, scope)]),
        ("comment", _) => {
            let did = if verb == "deleted" { "deleted a comment on" } else { "changed a comment on" };
            plain([words(did), the_task(activity, scope)])
        }
        ("project", "updated") => changed(activity, words("the project"), false),
        ("project", "restored") => plain([words("brought the project back")]),
        ("project", _) => plain([words(format!("{} the project", past(verb)))]),
        ("urgent" | "alert" | "urgent_policy", _) => {
            Sentence { parts: vec![words(urgent(thing, verb))], changes: activity.changes.clone() }
        }
        ("member", _) => member(activity, verb),
        ("column" | "label", "updated") => named(activity, thing),
        ("checklist", _) => Sentence {
            parts: vec![words("imported a checklist"), strong(&activity.subject)],
            changes: activity.changes.clone(),
        },
        _ => Sentence {
            parts: vec![
                words(format!("{} the {}", past(verb), thing.replace('_', " "))),
                strong(&activity.subject),
            ],
            changes: activity.changes.clone(),
        },
    }
}

fn urgent(thing: &str, verb: &str) -> &'static str {
    match (thing, verb) {
        ("urgent", "raised") => "raised the project to urgent",
        ("urgent", "resolved") => "said that the project is not urgent any more",
        ("urgent", "suspended") => "silenced the urgent project for a while",
        ("urgent", "resumed") => "let the urgent project ring on",
        ("urgent", "escalated") => "alerted others, because not everyone had acknowledged",
        ("urgent", "answered") => "acknowledged for all: it rings for nobody else",
        ("alert", _) => "acknowledged that the project is urgent",
        _ => "changed how urgent projects ring",
    }
}

/// A field's name as people read it; an unknown one as it is.
pub fn field_label(field: &str) -> &str {
    match field {
        "start_on" => "start",
        "due_on" => "due date",
        "estimate_minutes" => "estimate",
        "parent_id" => "parent",
        "column_id" => "column",
        "owner_id" => "owner",
        "lifecycle" => "state",
        "position" => "place",
        "category" => "meaning",
        "assignments" => "open assignments",
        other => other,
    }
}

fn past(verb: &str) -> &str {
    match verb {
        "restored" => "brought back",
        "created" | "completed" | "reopened" | "archived" | "deleted" | "moved" | "added" | "removed" => verb,
        _ => "changed",
    }
}

fn words(text: impl Into<String>) -> Part {
    Part::Words(text.into())
}

fn strong(text: impl Into<String>) -> Part {
    Part::Strong(text.into())
}

/// The task with its link; on its own page it is "this task". A change of many at once has no key.
fn the_task(activity: &Activity, scope: FeedScope) -> Part {
    match (&activity.task_key, scope) {
        (Some(_), FeedScope::Task) => words("this task"),
        (Some(key), FeedScope::Project) => Part::Task { key: key.clone(), title: activity.subject.clone() },
        (None, _) => strong(&activity.subject),
    }
}

/// Made, finished, put away or brought back, perhaps with the tasks below it.
fn put_away(activity: &Activity, scope: FeedScope, verb: &str) -> Sentence {
    let below = activity.changes.iter().find(|change| change.field == "sub_tasks");
    let below = below.and_then(|change| change.after.as_deref()).map(|count| {
        let tasks = if count == "1" { "its sub-task".to_owned() } else { format!("its {count} sub-tasks") };
        words(format!("and {tasks}"))
    });
    plain([words(past(verb)), the_task(activity, scope)].into_iter().chain(below))
}

/// Blocked by itself, and perhaps out of its column.
fn blocked(activity: &Activity, scope: FeedScope) -> Sentence {
    let by = said(activity, "blocked_by").map(|keys| [words("by"), strong(keys)]);
    Sentence {
        parts: [words("blocked"), the_task(activity, scope)]
            .into_iter()
            .chain(by.into_iter().flatten())
            .collect(),
        changes: column_of(activity),
    }
}

/// Free to go on: by itself, or by hand for a reason.
fn released(activity: &Activity, scope: FeedScope, verb: &str) -> Sentence {
    let task = the_task(activity, scope);
    let parts = match (verb, said(activity, "blocked_by"), said(activity, "reason")) {
        ("unblocked", _, Some(reason)) => vec![words("unblocked"), task, words("by hand:"), strong(reason)],
        ("unblocked", ..) => vec![words("unblocked"), task],
        (_, Some(keys), _) => vec![words("let"), task, words("go on, which waited for"), strong(keys)],
        _ => vec![words("let"), task, words("go on")],
    };
    Sentence { parts, changes: column_of(activity) }
}

fn linked(activity: &Activity, scope: FeedScope, verb: &str) -> Sentence {
    let task = the_task(activity, scope);
    let said = activity.changes.first();
    let Some((relation, key)) =
        said.and_then(|it| Some((&it.field, it.after.as_ref().or(it.before.as_ref())?)))
    else {
        return plain([words("changed the links of"), task]);
    };
    let no_more = if verb == "removed" { "not any more that" } else { "that" };
    let is = match relation.as_str() {
        "blocked_by" => "is blocked by",
        "blocks" => "blocks",
        "relates" => "belongs together with",
        "duplicates" => "duplicates",
        _ => "is duplicated by",
    };
    plain([words(format!("says {no_more}")), task, words(is), strong(key)])
}

/// What a change says, before or after.
fn said<'a>(activity: &'a Activity, field: &str) -> Option<&'a str> {
    let change = activity.changes.iter().find(|change| change.field == field)?;
    change.after.as_deref().or(change.before.as_deref())
}

fn column_of(activity: &Activity) -> Vec<Change> {
    activity.changes.iter().filter(|change| change.field == "column").cloned().collect()
}

fn task_changed(activity: &Activity, scope: FeedScope) -> Sentence {
    let mut task = the_task(activity, scope);
    if let (Part::Task { title, .. }, [change]) = (&mut task, activity.changes.as_slice())
        && change.field == "title"
    {
        // Both titles follow; the third one would be the second again.
        title.clear();
    }
    if let [Change { field, before: Some(before), after: Some(after) }] = activity.changes.as_slice()
        && matches!(field.as_str(), "column" | "column_id")
    {
        return plain([words("moved"), task, words("from"), strong(before), words("to"), strong(after)]);
    }
    if activity.changes.is_empty() && activity.action == "task.moved" {
        return plain([words("moved"), task, words("within its column")]);
    }
    changed(activity, task, scope == FeedScope::Task)
}

/// One short change in the sentence itself; else each in its own line below. `own`: on the thing's own page, which
/// need not be named.
fn changed(activity: &Activity, thing: Part, own: bool) -> Sentence {
    let [change] = activity.changes.as_slice() else {
        return Sentence { parts: vec![words("changed"), thing], changes: activity.changes.clone() };
    };
    let of = if own { Vec::new() } else { vec![words("of"), thing] };
    let field = words(format!("the {}", field_label(&change.field)));
    let short = [&change.before, &change.after].into_iter().flatten().all(|value| !super::is_long(value));
    if !short || change.field == "description" {
        let parts = [words("changed"), field].into_iter().chain(of).collect();
        let changes = if is_unsaid(change) { Vec::new() } else { vec![change.clone()] };
        return Sentence { parts, changes };
    }
    let (verb, values) = match (&change.before, &change.after) {
        (Some(before), Some(after)) => {
            ("changed", vec![words("from"), strong(before), words("to"), strong(after)])
        }
        (None, Some(after)) => ("set", vec![words("to"), strong(after)]),
        (Some(before), None) => ("cleared", vec![words("which was"), strong(before)]),
        (None, None) => ("changed", Vec::new()),
    };
    plain([words(verb), field].into_iter().chain(of).chain(values))
}

/// A text too long for the history: it tells only that it changed.
pub fn is_unsaid(change: &Change) -> bool {
    change.field == "description" && change.before.is_none() && change.after.as_deref() == Some("changed")
}

fn member(activity: &Activity, verb: &str) -> Sentence {
    let of = |field: &str| activity.changes.iter().find(|change| change.field == field);
    let who = strong(&activity.subject);
    let role = of("role");
    let mut parts =
        match (verb, role.and_then(|change| change.before.as_deref()), role.and_then(|c| c.after.as_deref()))
        {
            ("changed", Some(before), Some(after)) => vec![
                words("changed the role of"),
                who,
                words("from"),
                strong(before),
                words("to"),
                strong(after),
            ],
            ("added", _, Some(role)) => vec![words("added"), who, words("as"), strong(role)],
            (verb, ..) => vec![words(past(verb)), who],
        };
    if let Some(team) = of("team").and_then(|change| change.after.as_deref().or(change.before.as_deref())) {
        parts.extend([words("through the team"), strong(team)]);
    }
    if let Some(count) = of("assignments").and_then(|change| change.before.as_deref()) {
        let tasks = if count == "1" { "1 open task".to_owned() } else { format!("{count} open tasks") };
        parts.push(words(format!("and took them off {tasks}")));
    }
    plain(parts)
}

/// A column or label, which goes by its name: its old one, if that is what changed.
fn named(activity: &Activity, thing: &str) -> Sentence {
    if let [Change { field, before: Some(before), after: Some(after) }] = activity.changes.as_slice()
        && field == "name"
    {
        return plain([words(format!("renamed the {thing}")), strong(before), words("to"), strong(after)]);
    }
    if let [change] = activity.changes.as_slice()
        && change.field == "position"
    {
        return plain([words(format!("moved the {thing}")), strong(&activity.subject)]);
    }
    Sentence {
        parts: vec![words(format!("changed the {thing}")), strong(&activity.subject)],
        changes: activity.changes.clone(),
    }
}

/// A sentence without lines below it.
fn plain(parts: impl IntoIterator<Item = Part>) -> Sentence {
    Sentence { parts: parts.into_iter().collect(), changes: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{
        Timestamp,
        activity::Action,
        ids::{ActivityId, TaskId, UserId},
        user::UserRef,
    };
    use uuid::Uuid;

    fn happened(action: Action, changes: &[(&str, Option<&str>, Option<&str>)]) -> Activity {
        let of_task =
            ["task.", "comment.", "dependency."].iter().any(|thing| action.as_str().starts_with(thing));
        Activity {
            id: ActivityId(Uuid::nil()),
            seq: 1,
            at: Timestamp(0),
            actor: Some(UserRef {
                id: UserId(Uuid::nil()),
                username: "ada".into(),
                display_name: "Ada".into(),
            }),
            project_id: None,
            task_id: of_task.then_some(TaskId(Uuid::nil())),
            task_key: of_task.then(|| "WEB-1".into()),
            action: action.as_str().into(),
            subject: "Subject".into(),
            changes: changes
                .iter()
                .map(|(field, before, after)| Change {
                    field: (*field).into(),
                    before: before.map(Into::into),
                    after: after.map(Into::into),
                })
                .collect(),
        }
    }

    fn told(activity: &Activity, scope: FeedScope) -> String {
        let text = |part: &Part| match part {
            Part::Words(text) => text.clone(),
            Part::Strong(text) => format!("“{text}”"),
            Part::Task { key, .. } => key.clone(),
        };
        sentence(activity, scope).parts.iter().map(text).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn every_act_is_told_in_words() {
        for action in Action::ALL {
            for scope in [FeedScope::Project, FeedScope::Task] {
                let told = told(&happened(*action, &[]), scope);
                assert!(told.split(' ').count() > 1, "{}: {told}", action.as_str());
                assert!(!told.contains('_') && !told.contains("  "), "{}: {told}", action.as_str());
            }
        }
    }

    #[test]
    fn one_change_is_told_from_what_to_what() {
        let moved = happened(Action::TaskMoved, &[("column", Some("To do"), Some("Done"))]);
        assert_eq!(told(&moved, FeedScope::Project), "moved WEB-1 from “To do” to “Done”");
        assert_eq!(told(&moved, FeedScope::Task), "moved this task from “To do” to “Done”");
        let due = happened(Action::TaskUpdated, &[("due_on", None, Some("2026-01-17"))]);
        assert_eq!(told(&due, FeedScope::Project), "set the due date of WEB-1 to “2026-01-17”");
        assert_eq!(told(&due, FeedScope::Task), "set the due date to “2026-01-17”");
        let name = happened(Action::ProjectUpdated, &[("name", Some("A"), Some("B"))]);
        assert_eq!(told(&name, FeedScope::Project), "changed the name of the project from “A” to “B”");
    }

    #[test]
    fn several_changes_stand_in_lines_of_their_own() {
        let both = [("priority", Some("Low"), Some("High")), ("title", Some("A"), Some("B"))];
        let updated = happened(Action::TaskUpdated, &both);
        assert_eq!(told(&updated, FeedScope::Project), "changed WEB-1");
        assert_eq!(sentence(&updated, FeedScope::Project).changes.len(), 2);
        let text = happened(Action::TaskUpdated, &[("description", Some("a"), Some("b"))]);
        assert_eq!(told(&text, FeedScope::Task), "changed the description");
        assert_eq!(sentence(&text, FeedScope::Task).changes.len(), 1);
        let long = happened(Action::TaskUpdated, &[("description", None, Some("changed"))]);
        assert_eq!(sentence(&long, FeedScope::Task).changes.len(), 0);
    }

    #[test]
    fn a_task_goes_with_the_tasks_below_it() {
        let changes = [("lifecycle", Some("active"), Some("archived")), ("sub_tasks", None, Some("3"))];
        let archived = happened(Action::TaskArchived, &changes);
        assert_eq!(told(&archived, FeedScope::Project), "archived WEB-1 and its 3 sub-tasks");
        let completed = happened(Action::TaskCompleted, &[("column", Some("To do"), Some("Done"))]);
        assert_eq!(told(&completed, FeedScope::Task), "completed this task");
    }

    #[test]
    fn what_happens_by_itself_is_told_with_its_cause() {
        let blocked = happened(Action::TaskBlocked, &[("blocked_by", None, Some("OPS-2"))]);
        assert_eq!(told(&blocked, FeedScope::Task), "blocked this task by “OPS-2”");
        let released = happened(Action::TaskReleased, &[("blocked_by", Some("OPS-2"), None)]);
        assert_eq!(told(&released, FeedScope::Project), "let WEB-1 go on, which waited for “OPS-2”");
        let by_hand = happened(Action::TaskUnblocked, &[("reason", None, Some("It is late"))]);
        assert_eq!(told(&by_hand, FeedScope::Task), "unblocked this task by hand: “It is late”");
        let linked = happened(Action::DependencyAdded, &[("blocks", None, Some("OPS-2"))]);
        assert_eq!(told(&linked, FeedScope::Project), "says that WEB-1 blocks “OPS-2”");
    }

    #[test]
    fn a_member_who_leaves_leaves_their_work() {
        let removed = happened(
            Action::MemberRemoved,
            &[("role", Some("Member"), None), ("assignments", Some("3"), None)],
        );
        assert_eq!(told(&removed, FeedScope::Project), "removed “Subject” and took them off 3 open tasks");
        let added = happened(Action::MemberAdded, &[("role", None, Some("Member"))]);
        assert_eq!(told(&added, FeedScope::Project), "added “Subject” as “Member”");
    }

    #[test]
    fn a_renamed_column_is_told_by_both_names() {
        let renamed = happened(Action::ColumnUpdated, &[("name", Some("Doing"), Some("In progress"))]);
        assert_eq!(told(&renamed, FeedScope::Project), "renamed the column “Doing” to “In progress”");
    }

    #[test]
    fn an_act_of_a_newer_version_is_told_all_the_same() {
        let mut unknown = happened(Action::ProjectCreated, &[]);
        unknown.action = "blocked_task.unblocked".into();
        assert_eq!(told(&unknown, FeedScope::Project), "changed the blocked task “Subject”");
    }
}
