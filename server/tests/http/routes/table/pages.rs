//! Pages. Whoever is not signed in is sent to the sign-in.

use super::{super::answers::*, Area, Row};

/// Every page.
pub const PAGES: &[Area] = &[
    ("open", OPEN_PAGES),
    ("projects", PROJECTS),
    ("tasks", TASKS),
    ("own", OWN),
    ("workspace", WORKSPACE),
    ("urgent", URGENT),
];

/// Whoever is signed in.
const SIGNED_IN_PAGE: Answers = [303, DONE, DONE, DONE, DONE];
/// Whoever may see the project.
const MEMBERS_PAGE: Answers = [303, 404, DONE, DONE, DONE];
/// As [`OFFICE`].
const OFFICE_PAGE: Answers = [303, SAYS_NO, SAYS_NO, DONE, DONE];

const OPEN_PAGES: &[Row] = &[
    ("GET /sign-in", "", [DONE, 303, 303, 303, 303]),
    ("GET /set-up", "", OPEN),
    ("GET /acknowledge?token={link}", "", OPEN),
    ("GET /acknowledge?token=x", "", NOTHING),
];

const PROJECTS: &[Row] = &[
    ("GET /projects", "", SIGNED_IN_PAGE),
    ("GET /projects/new", "", SIGNED_IN_PAGE),
    ("GET /projects/import", "", SIGNED_IN_PAGE),
    ("GET /projects/{key}", "", MEMBERS_PAGE),
    ("GET /projects/{key}/activity", "", MEMBERS_PAGE),
    ("GET /projects/{key}/members", "", MEMBERS_PAGE),
    ("GET /projects/{key}/settings", "", MEMBERS_PAGE),
    ("GET /projects/{key}/urgent", "", MEMBERS_PAGE),
];

const TASKS: &[Row] = &[
    ("GET /search?q=nightjar", "", SIGNED_IN_PAGE),
    ("GET /projects/{key}/tasks", "", MEMBERS_PAGE),
    ("GET /projects/{key}/tasks/new", "", MEMBERS_PAGE),
    ("GET /projects/{key}/board", "", MEMBERS_PAGE),
    ("GET /projects/{key}/graph", "", MEMBERS_PAGE),
    ("GET /tasks/{task_key}", "", MEMBERS_PAGE),
    ("GET /tasks/{task_key}/graph", "", MEMBERS_PAGE),
];

const OWN: &[Row] = &[
    ("GET /", "", SIGNED_IN_PAGE),
    ("GET /inbox", "", SIGNED_IN_PAGE),
    ("GET /account", "", SIGNED_IN_PAGE),
    ("GET /account/devices", "", SIGNED_IN_PAGE),
    ("GET /account/notifications", "", SIGNED_IN_PAGE),
    ("GET /account/notifications?project={key}", "", [303, SAYS_NO, DONE, DONE, DONE]),
];

const WORKSPACE: &[Row] = &[
    ("GET /announcements", "", SIGNED_IN_PAGE),
    ("GET /announcements/new", "", SIGNED_IN_PAGE),
    ("GET /announcements/{announcement}", "", MEMBERS_PAGE),
    ("GET /people", "", SIGNED_IN_PAGE),
    ("GET /people/new", "", SIGNED_IN_PAGE),
    ("GET /people/{person}", "", SIGNED_IN_PAGE),
    ("GET /teams", "", SIGNED_IN_PAGE),
    ("GET /teams/new", "", SIGNED_IN_PAGE),
    ("GET /teams/{team}", "", SIGNED_IN_PAGE),
    ("GET /roles", "", SIGNED_IN_PAGE),
    ("GET /roles/why", "", SIGNED_IN_PAGE),
    ("GET /roles/new", "", SIGNED_IN_PAGE),
    ("GET /roles/{role}", "", SIGNED_IN_PAGE),
    ("GET /audit", "", OFFICE_PAGE),
];

const URGENT: &[Row] = &[
    ("GET /urgent", "", SIGNED_IN_PAGE),
    ("GET /urgent/policy", "", SIGNED_IN_PAGE),
    ("GET /urgent/{episode}", "", MEMBERS_PAGE),
];
