//! Words of which one is chosen. The domain has the lists; these only tell them.

use domain::{
    audit, board, delivery, dependency, device, notification, palette, permission, project, rhythm, task,
    user, wish,
};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        RefOr, Schema,
        schema::{ObjectBuilder, Type},
    },
};

pub(super) fn one_of(what: &str, words: impl IntoIterator<Item = &'static str>) -> RefOr<Schema> {
    ObjectBuilder::new().schema_type(Type::String).description(Some(what)).enum_values(Some(words)).into()
}

/// What a role may allow.
pub struct Permission;

impl ToSchema for Permission {}

impl PartialSchema for Permission {
    fn schema() -> RefOr<Schema> {
        one_of(
            "What a role may allow.",
            permission::Permission::ALL.iter().map(|permission| permission.as_str()),
        )
    }
}

/// Where a permission counts.
pub struct Scope;

impl ToSchema for Scope {}

impl PartialSchema for Scope {
    fn schema() -> RefOr<Schema> {
        one_of("Where a permission counts.", ["workspace", "project"])
    }
}

/// Whether a person may sign in.
pub struct UserStatus;

impl ToSchema for UserStatus {}

impl PartialSchema for UserStatus {
    fn schema() -> RefOr<Schema> {
        one_of(
            "Whether a person may sign in.",
            [user::UserStatus::Active, user::UserStatus::Disabled].map(user::UserStatus::as_str),
        )
    }
}

/// How an act ended.
pub struct Outcome;

impl ToSchema for Outcome {}

impl PartialSchema for Outcome {
    fn schema() -> RefOr<Schema> {
        one_of(
            "How an act ended.",
            [audit::Outcome::Done, audit::Outcome::Refused].map(audit::Outcome::as_str),
        )
    }
}

/// Where a project stands.
pub struct ProjectStatus;

impl ToSchema for ProjectStatus {}

impl PartialSchema for ProjectStatus {
    fn schema() -> RefOr<Schema> {
        one_of("Where a project stands.", project::ProjectStatus::ALL.map(project::ProjectStatus::as_str))
    }
}

/// Whether it is in use, archived or deleted.
pub struct Lifecycle;

impl ToSchema for Lifecycle {}

impl PartialSchema for Lifecycle {
    fn schema() -> RefOr<Schema> {
        one_of(
            "Whether it is in use, archived or deleted.",
            task::Lifecycle::ALL.map(task::Lifecycle::as_str),
        )
    }
}

/// A colour by name.
pub struct Colour;

impl ToSchema for Colour {}

impl PartialSchema for Colour {
    fn schema() -> RefOr<Schema> {
        one_of("A colour by name.", palette::Colour::ALL.iter().map(|colour| colour.as_str()))
    }
}

/// What a column means for the tasks in it.
pub struct Category;

impl ToSchema for Category {}

impl PartialSchema for Category {
    fn schema() -> RefOr<Schema> {
        one_of("What a column means for the tasks in it.", board::Category::ALL.map(board::Category::as_str))
    }
}

/// How much it matters.
pub struct Priority;

impl ToSchema for Priority {}

impl PartialSchema for Priority {
    fn schema() -> RefOr<Schema> {
        one_of("How much it matters.", task::Priority::ALL.map(task::Priority::as_str))
    }
}

/// The order of a task list.
pub struct TaskSort;

impl ToSchema for TaskSort {}

impl PartialSchema for TaskSort {
    fn schema() -> RefOr<Schema> {
        one_of("The order of a task list.", task::TaskSort::ALL.map(task::TaskSort::as_str))
    }
}

/// What headings become.
pub struct HeadingsAs;

impl ToSchema for HeadingsAs {}

impl PartialSchema for HeadingsAs {
    fn schema() -> RefOr<Schema> {
        one_of("What headings become.", ["parent_tasks", "columns"])
    }
}

/// What an import does to a line.
pub struct ImportAct;

impl ToSchema for ImportAct {}

impl PartialSchema for ImportAct {
    fn schema() -> RefOr<Schema> {
        one_of("What an import does to a line.", ["create", "update", "keep"])
    }
}

/// What one task is to another.
pub struct Relation;

impl ToSchema for Relation {}

impl PartialSchema for Relation {
    fn schema() -> RefOr<Schema> {
        one_of(
            "What one task is to another, seen from the first. `blocked_by` and `blocks` act, the others are labels.",
            dependency::Relation::ALL.map(dependency::Relation::as_str),
        )
    }
}

/// How a task leads to the next one of a loop.
pub struct Step;

impl ToSchema for Step {}

impl PartialSchema for Step {
    fn schema() -> RefOr<Schema> {
        one_of("How a task leads to the next one of a loop.", ["blocks", "part_of"])
    }
}

/// What an import does with one dependency.
pub struct LinkFate;

impl ToSchema for LinkFate {}

impl PartialSchema for LinkFate {
    fn schema() -> RefOr<Schema> {
        one_of("What an import does with one dependency.", ["create", "keep", "refused"])
    }
}

/// What was found.
pub struct HitKind;

impl ToSchema for HitKind {}

impl PartialSchema for HitKind {
    fn schema() -> RefOr<Schema> {
        one_of("What was found.", ["task", "project"])
    }
}

/// By which way something reaches a person.
pub struct Channel;

impl ToSchema for Channel {}

impl PartialSchema for Channel {
    fn schema() -> RefOr<Schema> {
        one_of(
            "By which way something reaches a person.",
            delivery::Channel::ALL.map(delivery::Channel::as_str),
        )
    }
}

/// How far a delivery is.
pub struct DeliveryState;

impl ToSchema for DeliveryState {}

impl PartialSchema for DeliveryState {
    fn schema() -> RefOr<Schema> {
        one_of("How far a delivery is.", delivery::DeliveryState::ALL.map(delivery::DeliveryState::as_str))
    }
}

/// Whether a page may make a sound.
pub struct Sound;

impl ToSchema for Sound {}

impl PartialSchema for Sound {
    fn schema() -> RefOr<Schema> {
        one_of("Whether a page may make a sound.", device::Sound::ALL.map(device::Sound::as_str))
    }
}

/// Whether a browser shows notifications of the system.
pub struct Notices;

impl ToSchema for Notices {}

impl PartialSchema for Notices {
    fn schema() -> RefOr<Schema> {
        one_of(
            "Whether a browser shows notifications of the system.",
            device::Notices::ALL.map(device::Notices::as_str),
        )
    }
}

/// What happened.
pub struct NotificationEvent;

impl ToSchema for NotificationEvent {}

impl PartialSchema for NotificationEvent {
    fn schema() -> RefOr<Schema> {
        one_of("What happened.", notification::Event::ALL.map(notification::Event::as_str))
    }
}

/// Why somebody is told.
pub struct NotificationReason;

impl ToSchema for NotificationReason {}

impl PartialSchema for NotificationReason {
    fn schema() -> RefOr<Schema> {
        one_of("Why somebody is told.", notification::Reason::ALL.map(notification::Reason::as_str))
    }
}

/// What becomes of notifications.
pub struct NotificationMark;

impl ToSchema for NotificationMark {}

impl PartialSchema for NotificationMark {
    fn schema() -> RefOr<Schema> {
        one_of("What becomes of notifications.", notification::Mark::ALL.map(notification::Mark::as_str))
    }
}

/// Which of your notifications.
pub struct NotificationShelf;

impl ToSchema for NotificationShelf {}

impl PartialSchema for NotificationShelf {
    fn schema() -> RefOr<Schema> {
        one_of("Which of your notifications.", notification::Shelf::ALL.map(notification::Shelf::as_str))
    }
}

/// A way to tell.
pub struct NotificationChannel;

impl ToSchema for NotificationChannel {}

impl PartialSchema for NotificationChannel {
    fn schema() -> RefOr<Schema> {
        one_of("A way to tell.", wish::Channel::ALL.map(wish::Channel::as_str))
    }
}

/// How often e-mails come together.
pub struct Digest;

impl ToSchema for Digest {}

impl PartialSchema for Digest {
    fn schema() -> RefOr<Schema> {
        one_of("How often e-mails come together.", rhythm::Digest::ALL.map(rhythm::Digest::as_str))
    }
}
