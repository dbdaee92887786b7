//! The description says what is sent: a value that is made as it says reads as the type that the API works with, and is
//! written again without a difference. So a field that is added to one and not to the other is found, whichever it is.

use super::super::{account, comments, dependencies, labels, project_members, tasks, teams, users};
use crate::rest::document::openapi_json;
use domain::{
    activity, audit, board, comment, dependency, error, import, label, page, palette, permission, project,
    role, session, task, task_graph, team, token, user, why,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::sync::LazyLock;
use testkit::openapi::{Document, Fill};

static DOCUMENT: LazyLock<Document> = LazyLock::new(|| Document::parse(openapi_json()));

/// A test of one shape.
type Shape = (&'static str, fn(&str) -> Vec<String>);

/// What goes both ways, or is written as well as read by the page.
const TOLD: &[Shape] = &[
    ("Activity", same::<activity::Activity>),
    ("AuditEntry", same::<audit::AuditEntry>),
    ("BlockedTask", same::<dependency::BlockedTask>),
    ("Board", same::<board::Board>),
    ("BoardColumn", same::<board::BoardColumn>),
    ("BulkEdit", same::<task::BulkEdit>),
    ("BulkResult", same::<task::BulkResult>),
    ("Category", each::<board::Category>),
    ("Change", same::<activity::Change>),
    ("Colour", each::<palette::Colour>),
    ("Column", same::<board::Column>),
    ("Comment", same::<comment::Comment>),
    ("CycleTask", same::<dependency::CycleTask>),
    ("Dependencies", same::<dependency::Dependencies>),
    ("EditColumn", same::<board::EditColumn>),
    ("EditComment", same::<comment::EditComment>),
    ("EditLabel", same::<label::EditLabel>),
    ("EditProject", same::<project::EditProject>),
    ("EditRole", same::<role::EditRole>),
    ("EditTask", same::<task::EditTask>),
    ("EditTeam", same::<team::EditTeam>),
    ("EditUser", same::<user::EditUser>),
    ("FieldError", same::<error::FieldError>),
    ("GraphLink", same::<task_graph::GraphLink>),
    ("GraphPoint", same::<task_graph::GraphPoint>),
    ("GraphTask", same::<task_graph::GraphTask>),
    ("HeadingsAs", each::<import::HeadingsAs>),
    ("Home", same::<task::Home>),
    ("HomeTask", same::<task::HomeTask>),
    ("ImportAct", each::<import::ImportAct>),
    ("ImportChecklist", same::<import::ImportChecklist>),
    ("ImportDependencies", same::<import::ImportDependencies>),
    ("ImportLine", same::<import::ImportLine>),
    ("ImportReport", same::<import::ImportReport>),
    ("Label", same::<label::Label>),
    ("Lifecycle", each::<task::Lifecycle>),
    ("LinkedTask", same::<dependency::LinkedTask>),
    ("Me", same::<session::Me>),
    ("MoveTask", same::<task::MoveTask>),
    ("NamedTask", same::<dependency::NamedTask>),
    ("NewColumn", same::<board::NewColumn>),
    ("NewComment", same::<comment::NewComment>),
    ("NewDependency", same::<dependency::NewDependency>),
    ("NewLabel", same::<label::NewLabel>),
    ("NewProject", same::<project::NewProject>),
    ("NewRole", same::<role::NewRole>),
    ("NewTask", same::<task::NewTask>),
    ("NewTeam", same::<team::NewTeam>),
    ("NewToken", same::<token::NewToken>),
    ("NewUser", same::<user::NewUser>),
    ("Outcome", each::<audit::Outcome>),
    ("Override", same::<dependency::Override>),
    ("Paged_Activity", same::<page::Paged<activity::Activity>>),
    ("Paged_AuditEntry", same::<page::Paged<audit::AuditEntry>>),
    ("Paged_Column", same::<page::Paged<board::Column>>),
    ("Paged_Comment", same::<page::Paged<comment::Comment>>),
    ("Paged_Label", same::<page::Paged<label::Label>>),
    ("Paged_Project", same::<page::Paged<project::Project>>),
    ("Paged_Role", same::<page::Paged<role::Role>>),
    ("Paged_Session", same::<page::Paged<session::Session>>),
    ("Paged_TaskSummary", same::<page::Paged<task::TaskSummary>>),
    ("Paged_Team", same::<page::Paged<team::Team>>),
    ("Paged_Token", same::<page::Paged<token::Token>>),
    ("Paged_User", same::<page::Paged<user::User>>),
    ("Paged_UserRef", same::<page::Paged<user::UserRef>>),
    ("Permission", each::<permission::Permission>),
    ("Priority", each::<task::Priority>),
    ("Project", same::<project::Project>),
    ("ProjectMember", same::<project::ProjectMember>),
    ("ProjectRef", same::<project::ProjectRef>),
    ("ProjectStatus", each::<project::ProjectStatus>),
    ("ProjectTeam", same::<project::ProjectTeam>),
    ("ProjectView", same::<project::ProjectView>),
    ("RefusedLink", same::<import::RefusedLink>),
    ("Relation", each::<dependency::Relation>),
    ("Role", same::<role::Role>),
    ("Scope", each::<permission::Scope>),
    ("Session", same::<session::Session>),
    ("SignIn", same::<session::SignIn>),
    ("Step", each::<dependency::Step>),
    ("Task", same::<task::Task>),
    ("TaskGraph", same::<task_graph::TaskGraph>),
    ("TaskRef", same::<task::TaskRef>),
    ("TaskSummary", same::<task::TaskSummary>),
    ("TaskView", same::<task::TaskView>),
    ("Team", same::<team::Team>),
    ("Token", same::<token::Token>),
    ("User", same::<user::User>),
    ("UserRef", same::<user::UserRef>),
    ("UserStatus", each::<user::UserStatus>),
    ("Waits", same::<dependency::Waits>),
    ("Why", same::<why::Why>),
];

/// What handlers read in forms of their own.
const TAKEN: &[Shape] = &[
    ("ChangePassword", read::<account::ChangePassword>),
    ("ChangeRole", read::<project_members::ChangeRole>),
    ("NewMember", read::<project_members::NewMember>),
    ("NewProjectTeam", read::<project_members::NewProjectTeam>),
    ("PlacedComment", read::<comments::PlacedComment>),
    ("PlacedLabel", read::<labels::PlacedLabel>),
    ("PlacedTask", read::<tasks::PlacedTask>),
    ("SetPassword", read::<users::SetPassword>),
    ("TeamPeople", read::<teams::TeamPeople>),
    ("Unblock", read::<dependencies::Unblock>),
    ("VersionInput", read::<crate::rest::version::VersionInput>),
];

/// What handlers only write, in forms of their own: the stories compare each answer with the document.
const GIVEN: [&str; 11] = [
    "BearerToken",
    "Check",
    "Checks",
    "CreatedToken",
    "DependencyReport",
    "Health",
    "Memory",
    "Paged_PermissionInfo",
    "Paged_SearchHit",
    "Problem",
    "ProjectPeople",
];

/// A part of others that are compared whole.
const PARTS: [&str; 6] = ["HitKind", "ImportedLink", "LinkFate", "PermissionInfo", "SearchHit", "TaskText"];

#[test]
fn the_description_and_the_domain_have_the_same_fields_and_words() {
    let differences: Vec<_> = TOLD.iter().chain(TAKEN).flat_map(|(name, test)| test(name)).collect();
    assert!(differences.is_empty(), "{differences:#?}");
}

#[test]
fn every_shape_is_compared_with_what_it_describes() {
    let compared = TOLD.iter().chain(TAKEN).map(|(name, _)| *name);
    let known: Vec<_> = compared.chain(GIVEN).chain(PARTS).collect();
    for name in DOCUMENT.shapes() {
        assert!(known.contains(&name), "{name} is described and not compared: add it to a list in this file");
    }
}

#[test]
fn words_that_the_domain_has_no_list_of_are_told() {
    // A new variant does not compile here until its word is added, here and in `names`.
    let of_scope = |scope| match scope {
        permission::Scope::Workspace => "workspace",
        permission::Scope::Project => "project",
    };
    let of_headings = |headings| match headings {
        import::HeadingsAs::ParentTasks => "parent_tasks",
        import::HeadingsAs::Columns => "columns",
    };
    let of_act = |act| match act {
        import::ImportAct::Create => "create",
        import::ImportAct::Update => "update",
        import::ImportAct::Keep => "keep",
    };
    let of_status = |status| match status {
        user::UserStatus::Active => "active",
        user::UserStatus::Disabled => "disabled",
    };
    let of_outcome = |outcome| match outcome {
        audit::Outcome::Done => "done",
        audit::Outcome::Refused => "refused",
    };
    told("Scope", &[of_scope(permission::Scope::Workspace), of_scope(permission::Scope::Project)]);
    let headings = [import::HeadingsAs::ParentTasks, import::HeadingsAs::Columns];
    told("HeadingsAs", &headings.map(of_headings));
    let acts = [import::ImportAct::Create, import::ImportAct::Update, import::ImportAct::Keep];
    told("ImportAct", &acts.map(of_act));
    told("UserStatus", &[user::UserStatus::Active, user::UserStatus::Disabled].map(of_status));
    told("Outcome", &[audit::Outcome::Done, audit::Outcome::Refused].map(of_outcome));
}

/// With all fields, with those that may be `null` so, and with only what must be there.
fn same<T: Serialize + DeserializeOwned>(name: &str) -> Vec<String> {
    let mut differences = read::<T>(name);
    for fill in [Fill::All, Fill::Null] {
        differences.extend(unlike::<T>(name, &DOCUMENT.sample(DOCUMENT.shape(name), fill)));
    }
    differences
}

fn each<T: Serialize + DeserializeOwned>(name: &str) -> Vec<String> {
    let words = DOCUMENT.shape(name)["enum"].as_array().expect("words");
    words.iter().filter_map(|word| unlike::<T>(name, word)).collect()
}

/// Can be read with all fields and with only what must be there.
fn read<T: DeserializeOwned>(name: &str) -> Vec<String> {
    let samples = [Fill::All, Fill::Least].map(|fill| DOCUMENT.sample(DOCUMENT.shape(name), fill));
    samples.iter().filter_map(|sample| from::<T>(name, sample).err()).collect()
}

/// What is not the same once it was read and is written again.
fn unlike<T: Serialize + DeserializeOwned>(name: &str, sample: &Value) -> Option<String> {
    match from::<T>(name, sample) {
        Ok(value) => {
            let written = serde_json::to_value(value).unwrap();
            (written != *sample).then(|| format!("{name} is described as {sample} and written as {written}"))
        }
        Err(error) => Some(error),
    }
}

fn from<T: DeserializeOwned>(name: &str, sample: &Value) -> Result<T, String> {
    serde_json::from_value(sample.clone()).map_err(|error| format!("{name}: {error} in {sample}"))
}

fn told(name: &str, words: &[&str]) {
    assert_eq!(DOCUMENT.shape(name)["enum"], serde_json::json!(words), "{name}");
}
