//! The description says what is sent: a value that is made as it says reads as the type that the API works with, and is
//! written again without a difference. So a field that is added to one and not to the other is found, whichever it is.

use super::super::{
    account, comments, dependencies, labels, project_members, tasks, teams, urgent as urgent_rest,
    urgent_policies, users,
};
use crate::rest::document::openapi_json;
use domain::{
    activity, announcement, audit, board, comment, delivery, dependency, device, error, import, label,
    notification, page, palette, permission, preference, project, rhythm, role, session, task, task_graph,
    team, token, urgent, user, why, wish,
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
    ("Acknowledge", same::<urgent::Acknowledge>),
    ("Acknowledgement", same::<urgent::Acknowledgement>),
    ("Activity", same::<activity::Activity>),
    ("Alert", same::<urgent::Alert>),
    ("AlertState", each::<urgent::AlertState>),
    ("Announcement", same::<announcement::Announcement>),
    ("AnnouncementRef", same::<notification::AnnouncementRef>),
    ("AnnouncementView", same::<announcement::AnnouncementView>),
    ("AuditEntry", same::<audit::AuditEntry>),
    ("BlockedTask", same::<dependency::BlockedTask>),
    ("Board", same::<board::Board>),
    ("BoardColumn", same::<board::BoardColumn>),
    ("BulkEdit", same::<task::BulkEdit>),
    ("BulkResult", same::<task::BulkResult>),
    ("Category", each::<board::Category>),
    ("Change", same::<activity::Change>),
    ("Channel", each::<delivery::Channel>),
    ("Colour", each::<palette::Colour>),
    ("Column", same::<board::Column>),
    ("Comment", same::<comment::Comment>),
    ("CycleTask", same::<dependency::CycleTask>),
    ("Delivery", same::<delivery::Delivery>),
    ("DeliveryState", each::<delivery::DeliveryState>),
    ("Dependencies", same::<dependency::Dependencies>),
    ("Device", same::<device::Device>),
    ("Digest", each::<rhythm::Digest>),
    ("EditAnnouncement", same::<announcement::EditAnnouncement>),
    ("EditColumn", same::<board::EditColumn>),
    ("EditComment", same::<comment::EditComment>),
    ("EditLabel", same::<label::EditLabel>),
    ("EditPreferences", same::<preference::EditPreferences>),
    ("EditProject", same::<project::EditProject>),
    ("EditRole", same::<role::EditRole>),
    ("EditTask", same::<task::EditTask>),
    ("EditTeam", same::<team::EditTeam>),
    ("EditUser", same::<user::EditUser>),
    ("Episode", same::<urgent::Episode>),
    ("EpisodeReport", same::<urgent::Report>),
    ("EpisodeState", each::<urgent::EpisodeState>),
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
    ("MarkAll", same::<notification::MarkAll>),
    ("MarkMany", same::<notification::MarkMany>),
    ("Marked", same::<notification::Marked>),
    ("Me", same::<session::Me>),
    ("MoveTask", same::<task::MoveTask>),
    ("NamedTask", same::<dependency::NamedTask>),
    ("Needs", each::<urgent::Needs>),
    ("NewAnnouncement", same::<announcement::NewAnnouncement>),
    ("NewColumn", same::<board::NewColumn>),
    ("NewComment", same::<comment::NewComment>),
    ("NewDependency", same::<dependency::NewDependency>),
    ("NewEpisode", same::<urgent::NewEpisode>),
    ("NewLabel", same::<label::NewLabel>),
    ("NewProject", same::<project::NewProject>),
    ("NewRole", same::<role::NewRole>),
    ("NewTask", same::<task::NewTask>),
    ("NewTeam", same::<team::NewTeam>),
    ("NewToken", same::<token::NewToken>),
    ("NewUser", same::<user::NewUser>),
    ("Notices", each::<device::Notices>),
    ("Notification", same::<notification::Notification>),
    ("NotificationChannel", each::<wish::Channel>),
    ("NotificationEvent", each::<notification::Event>),
    ("NotificationMark", each::<notification::Mark>),
    ("NotificationReason", each::<notification::Reason>),
    ("NotificationShelf", each::<notification::Shelf>),
    ("Outcome", each::<audit::Outcome>),
    ("Override", same::<dependency::Override>),
    ("OwnAlert", same::<urgent::OwnAlert>),
    ("Paged_Activity", same::<page::Paged<activity::Activity>>),
    ("Paged_Alert", same::<page::Paged<urgent::Alert>>),
    ("Paged_Announcement", same::<page::Paged<announcement::Announcement>>),
    ("Paged_AuditEntry", same::<page::Paged<audit::AuditEntry>>),
    ("Paged_Column", same::<page::Paged<board::Column>>),
    ("Paged_Comment", same::<page::Paged<comment::Comment>>),
    ("Paged_Device", same::<page::Paged<device::Device>>),
    ("Paged_Episode", same::<page::Paged<urgent::Episode>>),
    ("Paged_Label", same::<page::Paged<label::Label>>),
    ("Paged_Notification", same::<page::Paged<notification::Notification>>),
    ("Paged_OwnAlert", same::<page::Paged<urgent::OwnAlert>>),
    ("Paged_PersonReach", same::<page::Paged<urgent::Reach>>),
    ("Paged_Project", same::<page::Paged<project::Project>>),
    ("Paged_Recipient", same::<page::Paged<announcement::Recipient>>),
    ("Paged_Role", same::<page::Paged<role::Role>>),
    ("Paged_Session", same::<page::Paged<session::Session>>),
    ("Paged_TaskSummary", same::<page::Paged<task::TaskSummary>>),
    ("Paged_Team", same::<page::Paged<team::Team>>),
    ("Paged_TestLine", same::<page::Paged<urgent::TestLine>>),
    ("Paged_Token", same::<page::Paged<token::Token>>),
    ("Paged_User", same::<page::Paged<user::User>>),
    ("Paged_UserRef", same::<page::Paged<user::UserRef>>),
    ("Permission", each::<permission::Permission>),
    ("PersonReach", same::<urgent::Reach>),
    ("Planned", same::<urgent::Planned>),
    ("PolicyStep", same::<urgent::Step>),
    ("PreferenceCell", same::<preference::Cell>),
    ("PreferenceChoice", same::<preference::Choice>),
    ("Preferences", same::<preference::Preferences>),
    ("Priority", each::<task::Priority>),
    ("Project", same::<project::Project>),
    ("ProjectMember", same::<project::ProjectMember>),
    ("ProjectRef", same::<project::ProjectRef>),
    ("ProjectStatus", each::<project::ProjectStatus>),
    ("ProjectTeam", same::<project::ProjectTeam>),
    ("ProjectView", same::<project::ProjectView>),
    ("PushAddress", same::<device::PushAddress>),
    ("Quiet", same::<rhythm::Quiet>),
    ("ReachWays", same::<device::Reach>),
    ("Recipient", same::<announcement::Recipient>),
    ("RefusedLink", same::<import::RefusedLink>),
    ("Relation", each::<dependency::Relation>),
    ("Repeat", same::<urgent::Repeat>),
    ("ReportDevice", same::<device::ReportDevice>),
    ("Rhythm", same::<rhythm::Rhythm>),
    ("Role", same::<role::Role>),
    ("Scope", each::<permission::Scope>),
    ("SendChannel", each::<delivery::Channel>),
    ("SendFailure", same::<urgent::Failure>),
    ("SendState", each::<delivery::DeliveryState>),
    ("Sends", same::<urgent::Sends>),
    ("Session", same::<session::Session>),
    ("SignIn", same::<session::SignIn>),
    ("Sound", each::<device::Sound>),
    ("Step", each::<dependency::Step>),
    ("Task", same::<task::Task>),
    ("TaskGraph", same::<task_graph::TaskGraph>),
    ("TaskRef", same::<task::TaskRef>),
    ("TaskSummary", same::<task::TaskSummary>),
    ("TaskView", same::<task::TaskView>),
    ("Team", same::<team::Team>),
    ("TeamRef", same::<announcement::TeamRef>),
    ("TestLine", same::<urgent::TestLine>),
    ("Token", same::<token::Token>),
    ("UnreadCount", same::<notification::UnreadCount>),
    ("UrgentPolicy", same::<urgent::Policy>),
    ("User", same::<user::User>),
    ("UserRef", same::<user::UserRef>),
    ("UserStatus", each::<user::UserStatus>),
    ("Via", each::<urgent::Via>),
    ("Waits", same::<dependency::Waits>),
    ("Way", each::<urgent::Way>),
    ("Whom", same::<urgent::Who>),
    ("Why", same::<why::Why>),
    ("WhyAlerted", each::<urgent::Why>),
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
    ("Resolve", read::<urgent_rest::Resolve>),
    ("SetPassword", read::<users::SetPassword>),
    ("SetPolicy", read::<urgent_policies::SetPolicy>),
    ("Suspend", read::<urgent_rest::Suspend>),
    ("TeamPeople", read::<teams::TeamPeople>),
    ("TestPolicy", read::<urgent_policies::TestPolicy>),
    ("Unblock", read::<dependencies::Unblock>),
    ("VersionInput", read::<crate::rest::version::VersionInput>),
];

/// What handlers only write, in forms of their own: the stories compare each answer with the document.
const GIVEN: [&str; 15] = [
    "BearerToken",
    "Check",
    "Checks",
    "CreatedToken",
    "CurrentEpisode",
    "DependencyReport",
    "Health",
    "KeptPolicy",
    "Memory",
    "Paged_PermissionInfo",
    "Paged_SearchHit",
    "Problem",
    "ProjectPeople",
    "PushKey",
    "Webhook",
];

/// A part of others that are compared whole.
const PARTS: [&str; 6] = ["HitKind", "ImportedLink", "LinkFate", "PermissionInfo", "SearchHit", "TaskText"];

#[test]
fn the_description_and_the_domain_have_the_same_fields_and_words() {
    let differences: Vec<_> = TOLD.iter().chain(TAKEN).flat_map(|(name, test)| test(name)).collect();
    assert!(differences.is_empty(), "{differences:#?}");
}

#[test]
fn every_reference_leads_to_a_shape() {
    let shapes = DOCUMENT.shapes();
    for reference in openapi_json().split("#/components/schemas/").skip(1) {
        let name = reference.split('"').next().unwrap_or_default();
        assert!(shapes.contains(&name), "{name} is referred to and not described");
    }
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
