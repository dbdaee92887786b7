//! REST. Addresses are written as the API's description writes them, but for the names in braces, which say what of the
//! scene stands there.

use super::{super::answers::*, Area, Row};

/// Every operation.
pub const API: &[Area] = &[
    ("sign-in", SIGN_IN),
    ("what one is told", TOLD),
    ("own account", ACCOUNT),
    ("projects", PROJECTS),
    ("people of a project", PEOPLE_OF_PROJECT),
    ("columns and labels", BOARD),
    ("tasks", TASKS),
    ("dependencies", DEPENDENCIES),
    ("comments", COMMENTS),
    ("urgent", URGENT),
    ("announcements", ANNOUNCEMENTS),
    ("workspace", WORKSPACE),
    ("people", PEOPLE),
    ("teams", TEAMS),
    ("roles", ROLES),
];

const SIGN_IN: &[Row] = &[
    ("GET /api/auth/me", "", SIGNED_IN),
    ("POST /api/auth/signout", "", SIGNED_IN),
    ("POST /api/auth/signin", r#"{"username":"{person_name}","password":"{password}"}"#, OPEN),
];

const TOLD: &[Row] = &[
    ("GET /api/v1/events", "", SIGNED_IN),
    ("GET /api/v1/home", "", SIGNED_IN),
    ("GET /api/v1/me/notifications", "", SIGNED_IN),
    ("GET /api/v1/me/notifications/count", "", SIGNED_IN),
    ("GET /api/v1/me/notifications/{notification}", "", PRIVATE),
    ("POST /api/v1/me/notifications/mark", r#"{"ids":["{notification}"],"mark":"read"}"#, OWN_ACT),
    ("POST /api/v1/me/notifications/mark-all", r#"{"until":"{notification}","mark":"read"}"#, OWN_ACT),
    ("GET /api/v1/me/notification-preferences", "", SIGNED_IN),
    (
        "PATCH /api/v1/me/notification-preferences",
        r#"{"choices":[{"event":"commented","channel":"email","wanted":true}]}"#,
        OWN_ACT,
    ),
    ("GET /api/v1/me/notification-preferences/{project}", "", MEMBERS),
    (
        "PATCH /api/v1/me/notification-preferences/{project}",
        r#"{"choices":[{"event":"commented","channel":"email","wanted":true}]}"#,
        MEMBERS_ACT,
    ),
    (
        "PUT /api/v1/me/notification-rhythm",
        r#"{"time_zone":"UTC","quiet":null,"digest":"never","digest_hour":8,"digest_weekday":1,"version":0}"#,
        OWN_ACT,
    ),
    ("GET /api/v1/me/devices", "", SIGNED_IN),
    ("GET /api/v1/push/key", "", SIGNED_IN),
    (
        "PUT /api/v1/me/devices/{new_device}",
        r#"{"name":"x","sound":"armed","permission":"granted"}"#,
        OWN_ACT,
    ),
    ("POST /api/v1/me/devices/{device}/test", "", PRIVATE_ACT),
    ("DELETE /api/v1/me/devices/{device}", "", PRIVATE_ACT),
];

const ACCOUNT: &[Row] = &[
    // Not beside the test of a device: there is one in ten seconds.
    ("GET /api/v1/me/devices/{tested_device}/test", "", PRIVATE),
    ("PATCH /api/v1/account", r#"{"version":1,"display_name":"Somebody"}"#, OWN_ACT),
    ("GET /api/v1/tokens", "", SIGNED_IN),
    ("POST /api/v1/tokens", r#"{"name":"x","days":1}"#, OWN_ACT),
    ("DELETE /api/v1/tokens/{token}", "", PRIVATE_ACT),
    ("GET /api/v1/sessions", "", SIGNED_IN),
    ("DELETE /api/v1/sessions/{session}", "", PRIVATE_ACT),
    ("DELETE /api/v1/sessions", "", OWN_ACT),
    ("POST /api/v1/account/password", r#"{"current":"{password}","new":"another harbour at dusk"}"#, OWN_ACT),
];

const PROJECTS: &[Row] = &[
    ("GET /api/v1/projects", "", SIGNED_IN),
    ("GET /api/projects", "", SIGNED_IN),
    ("POST /api/v1/projects", r#"{"name":"New","key":"{new_key}"}"#, OFFICE_ACT),
    ("POST /api/projects", r#"{"name":"New","key":"{new_key}"}"#, OFFICE_ACT),
    ("GET /api/v1/projects/{project}", "", MEMBERS),
    ("GET /api/v1/projects/{project}/view", "", MEMBERS),
    ("PATCH /api/v1/projects/{project}", r#"{"version":1,"name":"Changed"}"#, WORKERS),
    ("POST /api/v1/projects/{project}/archive", r#"{"version":1}"#, WORKERS),
    ("POST /api/v1/projects/{archived_project}/unarchive", r#"{"version":2}"#, WORKERS),
    ("DELETE /api/v1/projects/{project}", r#"{"version":1}"#, WORKERS),
    ("POST /api/v1/projects/{deleted_project}/restore", r#"{"version":2}"#, RESTORERS),
    ("POST /api/v1/import/checklist", r#"{"project_key":"{key}","markdown":"- [ ] one"}"#, OFFICE_ACT),
];

const PEOPLE_OF_PROJECT: &[Row] = &[
    ("GET /api/v1/projects/{project}/members", "", MEMBERS),
    ("GET /api/v1/projects/{project}/people", "", MEMBERS),
    (
        "POST /api/v1/projects/{project}/members",
        r#"{"user_id":"{person}","role_id":"{viewer_role}"}"#,
        WORKERS,
    ),
    ("PATCH /api/v1/projects/{project}/members/{mate}", r#"{"role_id":"{viewer_role}"}"#, WORKERS),
    ("DELETE /api/v1/projects/{project}/members/{mate}", "", WORKERS),
    ("POST /api/v1/projects/{project}/teams", r#"{"team_id":"{team}","role_id":"{viewer_role}"}"#, WORKERS),
    ("PATCH /api/v1/projects/{project}/teams/{team_inside}", r#"{"role_id":"{viewer_role}"}"#, WORKERS),
    ("DELETE /api/v1/projects/{project}/teams/{team_inside}", "", WORKERS),
];

const BOARD: &[Row] = &[
    ("GET /api/v1/projects/{project}/board", "", MEMBERS),
    ("GET /api/v1/projects/{project}/columns", "", MEMBERS),
    ("POST /api/v1/projects/{project}/columns", r#"{"name":"New","category":"doing"}"#, WORKERS),
    ("GET /api/v1/columns/{column}", "", MEMBERS),
    ("PATCH /api/v1/columns/{column}", r#"{"version":1,"name":"Changed"}"#, WORKERS),
    ("DELETE /api/v1/columns/{column}", "", WORKERS),
    ("GET /api/v1/projects/{project}/labels", "", MEMBERS),
    ("POST /api/v1/projects/{project}/labels", r#"{"name":"New"}"#, WORKERS),
    ("GET /api/v1/labels?project={project}", "", MEMBERS),
    ("POST /api/v1/labels", r#"{"project":"{project}","name":"New"}"#, WORKERS),
    ("GET /api/v1/labels/{label}", "", MEMBERS),
    ("PATCH /api/v1/labels/{label}", r#"{"version":1,"name":"Changed"}"#, WORKERS),
    ("DELETE /api/v1/labels/{label}", "", WORKERS),
];

const TASKS: &[Row] = &[
    ("GET /api/v1/tasks", "", SIGNED_IN),
    ("GET /api/v1/search?q=nightjar", "", SIGNED_IN),
    ("GET /api/v1/projects/{project}/tasks", "", MEMBERS),
    (
        "POST /api/v1/projects/{project}/tasks",
        r#"{"title":"New","column_id":"{column}","labels":["{label}"],"parent_id":"{task}"}"#,
        WORKERS,
    ),
    ("POST /api/v1/projects/{project}/tasks/bulk", r#"{"tasks":["{task}"],"priority":"high"}"#, WORKERS),
    ("POST /api/v1/tasks", r#"{"project":"{project}","title":"New"}"#, WORKERS),
    ("GET /api/v1/tasks/{task}", "", MEMBERS),
    ("GET /api/v1/tasks/{task_key}", "", MEMBERS),
    ("GET /api/v1/tasks/{task}/view", "", MEMBERS),
    (
        "PATCH /api/v1/tasks/{task}",
        r#"{"version":1,"title":"Changed","labels":["{label}"],"assignees":["{mate}"]}"#,
        WORKERS,
    ),
    ("POST /api/v1/tasks/{task}/move", r#"{"version":1,"column_id":"{column}"}"#, WORKERS),
    ("POST /api/v1/tasks/{task}/complete", r#"{"version":1}"#, WORKERS),
    ("POST /api/v1/tasks/{done}/reopen", r#"{"version":2}"#, WORKERS),
    ("POST /api/v1/tasks/{task}/archive", r#"{"version":1}"#, WORKERS),
    ("POST /api/v1/tasks/{archived}/unarchive", r#"{"version":2}"#, WORKERS),
    ("DELETE /api/v1/tasks/{task}", r#"{"version":1}"#, WORKERS),
    ("POST /api/v1/tasks/{deleted}/restore", r#"{"version":2}"#, RESTORERS),
    ("PUT /api/v1/tasks/{task}/watch", "", MEMBERS_ACT),
    ("DELETE /api/v1/tasks/{task}/watch", "", MEMBERS_ACT),
];

const DEPENDENCIES: &[Row] = &[
    ("GET /api/v1/projects/{project}/graph", "", MEMBERS),
    ("GET /api/v1/tasks/{task}/graph", "", MEMBERS),
    ("GET /api/v1/tasks/{waiting}/dependencies", "", MEMBERS),
    ("POST /api/v1/tasks/{other}/dependencies", r#"{"relation":"blocks","task":"{task}"}"#, WORKERS),
    ("DELETE /api/v1/tasks/{waiting}/dependencies/{relation}/{task}", "", WORKERS),
    ("POST /api/v1/tasks/{waiting}/unblock", r#"{"version":2,"reason":"because"}"#, WORKERS),
    ("DELETE /api/v1/tasks/{unblocked}/unblock", r#"{"version":3}"#, WORKERS),
    ("POST /api/v1/import/dependencies", r#"{"csv":"{other_key},{task_key}"}"#, BY_LINE),
];

const COMMENTS: &[Row] = &[
    ("GET /api/v1/comments", "", SIGNED_IN),
    ("GET /api/v1/comments?task={task}", "", MEMBERS),
    ("POST /api/v1/comments", r#"{"task":"{task}","body":"New"}"#, WORKERS),
    ("GET /api/v1/tasks/{task}/comments", "", MEMBERS),
    ("POST /api/v1/tasks/{task}/comments", r#"{"body":"New"}"#, WORKERS),
    ("GET /api/v1/comments/{comment}", "", MEMBERS),
    ("PATCH /api/v1/comments/{comment}", r#"{"version":1,"body":"Changed"}"#, WORKERS),
    ("DELETE /api/v1/comments/{comment}", "", WORKERS),
];

const URGENT: &[Row] = &[
    ("GET /api/v1/projects/{urgent}/urgent", "", MEMBERS),
    ("POST /api/v1/projects/{project}/urgent", r#"{"reason":"It burns."}"#, WORKERS),
    ("GET /api/v1/projects/{project}/urgent/reach", "", WORKERS),
    ("GET /api/v1/projects/{project}/urgent/policy", "", MEMBERS),
    ("PUT /api/v1/projects/{project}/urgent/policy", SET_POLICY, WORKERS),
    ("POST /api/v1/projects/{project}/urgent/policy/test", "{}", WORKERS),
    ("DELETE /api/v1/projects/{own_policy}/urgent/policy", r#"{"version":1}"#, WORKERS),
    ("GET /api/v1/episodes", "", SIGNED_IN),
    ("GET /api/v1/episodes?project={urgent}", "", MEMBERS),
    ("GET /api/v1/episodes/{episode}", "", MEMBERS),
    ("GET /api/v1/episodes/{episode}/alerts", "", MEMBERS),
    ("GET /api/v1/episodes/{episode}/report", "", MEMBERS),
    ("POST /api/v1/episodes/{episode}/suspend", r#"{"until":"{soon}","reason":"because"}"#, WORKERS),
    ("POST /api/v1/episodes/{suspended}/resume", "", WORKERS),
    ("POST /api/v1/episodes/{episode}/resolve", r#"{"note":"over"}"#, WORKERS),
    ("GET /api/v1/me/alerts", "", SIGNED_IN),
    ("POST /api/v1/alerts/{alert}/acknowledge", "{}", PRIVATE_ACT),
    ("GET /api/v1/urgent/policy", "", SIGNED_IN),
    ("PUT /api/v1/urgent/policy", SET_POLICY, OFFICE_ACT),
];

const SET_POLICY: &str = r#"{"version":0,"policy":{
    "repeats":[{"every_seconds":60,"times":null}],
    "steps":[{"after_seconds":0,"who":{"kind":"members"},"ways":["push","email"]}]}}"#;

const ANNOUNCEMENTS: &[Row] = &[
    ("GET /api/v1/announcements", "", SIGNED_IN),
    ("POST /api/v1/announcements", r#"{"title":"New","body":"New"}"#, OFFICE_ACT),
    ("GET /api/v1/announcements/{announcement}", "", MEMBERS),
    ("PATCH /api/v1/announcements/{announcement}", r#"{"version":1,"title":"Changed"}"#, WORKERS),
    ("GET /api/v1/announcements/{announcement}/recipients", "", WORKERS),
    ("POST /api/v1/announcements/{announcement}/acknowledge", "", MEMBERS_ACT),
    ("POST /api/v1/announcements/{announcement}/withdraw", r#"{"version":1}"#, WORKERS),
];

const WORKSPACE: &[Row] = &[
    ("GET /api/v1/activity", "", SIGNED_IN),
    ("GET /api/v1/activity?project={project}", "", MEMBERS),
    ("GET /api/v1/activity?task={task}", "", MEMBERS),
    ("GET /api/v1/audit", "", OFFICE),
    ("GET /api/v1/permissions", "", SIGNED_IN),
    ("GET /api/v1/permissions/why?permission=role.manage", "", SIGNED_IN),
    ("GET /api/v1/permissions/why?permission=task.update&project={project}", "", MEMBERS),
    ("GET /api/v1/permissions/why?permission=role.manage&user={person}", "", OFFICE_ACT),
];

const PEOPLE: &[Row] = &[
    ("GET /api/v1/users", "", SIGNED_IN),
    ("GET /api/v1/users/options?search=mate", "", SIGNED_IN),
    ("POST /api/v1/users", NEW_PERSON, OFFICE_ACT),
    ("GET /api/v1/users/{person}", "", SIGNED_IN),
    ("PATCH /api/v1/users/{person}", r#"{"version":1,"display_name":"Changed"}"#, OFFICE_ACT),
    ("PUT /api/v1/users/{person}/password", r#"{"password":"another harbour at dusk"}"#, OFFICE_ACT),
    ("DELETE /api/v1/users/{person}/sessions", "", OFFICE_ACT),
];

const NEW_PERSON: &str = r#"{"username":"{new_name}","email":"{new_name}@example.org",
    "password":"{password}","role_id":"{viewer_role}"}"#;

const TEAMS: &[Row] = &[
    ("GET /api/v1/teams", "", SIGNED_IN),
    ("POST /api/v1/teams", r#"{"name":"{new_name}"}"#, OFFICE_ACT),
    ("GET /api/v1/teams/{team}", "", SIGNED_IN),
    ("PATCH /api/v1/teams/{team}", r#"{"version":1,"description":"Changed"}"#, OFFICE_ACT),
    ("DELETE /api/v1/teams/{team}", "", OFFICE_ACT),
    ("GET /api/v1/teams/{team}/members", "", SIGNED_IN),
    ("PUT /api/v1/teams/{team}/members", r#"{"user_ids":["{person}"]}"#, OFFICE_ACT),
    ("PUT /api/v1/teams/{team}/members/{person}", "", OFFICE_ACT),
    ("DELETE /api/v1/teams/{team}/members/{teammate}", "", OFFICE_ACT),
];

const ROLES: &[Row] = &[
    ("GET /api/v1/roles", "", SIGNED_IN),
    ("POST /api/v1/roles", r#"{"name":"{new_name}"}"#, OFFICE_ACT),
    ("GET /api/v1/roles/{role}", "", SIGNED_IN),
    ("PATCH /api/v1/roles/{role}", r#"{"version":1,"permissions":["user.view"]}"#, OFFICE_ACT),
    ("DELETE /api/v1/roles/{role}", "", OFFICE_ACT),
];
