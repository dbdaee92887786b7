//! `/api/v1`, an area a file.

pub mod account;
pub mod activity;
pub mod address;
pub mod announcements;
pub mod audit;
pub mod columns;
pub mod comments;
pub mod dependencies;
pub mod devices;
pub mod events;
pub mod home;
pub mod import;
pub mod labels;
pub mod notifications;
pub mod permissions;
pub mod project_members;
pub mod projects;
pub mod roles;
pub mod schema;
pub mod search;
pub mod sessions;
pub mod task_acts;
pub mod task_query;
pub mod tasks;
pub mod teams;
pub mod tokens;
pub mod urgent;
pub mod urgent_policies;
pub mod users;

use crate::http::Shared;
use utoipa_axum::router::OpenApiRouter;

/// Every area, in the order in which the document lists them.
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .merge(home::routes())
        .merge(notifications::routes())
        .merge(announcements::routes())
        .merge(projects::routes())
        .merge(project_members::routes())
        .merge(columns::routes())
        .merge(labels::routes())
        .merge(tasks::routes())
        .merge(task_acts::routes())
        .merge(dependencies::routes())
        .merge(comments::routes())
        .merge(urgent::routes())
        .merge(urgent_policies::routes())
        .merge(search::routes())
        .merge(activity::routes())
        .merge(events::routes())
        .merge(import::routes())
        .merge(teams::routes())
        .merge(users::routes())
        .merge(roles::routes())
        .merge(permissions::routes())
        .merge(account::routes())
        .merge(sessions::routes())
        .merge(tokens::routes())
        .merge(devices::routes())
        .merge(audit::routes())
}
