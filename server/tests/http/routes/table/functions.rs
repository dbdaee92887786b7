//! Server functions: what the pages call. A body in braces is sent as JSON, any other as a form.

use super::{super::answers::*, Area, Row};

/// Every function.
pub const FUNCTIONS: &[Area] = &[
    ("sign-in", SIGN_IN),
    ("own account", ACCOUNT),
    ("what one is told", TOLD),
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
    ("POST /fn/session/is-set-up", "", OPEN),
    (
        "POST /fn/session/set-up",
        "token=x&username={new_name}&email=x@example.org&password={password}",
        [409; 5],
    ),
    ("POST /fn/session/sign-out", "", OPEN),
    ("POST /fn/session/sign-in", "username={person_name}&password={password}", OPEN),
];

const ACCOUNT: &[Row] = &[
    ("POST /fn/account/me", "", SIGNED_IN),
    ("POST /fn/account/tokens", "", SIGNED_IN),
    ("POST /fn/account/token/create", "name=x&days=1", OWN_ACT),
    ("POST /fn/account/token/revoke", "id={token}", PRIVATE_ACT),
    ("POST /fn/account/sessions", "", SIGNED_IN),
    ("POST /fn/account/session/revoke", "id={session}", PRIVATE_ACT),
    ("POST /fn/account/session/revoke-others", "", OWN_ACT),
    (
        "POST /fn/account/update",
        "version=1&username={new_name}&email={new_name}@example.org&display_name=x",
        OWN_ACT,
    ),
    ("POST /fn/account/password", "current={password}&new=another harbour at dusk", OWN_ACT),
];

const TOLD: &[Row] = &[
    ("POST /fn/home/mine", "", SIGNED_IN),
    ("POST /fn/notification/list", "", SIGNED_IN),
    ("POST /fn/notification/unread", "", SIGNED_IN),
    ("POST /fn/notification/mark", "ids[0]={notification}&mark=read", OWN_ACT),
    ("POST /fn/notification/mark-all", "until={notification}&mark=read", OWN_ACT),
    ("POST /fn/preference/load", "", SIGNED_IN),
    ("POST /fn/preference/set", "", OWN_ACT),
    (
        "POST /fn/preference/rhythm",
        "version=0&time_zone=UTC&digest=never&digest_hour=8&digest_weekday=1",
        OWN_ACT,
    ),
    ("POST /fn/device/list", "", SIGNED_IN),
    ("POST /fn/device/test", "id={device}", PRIVATE_ACT),
    ("POST /fn/device/remove", "id={device}", PRIVATE_ACT),
];

const PROJECTS: &[Row] = &[
    ("POST /fn/project/list", "", SIGNED_IN),
    ("POST /fn/project/recent", "", SIGNED_IN),
    ("POST /fn/project/choices", "", SIGNED_IN),
    ("POST /fn/project/find", "key={key}", MEMBERS),
    ("POST /fn/project/overview", "project={project}", MEMBERS),
    ("POST /fn/project/create", "name=New&key={new_key}", OFFICE_ACT),
    ("POST /fn/project/update", "id={project}&version=1&name=Changed", WORKERS),
    ("POST /fn/project/archive", "id={project}&version=1", WORKERS),
    ("POST /fn/project/bring-back", "id={archived_project}&version=2", WORKERS),
    ("POST /fn/project/delete", "id={project}&version=1&confirm={key}", WORKERS),
    ("POST /fn/import/checklist", "into={key}&markdown=- [ ] one", OFFICE_ACT),
    ("POST /fn/preference/load", "project={key}", MEMBERS),
    ("POST /fn/preference/set", "project={key}", MEMBERS_ACT),
];

const PEOPLE_OF_PROJECT: &[Row] = &[
    ("POST /fn/member/list", "project={project}", MEMBERS),
    ("POST /fn/member/assignable", "project={project}", MEMBERS),
    ("POST /fn/member/team/options", "", SIGNED_IN),
    ("POST /fn/member/add", "project={project}&username={person_name}&role_id={viewer_role}", WORKERS),
    ("POST /fn/member/role", "project={project}&user={mate}&role_id={viewer_role}", WORKERS),
    ("POST /fn/member/remove", "project={project}&user={mate}", WORKERS),
    ("POST /fn/member/team/add", "project={project}&team_id={team}&role_id={viewer_role}", WORKERS),
    ("POST /fn/member/team/role", "project={project}&team={team_inside}&role_id={viewer_role}", WORKERS),
    ("POST /fn/member/team/remove", "project={project}&team={team_inside}", WORKERS),
];

const BOARD: &[Row] = &[
    ("POST /fn/column/list", "project={project}", MEMBERS),
    ("POST /fn/column/create", "project={project}&name=New&category=doing", WORKERS),
    ("POST /fn/column/update", "id={column}&version=1&name=Changed&category=doing", WORKERS),
    ("POST /fn/column/move", "id={column}&version=1&position=0", WORKERS),
    ("POST /fn/column/delete", "id={column}", WORKERS),
    ("POST /fn/label/list", "project={project}", MEMBERS),
    ("POST /fn/label/create", "project={project}&name=New", WORKERS),
    ("POST /fn/label/update", "id={label}&version=1&name=Changed", WORKERS),
    ("POST /fn/label/delete", "id={label}", WORKERS),
];

const TASKS: &[Row] = &[
    ("POST /fn/task/list", r#"{"filter":{},"overdue":false}"#, SIGNED_IN),
    ("POST /fn/task/list-everywhere", r#"{"filter":{}}"#, SIGNED_IN),
    ("POST /fn/task/options", "words=nightjar", SIGNED_IN),
    ("POST /fn/search/quick", "text=nightjar&limit=10", SIGNED_IN),
    ("POST /fn/task/board", r#"{"project_id":"{project}","filter":{}}"#, MEMBERS),
    ("POST /fn/task/choices", "project={project}", MEMBERS),
    ("POST /fn/task/page", "key={task_key}", MEMBERS),
    ("POST /fn/task/view", "key={task_key}", MEMBERS),
    ("POST /fn/task/look", "id={task}", MEMBERS),
    ("POST /fn/task/leave", "id={task}", MEMBERS),
    ("POST /fn/task/watch", "id={task}&watch=true", MEMBERS_ACT),
    ("POST /fn/task/add", "project_id={project}&title=New&column_id={column}&parent_id={task}", WORKERS),
    (
        "POST /fn/task/create",
        "project_id={project}&task[title]=New&task[column_id]={column}&task[labels][]={label}",
        WORKERS,
    ),
    ("POST /fn/task/edit", r#"{"id":"{task}","edit":{"version":1,"labels":["{label}"]}}"#, WORKERS),
    ("POST /fn/task/save-text", "id={task}&version=1&title=Changed", WORKERS),
    ("POST /fn/task/save-field", "id={task}&version=1&field=column&task[column_id]={column}", WORKERS),
    ("POST /fn/task/move", r#"{"id":"{task}","to":{"version":1,"column_id":"{column}"}}"#, WORKERS),
    ("POST /fn/task/move-to-column", "id={task}&version=1&column_id={column}", WORKERS),
    ("POST /fn/task/act", "id={task}&version=1&act=complete", WORKERS),
    ("POST /fn/task/act", "id={done}&version=2&act=reopen", WORKERS),
    ("POST /fn/task/act", "id={task}&version=1&act=archive", WORKERS),
    ("POST /fn/task/act", "id={archived}&version=2&act=unarchive", WORKERS),
    ("POST /fn/task/act", "id={task}&version=1&act=delete", WORKERS),
    ("POST /fn/task/act", "id={deleted}&version=2&act=restore", RESTORERS),
    (
        "POST /fn/task/bulk",
        r#"{"project_id":"{project}","edit":{"tasks":["{task}"],"priority":"high"}}"#,
        WORKERS,
    ),
    (
        "POST /fn/task/change-many",
        "project_id={project}&change[tasks][]={task}&change[priority]=high",
        WORKERS,
    ),
    ("POST /fn/markdown/preview", "text=x", SIGNED_IN),
];

const DEPENDENCIES: &[Row] = &[
    ("POST /fn/graph/draw", r#"{"of":{"project":"{key}"},"done":true}"#, MEMBERS),
    ("POST /fn/graph/draw", r#"{"of":{"task":"{task_key}"},"done":true}"#, MEMBERS),
    ("POST /fn/task/link", "id={other}&relation=blocks&to={task_key}", WORKERS),
    ("POST /fn/task/unlink", "id={waiting}&relation=blocked_by&other={task}", WORKERS),
    ("POST /fn/task/unblock", "id={waiting}&version=2&reason=because", WORKERS),
    ("POST /fn/task/block-again", "id={unblocked}&version=3", WORKERS),
    ("POST /fn/import/dependencies", "csv={other_key},{task_key}", BY_LINE),
];

const COMMENTS: &[Row] = &[
    ("POST /fn/comment/latest", "task_id={task}", MEMBERS),
    ("POST /fn/comment/add", "task_id={task}&body=New", WORKERS),
    ("POST /fn/comment/edit", "id={comment}&version=1&body=Changed", WORKERS),
    ("POST /fn/comment/delete", "id={comment}", WORKERS),
];

const URGENT: &[Row] = &[
    ("POST /fn/urgent/now", "", SIGNED_IN),
    ("POST /fn/urgent/standing", "project={urgent}", MEMBERS),
    ("POST /fn/urgent/find", "id={episode}", MEMBERS),
    ("POST /fn/urgent/raise", "project={project}&reason=It burns.", WORKERS),
    ("POST /fn/urgent/suspend", "id={episode}&minutes=10&reason=because", WORKERS),
    ("POST /fn/urgent/resume", "id={suspended}", WORKERS),
    ("POST /fn/urgent/resolve", "id={episode}&note=over", WORKERS),
    ("POST /fn/urgent/acknowledge", "id={alert}", PRIVATE_ACT),
    ("POST /fn/urgent/linked", "token={link}", OPEN),
    ("POST /fn/urgent/linked", "token=x", NOTHING),
    ("POST /fn/urgent/acknowledge-linked", "token={link}", OPEN),
    ("POST /fn/urgent/acknowledge-linked", "token=x", NOTHING),
    ("POST /fn/urgent/policy/find", "", SIGNED_IN),
    ("POST /fn/urgent/policy/find", "project={project}", MEMBERS),
    ("POST /fn/urgent/policy/save", SAVE_POLICY, OFFICE_ACT),
    ("POST /fn/urgent/policy/save", SAVE_POLICY_OF_PROJECT, WORKERS),
    ("POST /fn/urgent/policy/reset", "project={own_policy}&version=1", WORKERS),
    ("POST /fn/urgent/policy/test", "project={project}", WORKERS),
];

const SAVE_POLICY: &str = "version=0&needs=first&again=2 h&repeats[0][every]=90 s&repeats[0][times]=\
                           &steps[0][after]=0 min&steps[0][who]=members&steps[0][ways]=both&steps[0][url]=";
const SAVE_POLICY_OF_PROJECT: &str = "project={project}&version=0&needs=first&again=2 h&repeats[0][every]=90 s\
                                      &repeats[0][times]=&steps[0][after]=0 min&steps[0][who]=members\
                                      &steps[0][ways]=both&steps[0][url]=";

const ANNOUNCEMENTS: &[Row] = &[
    ("POST /fn/announcement/list", "", SIGNED_IN),
    ("POST /fn/announcement/audiences", "", SIGNED_IN),
    ("POST /fn/announcement/find", "id={announcement}", MEMBERS),
    ("POST /fn/announcement/publish", "title=New&body=New", OFFICE_ACT),
    ("POST /fn/announcement/publish", "audience=project:{project}&title=New&body=New", WORKERS),
    ("POST /fn/announcement/update", "id={announcement}&version=1&title=Changed&body=Changed", WORKERS),
    ("POST /fn/announcement/recipients", "id={announcement}&acknowledged=false", WORKERS),
    ("POST /fn/announcement/acknowledge", "id={announcement}", MEMBERS_ACT),
    ("POST /fn/announcement/withdraw", "id={announcement}&version=1", WORKERS),
];

const WORKSPACE: &[Row] = &[
    ("POST /fn/activity/of-project", "project={project}", MEMBERS),
    ("POST /fn/activity/of-task", "task={task}", MEMBERS),
    ("POST /fn/audit/list", "", OFFICE),
    ("POST /fn/role/why", "username=&permission=role.manage&project=", SIGNED_IN),
    ("POST /fn/role/why", "username=&permission=task.update&project={key}", MEMBERS),
    ("POST /fn/role/why", "username={person_name}&permission=role.manage&project=", OFFICE_ACT),
];

const PEOPLE: &[Row] = &[
    ("POST /fn/user/list", "", SIGNED_IN),
    ("POST /fn/user/options", "search=mate", SIGNED_IN),
    ("POST /fn/user/find", "id={person}", SIGNED_IN),
    (
        "POST /fn/user/create",
        "username={new_name}&email={new_name}@example.org&password={password}&role_id={viewer_role}",
        OFFICE_ACT,
    ),
    (
        "POST /fn/user/update",
        "id={person}&version=1&username={new_name}&email={new_name}@example.org&display_name=x&role_id={role}",
        OFFICE_ACT,
    ),
    ("POST /fn/user/status", "id={person}&version=1&status=disabled", OFFICE_ACT),
    ("POST /fn/user/password", "id={person}&password=another harbour at dusk", OFFICE_ACT),
    ("POST /fn/user/end-sessions", "id={person}", OFFICE_ACT),
];

const TEAMS: &[Row] = &[
    ("POST /fn/team/list", "", SIGNED_IN),
    ("POST /fn/team/find", "id={team}", SIGNED_IN),
    ("POST /fn/team/create", "name={new_name}", OFFICE_ACT),
    ("POST /fn/team/update", "id={team}&version=1&name={new_name}", OFFICE_ACT),
    ("POST /fn/team/add-member", "id={team}&username={person_name}", OFFICE_ACT),
    ("POST /fn/team/remove-member", "id={team}&user_id={teammate}", OFFICE_ACT),
    ("POST /fn/team/delete", "id={team}", OFFICE_ACT),
];

const ROLES: &[Row] = &[
    ("POST /fn/role/list", "", SIGNED_IN),
    ("POST /fn/role/find", "id={role}", SIGNED_IN),
    ("POST /fn/role/create", "name={new_name}&copy_of={viewer_role}", OFFICE_ACT),
    ("POST /fn/role/rename", "id={role}&version=1&name={new_name}", OFFICE_ACT),
    ("POST /fn/role/permissions", "id={role}&version=1&permissions[0]=user.view", OFFICE_ACT),
    ("POST /fn/role/delete", "id={role}", OFFICE_ACT),
];
