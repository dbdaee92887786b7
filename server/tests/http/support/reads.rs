//! Everything that can be read.

use super::{Client, DOCUMENT};
use serde_json::json;

/// The pages that people are on all day.
const PAGES: [&str; 12] = [
    "/",
    "/inbox",
    "/announcements",
    "/account/notifications",
    "/projects",
    "/projects/{project}",
    "/projects/{project}/board",
    "/projects/{project}/tasks",
    "/projects/{project}/tasks/new",
    "/projects/{project}/activity",
    "/tasks/{task}",
    "/search?q=card",
];

/// With an urgent project, and a browser that was tested.
pub async fn alarm(admin: &Client, project: &str) {
    admin.create(&format!("/api/v1/projects/{project}/urgent"), json!({ "reason": "All is slow" })).await;
    let device = "/api/v1/me/devices/01900000-0000-7000-8000-00000000d0d0";
    let browser = json!({ "name": "Browser", "sound": "armed", "permission": "granted", "push": null });
    assert_eq!(admin.put(device).json(&browser).await.status, 200);
    let tested = admin.post(&format!("{device}/test")).await;
    assert!((200..300).contains(&tested.status), "{}", tested.text());
}

/// Everything that can be read, with the keys and ids of this workspace.
pub async fn addresses(admin: &Client, (project, task): (&str, &str)) -> Vec<String> {
    let id = async |path: &str| admin.get(path).await.items()[0]["id"].as_str().expect("an id").to_owned();
    let ids = [
        ("{project}", project.to_owned()),
        ("{task}", task.to_owned()),
        ("{column}", id(&format!("/api/v1/projects/{project}/columns")).await),
        ("{label}", id("/api/v1/labels").await),
        ("{comment}", id("/api/v1/comments").await),
        ("{team}", id("/api/v1/teams").await),
        ("{user}", id("/api/v1/users").await),
        ("{role}", id("/api/v1/roles").await),
        ("{episode}", id("/api/v1/episodes").await),
        ("{device}", id("/api/v1/me/devices").await),
        ("{notification}", id("/api/v1/me/notifications").await),
        ("{announcement}", id("/api/v1/announcements").await),
    ];
    let fill = |path: &str| ids.iter().fold(path.to_owned(), |path, (name, id)| path.replace(name, id));
    let mut all: Vec<String> = DOCUMENT
        .operations()
        .iter()
        .filter(|operation| operation.reads() && operation.needs_sign_in)
        // There is none where nothing can be pushed.
        .filter(|operation| operation.path != "/api/v1/push/key")
        .map(|operation| match operation.id() {
            "search" => "/api/v1/search?q=card".to_owned(),
            "explain_permission" => {
                format!("/api/v1/permissions/why?permission=task.create&project={project}")
            }
            _ => fill(operation.path),
        })
        .collect();
    let more = [
        "/api/v1/tasks?project={project}&sort=-priority",
        "/api/v1/tasks?search=card",
        "/api/v1/comments?task={task}",
        "/api/v1/activity?task={task}",
    ];
    all.extend(more.iter().chain(&PAGES).map(|path| fill(path)));
    all
}
